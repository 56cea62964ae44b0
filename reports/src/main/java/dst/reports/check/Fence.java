package dst.reports.check;

import dst.protocol.Kind;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.reports.check.Eras.Era;
import dst.reports.check.Operations.Fate;

/**
 * G3: what a client submits after its successor was granted is never Done. What was pending then may have happened before the grant,
 * or never; that is for the judge of the blocks.
 */
final class Fence {
    private Fence() {}

    static void check(Operations operations, Eras eras, Findings findings) {
        if (!eras.overlap()) {
            return;
        }
        for (int place = 0; place < operations.size(); place++) {
            Era next = operations.fate(place) == Fate.DONE ? eras.grantedAfter(operations.era(place)) : null;
            if (next == null || operations.start(place) < next.granted()) {
                continue;
            }
            boolean looksOnly = !operations.kind(place).changes();
            if (looksOnly && next.isShared()) {
                continue;
            }
            Sentence sentence = Sentence.of(
                    operations.name(place),
                    " of ",
                    new Sentence.Name(eras.era(operations.era(place)).node()),
                    ", submitted at ",
                    operations.started(place),
                    ", was acknowledged at ",
                    operations.ended(place),
                    ", although ",
                    new Sentence.Name(next.node()),
                    " had been granted the export before it was submitted.");
            findings.add(
                    operations.kind(place) == Kind.READ ? Rules.G4 : Rules.G3,
                    operations.endNanos(place),
                    sentence,
                    operations.offset(place),
                    operations.tag(place));
        }
    }
}
