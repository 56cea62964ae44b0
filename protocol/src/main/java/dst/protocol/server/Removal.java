package dst.protocol.server;

import dst.protocol.StateDigest;

/** An export going away (L5): what was accepted ends, the disk is flushed, the client is told; or the deadline comes first. */
final class Removal implements Flushes.Waiter {
    private final ExportState export;
    final long deadline;
    private boolean over;
    private boolean wasClean;
    private boolean asked;
    private boolean flushed;

    Removal(ExportState export, long deadline) {
        this.export = export;
        this.deadline = deadline;
    }

    /** Whether everything accepted has ended and is durable. */
    boolean clean() {
        if (!flushed && !asked && export.store.ready() && export.isQuiet()) {
            asked = true;
            export.store.flushes.ask(this);
        }
        return flushed;
    }

    /**
     * Nothing is accepted or answered any more; whether everything was durable by then. What was acknowledged in an earlier boot and
     * not written again is not there, however well the disk was flushed (D3).
     */
    boolean end() {
        over = true;
        wasClean = flushed && !export.lacksReplay();
        export.store.flushes.drop(this);
        return wasClean;
    }

    boolean over() {
        return over;
    }

    boolean wasClean() {
        return wasClean;
    }

    void digest(StateDigest digest) {
        digest.add(deadline).add(over).add(wasClean).add(asked).add(flushed);
    }

    @Override
    public void flushed() {
        flushed = true;
    }

    void bootEnded() {
        asked = false;
    }
}
