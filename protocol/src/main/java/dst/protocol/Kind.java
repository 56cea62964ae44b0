package dst.protocol;

/** What an operation does to the disk; the code is its number on the wire. */
public enum Kind {
    READ(1),
    WRITE(2),
    FLUSH(3),
    TRIM(4),
    ZERO(5);

    private static final Kind[] BY_CODE = {null, READ, WRITE, FLUSH, TRIM, ZERO};

    private final int code;

    Kind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Whether it may change what a later read returns. */
    public boolean changes() {
        return this == WRITE || this == ZERO || this == TRIM;
    }

    /** Whether it leaves a definite content that the client has to retain until it is durable. */
    public boolean leavesContent() {
        return this == WRITE || this == ZERO;
    }

    public static boolean known(int code) {
        return code >= 1 && code < BY_CODE.length;
    }

    public static Kind of(int code) {
        if (!known(code)) {
            throw new IllegalArgumentException("no operation has the code " + code);
        }
        return BY_CODE[code];
    }
}
