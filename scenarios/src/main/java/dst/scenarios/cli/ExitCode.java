package dst.scenarios.cli;

/** What the process tells whoever started it. */
public final class ExitCode {
    public static final int HOLDS = 0;
    public static final int BROKEN = 1;
    public static final int USAGE = 2;
    public static final int INTERNAL_FAULT = 3;
    public static final int UNKNOWN_OR_VACUOUS = 4;

    /** As shells have it for SIGINT. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
