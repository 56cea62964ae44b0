package dst.protocol;

/**
 * Who holds an export: the epoch's number and the random token of its holder; durable on the server (H5). An epoch without a token
 * is nobody's. What else is on record does not travel: it is clean if the one before it was ended by a client that had nothing left to
 * write, so that nothing can be owed; and flushed in is the counter of the boot that ended with everything durable, 0 if none is
 * known to have. That one says nothing of any boot but the very next (L6).
 */
public record Holder(long epoch, Unique token, boolean clean, long flushedIn) {
    public static final Holder NOBODY = new Holder(0, Unique.NONE);

    public Holder {
        if (clean && !token.equals(Unique.NONE)) {
            throw new IllegalArgumentException("epoch " + epoch + " is somebody's and cannot have ended");
        }
        if (flushedIn < 0 || (clean && flushedIn != 0)) {
            throw new IllegalArgumentException("epoch " + epoch + " cannot have been flushed in boot " + flushedIn);
        }
    }

    public Holder(long epoch, Unique token, boolean clean) {
        this(epoch, token, clean, 0);
    }

    public Holder(long epoch, Unique token) {
        this(epoch, token, false, 0);
    }

    public boolean isSomebody() {
        return !token.equals(Unique.NONE);
    }

    /** The epoch after this one, which nobody holds. */
    public Holder ended(boolean cleanly) {
        return new Holder(epoch + 1, Unique.NONE, cleanly);
    }

    /** The same, and that boot ends with everything durable. */
    public Holder flushedIn(Boot boot) {
        return new Holder(epoch, token, clean, boot.counter());
    }

    /** The same, without a word on any boot. */
    public Holder ofAnyBoot() {
        return flushedIn == 0 ? this : new Holder(epoch, token, clean);
    }

    /** Whether all that was acknowledged before that boot was durable when it began. */
    public boolean leftNothingBefore(Boot boot) {
        return flushedIn != 0 && flushedIn + 1 == boot.counter();
    }
}
