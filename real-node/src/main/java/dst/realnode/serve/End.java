package dst.realnode.serve;

/** How a server that was asked to end did so: what it says is no more than what is so. */
enum End {
    IN_ORDER("everything was answered and flushed, and clients were told that the server goes away"),

    LATE("not everything could be answered and flushed before the server had to end"),

    FLUSH_FAILED("the last flush failed: what was written and not flushed before may be lost"),

    /** Whoever attaches next is told of it (H5). */
    OWED(
            "everything was answered and flushed, but a client still had to write again what an earlier end may have taken"),

    LOST(
            "everything was answered and flushed, but not everything is where it is looked for: a data file is not under its name"
                    + " any more");

    private final String words;

    End(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    boolean inOrder() {
        return this == IN_ORDER;
    }

    int exitCode() {
        return inOrder() ? 0 : 4;
    }
}
