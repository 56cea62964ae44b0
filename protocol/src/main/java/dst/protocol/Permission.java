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

    /** Whether an operation of that kind may be done. A flush changes and tells nothing: it is permitted to whoever is admitted. */
    public boolean permits(Kind kind) {
        return switch (kind) {
            case READ -> reads();
            case WRITE, ZERO, TRIM -> writes();
            case FLUSH -> this != NONE;
        };
    }

    /** What both permit. */
    public Permission and(Permission other) {
        boolean read = reads() && other.reads();
        boolean write = writes() && other.writes();
        return read ? (write ? BOTH : READ) : (write ? WRITE : NONE);
    }
}
