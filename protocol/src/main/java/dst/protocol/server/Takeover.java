package dst.protocol.server;

import dst.protocol.Holder;
import dst.protocol.StateDigest;
import dst.protocol.Unique;
import java.util.ArrayList;
import java.util.List;

/**
 * An export changing hands (H5): nothing older is started, what runs ends, the disk is flushed, the new holder is made durable,
 * and only then is it granted. Until it is durable the old holder may come back.
 */
final class Takeover {
    private final Holder next;
    private Step step = Step.DRAINING;
    private boolean owed;

    /** Where the grant goes: the taker's links, one for each slot at most (L2). */
    final List<ServerLink> links = new ArrayList<>();

    private enum Step {
        DRAINING,
        FLUSHING,
        PERSISTING
    }

    Takeover(Holder next) {
        this.next = next;
    }

    Unique token() {
        return next.token();
    }

    Holder next() {
        return next;
    }

    boolean draining() {
        return step == Step.DRAINING;
    }

    /** What ran has ended. */
    void drained() {
        step = Step.FLUSHING;
    }

    /**
     * What the epochs before have acknowledged is durable now, but for what one of them still had to write again.
     *
     * @param lacking whether there may be such a thing
     */
    void flushed(boolean lacking) {
        owed = lacking;
        step = Step.PERSISTING;
    }

    boolean persisting() {
        return step == Step.PERSISTING;
    }

    /** H5: whether content that an earlier epoch had acknowledged may be missing. */
    boolean owed() {
        return owed;
    }

    /** A link of the taker is gone; whether the takeover is given up with the last one. Once it is being made durable, it happens. */
    boolean endsWithout(ServerLink link) {
        links.remove(link);
        return links.isEmpty() && step != Step.PERSISTING;
    }

    void digest(StateDigest digest) {
        digest.add(next).add(step.ordinal()).add(owed).add(links.size());
        links.forEach(link -> digest.add(link.number));
    }
}
