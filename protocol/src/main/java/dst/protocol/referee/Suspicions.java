package dst.protocol.referee;

import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import java.util.ArrayList;

/**
 * Things that are wrong only if an operation is still unsettled when the step is over: what comes out of one step has no order
 * among itself.
 */
final class Suspicions {
    private final ArrayList<Suspicion> open = new ArrayList<>();

    private record Suspicion(long at, Crossing guilty, Sending unsettled, Charge charge, Sentence sentence) {}

    void suspect(long now, Sending unsettled, Charge charge, Object... sentence) {
        if (unsettled.submission != null && open.size() < 64) {
            open.add(new Suspicion(now, charge.now(), unsettled, charge, Sentence.of(sentence)));
        }
    }

    void began() {
        open.clear();
    }

    void stepped() {
        if (open.isEmpty()) {
            return;
        }
        for (Suspicion one : open) {
            if (one.unsettled.submission != null && !one.unsettled.settled()) {
                one.charge.brokenBy(one.guilty, one.at, one.sentence, ", at ", new Sentence.Time(one.at));
            }
        }
        open.clear();
    }
}
