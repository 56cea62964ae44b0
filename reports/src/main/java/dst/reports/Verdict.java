package dst.reports;

/** What a run, or a batch of runs, came to; each has its exit code. */
public enum Verdict {
    HOLDS(0, "HOLDS"),
    BROKEN(1, "BROKEN"),
    /** A checker could not judge: not a pass. */
    UNKNOWN(4, "UNKNOWN"),
    /** Nothing that was meant to be tried happened: not a pass. */
    VACUOUS(4, "VACUOUS");

    private final int exitCode;
    private final String words;

    Verdict(int exitCode, String words) {
        this.exitCode = exitCode;
        this.words = words;
    }

    public int exitCode() {
        return exitCode;
    }

    public String words() {
        return words;
    }
}
