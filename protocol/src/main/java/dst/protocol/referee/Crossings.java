package dst.protocol.referee;

import dst.protocol.Sentence.Crossing;
import org.jspecify.annotations.Nullable;

/** Counts what crosses the boundaries that one referee watches, so that a finding can name what it was found at. */
final class Crossings {
    private long value;
    private int message;
    private @Nullable Crossing now;

    void nextValue() {
        value++;
        message = 0;
        now = null;
    }

    /** The value has completed one more message. */
    void nextMessage() {
        message++;
        now = null;
    }

    Crossing now() {
        Crossing known = now;
        if (known == null) {
            known = new Crossing(value, message);
            now = known;
        }
        return known;
    }
}
