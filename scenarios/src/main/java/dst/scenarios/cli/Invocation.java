package dst.scenarios.cli;

/** A command as the user would type it here: the launcher says how it was called. */
public final class Invocation {
    private Invocation() {}

    public static String of(String words) {
        return System.getProperty("dst.command", "dst") + " " + words;
    }
}
