package dst.scenarios;

/** What the process tells whoever started it. */
final class ExitCode {
    static final int HOLDS = 0;
    static final int BROKEN = 1;
    static final int USAGE = 2;
    static final int INTERNAL_FAULT = 3;
    static final int UNKNOWN_OR_VACUOUS = 4;

    /** As shells have it for SIGINT. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
