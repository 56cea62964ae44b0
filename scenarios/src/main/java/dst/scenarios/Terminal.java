package dst.scenarios;

import java.util.Optional;

/** What the other end of standard output bears. */
final class Terminal {
    private Terminal() {}

    /** Whether a person looks on, at something that can go back to the beginning of a line. */
    static boolean isThere() {
        return System.console() != null && System.console().isTerminal() && !isDumb(System.getenv("TERM"));
    }

    static boolean isColourful() {
        return isThere()
                && Optional.ofNullable(System.getenv("NO_COLOR")).orElse("").isEmpty();
    }

    private static boolean isDumb(String term) {
        return "dumb".equals(term);
    }
}
