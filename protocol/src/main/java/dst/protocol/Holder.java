package dst.protocol;

/**
 * Who holds an export: the epoch's number and the random token of its holder; durable on the server (H5). An epoch without a token
 * is nobody's. It is clean if the one before it was ended by a client that had nothing left to write, so that nothing can be owed;
 * this is for the server's record and does not travel.
 */
public record Holder(long epoch, Unique token, boolean clean) {
    public static final Holder NOBODY = new Holder(0, Unique.NONE);

    public Holder {
        if (clean && !token.equals(Unique.NONE)) {
            throw new IllegalArgumentException("epoch " + epoch + " is somebody's and cannot have ended");
        }
    }

    public Holder(long epoch, Unique token) {
        this(epoch, token, false);
    }

    /** The epoch after this one, which nobody holds. */
    public Holder ended(boolean cleanly) {
        return new Holder(epoch + 1, Unique.NONE, cleanly);
    }
}
