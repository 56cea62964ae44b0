package dst.reports;

/**
 * One thing that happened, in words. The range is what it concerns on the device (length 0: nothing in particular), the tag is the
 * submitter's name of the operation (0: none). A fault lasts until a time of its own; everything else happens at once.
 */
public record Moment(long at, String where, Sort sort, String words, long offset, long length, long tag, long until) {
    Moment(long at, String where, Sort sort, String words, long offset, long length, long tag) {
        this(at, where, sort, words, offset, length, tag, at);
    }

    public boolean concerns(long from, long to) {
        return length > 0 && offset < to && from < offset + length;
    }

    /** What sort of thing; the earlier ones say more to somebody who reads a failure. */
    public enum Sort {
        FAULT,
        /** By the world itself. */
        FOUND,
        PROCESS,
        BOOT,
        OUTCOME,
        SUBMITTED,
        DISK,
        MESSAGE,
        ARRIVAL,
        LINK,
        OTHER
    }
}
