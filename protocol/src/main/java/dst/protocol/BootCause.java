package dst.protocol;

/** Why a boot began, as far as a server can know it; the code is its number on the wire and is never reused. */
public enum BootCause {
    /** Nothing that this program has a name for. */
    OTHER(0, "another cause"),
    /** Whether the server before was stopped, crashed or lost its power, nobody can tell. */
    STARTED(1, "the server was started"),
    /** The only one that counts against the disk: clients count it (D5). */
    FLUSH_FAILED(2, "a flush failed"),
    /** The host opened the disk again while the server ran, after a reset or a reconnect (H4). */
    REOPENED(3, "the disk was opened again");

    private final int code;
    private final String words;

    BootCause(int code, String words) {
        this.code = code;
        this.words = words;
    }

    public int code() {
        return code;
    }

    public String words() {
        return words;
    }

    /** The cause with that code; an unknown code of a newer peer reads as {@link #OTHER}. */
    public static BootCause of(int code) {
        for (BootCause cause : values()) {
            if (cause.code == code) {
                return cause;
            }
        }
        return OTHER;
    }
}
