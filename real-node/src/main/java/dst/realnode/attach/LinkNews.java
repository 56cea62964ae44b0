package dst.realnode.attach;

import dst.realnode.Amounts;
import java.util.function.Consumer;

/** What the operator is told of an attachment's links: that the last one is gone, and that they are back. */
final class LinkNews {
    private final int wanted;
    private final Consumer<String> say;
    private int living;
    private boolean begun;
    private boolean leaving;
    private long lostAt;

    LinkNews(int wanted, Consumer<String> say) {
        this.wanted = wanted;
        this.say = say;
    }

    /** So many links have been granted and live. */
    void see(int now, long nanos) {
        if (now == living) {
            return;
        }
        if (now < living && (living == wanted || now == 0)) {
            lostAt = living == wanted ? nanos : lostAt;
        }
        if (now == 0 && !leaving) {
            say.accept("no link is left: whoever uses the device waits until the server is reached again");
        } else if (now > living && begun) {
            say.accept(
                    now == wanted
                            ? (wanted == 1 ? "the link is" : "all " + wanted + " links are") + " back after "
                                    + Amounts.duration(nanos - lostAt)
                            : "a link is back: " + now + " of " + wanted);
        }
        begun |= now == wanted;
        living = now;
    }

    /** The device ends: from now on nobody waits for a link that is gone. */
    void leave() {
        leaving = true;
    }

    int living() {
        return living;
    }
}
