package dst.reports.check;

import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.reports.check.Operations.Fate;

/** Every operation settles exactly once (G5), and none is left when the run has ended, unless its client died (G6). */
final class Outcomes {
    private Outcomes() {}

    static void check(Operations operations, Eras eras, Findings findings) {
        for (int place = 0; place < operations.size(); place++) {
            if (operations.fate(place) == Fate.PENDING
                    && !eras.era(operations.era(place)).isOver()) {
                Sentence sentence = Sentence.of(
                        operations.name(place),
                        ", submitted at ",
                        operations.started(place),
                        ", was never settled: the submitter waits for ever.");
                findings.add(
                        Rules.G6,
                        operations.startNanos(place),
                        sentence,
                        operations.offset(place),
                        operations.tag(place));
            }
        }
    }

    static void settledTwice(Operations operations, int place, long now, Findings findings) {
        Sentence sentence = Sentence.of(
                operations.name(place), ", settled at ", operations.ended(place), ", was settled a second time.");
        findings.add(Rules.G5, now, sentence, operations.offset(place), operations.tag(place));
    }

    static void neverSubmitted(long tag, long now, Findings findings) {
        Sentence sentence =
                Sentence.of("operation ", new Sentence.Operation(tag), " was settled and had never been submitted.");
        findings.add(Rules.G5, now, sentence, -1, tag);
    }
}
