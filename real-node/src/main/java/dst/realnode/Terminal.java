package dst.realnode;

import java.util.Optional;
import picocli.CommandLine.Help;

/** What the other end of standard output bears. */
public final class Terminal {
    private Terminal() {}

    /** Whether a person looks on, at something that can go back to the beginning of a line. */
    public static boolean isThere() {
        return System.console() != null && System.console().isTerminal() && !isDumb(System.getenv("TERM"));
    }

    public static boolean isColourful() {
        return isThere()
                && Optional.ofNullable(System.getenv("NO_COLOR")).orElse("").isEmpty();
    }

    /** For what a command says of itself. */
    public static Help.ColorScheme colours() {
        return Help.defaultColorScheme(isColourful() ? Help.Ansi.ON : Help.Ansi.OFF);
    }

    private static boolean isDumb(String term) {
        return "dumb".equals(term);
    }
}
