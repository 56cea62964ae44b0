package dst.reports;

import dst.protocol.Side;
import java.util.Optional;

/**
 * Who broke which rule, when, and the one sentence that says what happened. The promise is the one that broke in consequence, if
 * one was seen to; the fault is the one that explains it, if a fault does.
 */
public record Blame(
        String rule, Side side, long at, String sentence, Optional<String> promise, Optional<String> fault) {

    /** What makes two failures the same failure, for people as well: rule and side. */
    public String fingerprint() {
        return rule + (side == Side.OPEN ? ", by whom is not known" : " by " + side.words());
    }
}
