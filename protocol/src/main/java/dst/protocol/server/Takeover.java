package dst.protocol.server;

import dst.protocol.Holder;
import dst.protocol.Unique;

/**
 * An export changing hands (H5): nothing older is started, what runs ends, the disk is flushed, the new holder is made durable,
 * and only then is it granted. Until it is durable the old holder may come back.
 */
final class Takeover implements Flushes.Waiter {
    private final ExportState export;
    private final Outbox outbox;
    private final Holder next;
    private Step step = Step.DRAINING;

    /** Where the grant goes; a newer link of the taker may replace it. */
    Link link;

    private enum Step {
        DRAINING,
        FLUSHING,
        PERSISTING
    }

    Takeover(ExportState export, Link link, Unique token, Outbox outbox) {
        this.export = export;
        this.link = link;
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

    @Override
    public void flushed() {
        step = Step.PERSISTING;
        outbox.persist(export.export.name(), next);
    }

    /** Whether it could be given up: once it is being made durable, it happens. */
    boolean abandon() {
        if (step == Step.PERSISTING) {
            return false;
        }
        export.store.flushes.drop(this);
        return true;
    }

    boolean persisting() {
        return step == Step.PERSISTING;
    }
}
