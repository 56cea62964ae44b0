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
final class Takeover implements Flushes.Waiter {
    private final ExportState export;
    private final ServerOutbox outbox;
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

    Takeover(ExportState export, Unique token, ServerOutbox outbox) {
        this.export = export;
        this.outbox = outbox;
        this.next = new Holder(export.holder.epoch() + 1, token);
    }

    Unique token() {
        return next.token();
    }

    Holder next() {
        return next;
    }

    void progress() {
        if (step == Step.DRAINING && export.runningTasks == 0) {
            step = Step.FLUSHING;
            export.store.flushes.ask(this);
        }
    }

    /** What the epochs before have acknowledged is durable now, but for what one of them still had to write again. */
    @Override
    public void flushed() {
        owed = export.owed();
        step = Step.PERSISTING;
        outbox.persist(export.export.name(), next);
    }

    /** H5: whether content that an earlier epoch had acknowledged may be missing. */
    boolean owed() {
        return owed;
    }

    /** A link of the taker is gone; whether the takeover is given up with the last one. Once it is being made durable, it happens. */
    boolean endsWithout(ServerLink link) {
        links.remove(link);
        if (!links.isEmpty() || step == Step.PERSISTING) {
            return false;
        }
        export.store.flushes.drop(this);
        return true;
    }

    void digest(StateDigest digest) {
        digest.add(export.export.name()).add(next).add(step.ordinal()).add(owed).add(links.size());
        links.forEach(link -> digest.add(link.number));
    }

    boolean persisting() {
        return step == Step.PERSISTING;
    }
}
