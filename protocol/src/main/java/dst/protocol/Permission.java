package dst.protocol;

/** What an attachment may do. */
public enum Permission {
    NONE,
    READ,
    WRITE,
    BOTH;

    public boolean reads() {
        return this == READ || this == BOTH;
    }

    public boolean writes() {
        return this == WRITE || this == BOTH;
    }
}
