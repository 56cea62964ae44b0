package dst.protocol.server;

import dst.protocol.StateDigest;

/** An export going away (L5): what was accepted ends, the disk is flushed, the client is told; or the deadline comes first. */
final class Removal implements Flushes.Waiter {
    private final Store store;
    private long deadline;
    private boolean over;
    private boolean wasClean;
    private boolean asked;
    private boolean flushed;

    /** D5: what the disk had in its cache may be gone, and nobody is let in to write it again. */
    private boolean broken;

    /** H5: that everything was flushed is on its way to be on record. */
    private boolean recorded;

    Removal(Store store, long deadline) {
        this.store = store;
        this.deadline = deadline;
    }

    /**
     * Whether everything accepted has ended and is durable.
     *
     * @param quiet whether it has ended
     */
    boolean clean(boolean quiet) {
        if (!flushed && !asked && store.ready() && quiet) {
            asked = true;
            store.flush(this);
        }
        return flushed;
    }

    /** D5: another flush, in another boot, would make durable what is left, and not what is gone. */
    boolean isHopeless() {
        return broken;
    }

    /**
     * Nothing is accepted or answered any more; whether everything was durable by then. What was acknowledged in an earlier boot and
     * not written again is not there, however well the disk was flushed (D3).
     *
     * @param lacksReplay whether there may be such a thing
     */
    boolean end(boolean lacksReplay) {
        over = true;
        wasClean = flushed && !broken && !lacksReplay;
        store.flushes.drop(this);
        return wasClean;
    }

    boolean over() {
        return over;
    }

    boolean wasClean() {
        return wasClean;
    }

    long deadline() {
        return deadline;
    }

    /** L6: a server that goes away does not wait for longer. */
    void hurry(long latest) {
        deadline = Math.min(deadline, latest);
    }

    /** H5: whoever opens the export again in the next boot is owed nothing. */
    boolean isToBeRecorded() {
        return over && wasClean && !broken && !recorded;
    }

    void isRecorded() {
        recorded = true;
    }

    void digest(StateDigest digest) {
        digest.add(deadline)
                .add(over)
                .add(wasClean)
                .add(asked)
                .add(flushed)
                .add(broken)
                .add(recorded);
    }

    @Override
    public void flushed() {
        flushed = true;
    }

    @Override
    public void identify(StateDigest digest) {
        digest.add(deadline);
    }

    void bootEnded() {
        broken = true;
    }
}
