package dst.reports;

import dst.protocol.Side;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who broke which rule, when, and the one sentence that says what happened. The promise is the one that broke in consequence, if
 * one was seen to; the fault is the one that explains it, if a fault does.
 */
public record Blame(
        String rule, Side side, long at, String sentence, Optional<String> promise, Optional<String> fault) {

    private static final Pattern OPERATION = Pattern.compile("\\b(?:read|write|zero|trim)\\b");
    private static final Pattern NUMBER = Pattern.compile("\\b[0-9a-f]{8,}\\b|\\d[\\d,.]*");

    private static final Pattern ABOUT =
            Pattern.compile("\\b(read|write|zero|trim)(?: \\d+)? \\((offset \\d+, [\\d,]+ bytes)\\)");

    /** Rule and side, for people. */
    public String words() {
        return rule + (side == Side.OPEN ? ", by whom is not known" : " by " + side.words());
    }

    /** Of which operation it speaks, by kind and place, if it speaks of one: the same failure may happen to another one as well. */
    public Optional<String> about() {
        return ABOUT.matcher(sentence).results().findFirst().map(found -> found.group(1) + " at " + found.group(2));
    }

    /** What makes two failures the same failure: rule, side, and what happened, whichever operation, place and time. */
    public String fingerprint() {
        return words() + ": "
                + NUMBER.matcher(OPERATION.matcher(sentence).replaceAll("operation"))
                        .replaceAll("#");
    }
}
