package dst.protocol;

/** Who can be blamed. */
public enum Side {
    CLIENT("the client"),
    SERVER("the server"),
    DISK("the disk"),
    NETWORK("the network"),
    /** No rule was broken and no fault explains it: the rules themselves have a gap. */
    RULES("nobody: the rules have a gap"),
    /** A promise is broken; who did it is not said by this finding. */
    OPEN("not known");

    private final String words;

    Side(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
