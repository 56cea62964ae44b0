package dst.protocol;

/** Why something was not done; the code is its number on the wire and is never reused. */
public enum Problem {
    NONE(0, "no problem"),
    // The request is not one that this device can do (R2).
    OUT_OF_RANGE(1, "outside the device"),
    NOT_ALIGNED(2, "not a whole number of blocks"),
    TOO_LARGE(3, "larger than the largest transfer"),
    NOT_PERMITTED(4, "not permitted"),
    NOT_SUPPORTED(5, "not supported"),
    // The disk's own words (R3).
    IO_ERROR(16, "input/output error of the disk"),
    NO_SPACE(17, "no space left on the disk"),
    DISK_FAILED(18, "the disk has failed for good"),
    // The attachment (H3, H4, H5, T4).
    NOT_READY(32, "not ready"),
    NO_SUCH_EXPORT(33, "no such export"),
    VERSION(34, "no common protocol version"),
    UNKNOWN_ATTRIBUTE(35, "unknown required attribute"),
    DISAGREED(36, "the two sides do not agree on the terms"),
    REPLACED(37, "replaced by another client"),
    EPOCH_NOT_CURRENT(38, "the epoch to be ended is not the current one"),
    STALE(39, "belongs to an earlier boot or epoch"),
    OTHER_DEVICE(40, "another device than the one known"),
    REMOVED(41, "the export is being removed"),
    MALFORMED(42, "bytes that are no message of this protocol"),
    LIMIT(43, "a limit is reached"),
    ADMITS_NOBODY(44, "access is refused"),
    OCCUPIED(45, "held by another client"),
    GOES_AWAY(46, "the server goes away, and its exports stay"),
    // The client's own.
    TIMED_OUT(64, "patience ended"),
    DEVICE_FAILED(65, "the device has failed"),
    DETACHED(66, "the device was detached");

    private final int code;
    private final String words;

    Problem(int code, String words) {
        this.code = code;
        this.words = words;
    }

    public int code() {
        return code;
    }

    public String words() {
        return words;
    }

    /** Whether it is the disk that says so. */
    public boolean ofDisk() {
        return this == IO_ERROR || this == NO_SPACE || this == DISK_FAILED;
    }

    /** The problem with that code; an unknown code of a newer peer reads as {@link #NOT_SUPPORTED}. */
    public static Problem of(int code) {
        for (Problem problem : values()) {
            if (problem.code == code) {
                return problem;
            }
        }
        return NOT_SUPPORTED;
    }
}
