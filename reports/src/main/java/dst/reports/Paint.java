package dst.reports;

/** Colour for a terminal, or none. */
final class Paint {
    private static final String RESET = "\u001b[0m";

    private final boolean colour;

    Paint(boolean colour) {
        this.colour = colour;
    }

    String verdict(Verdict verdict) {
        return switch (verdict) {
            case HOLDS -> with("1;32", verdict.words());
            case BROKEN -> with("1;31", verdict.words());
            case UNKNOWN, VACUOUS -> with("1;33", verdict.words());
        };
    }

    String bold(String words) {
        return with("1", words);
    }

    String dim(String words) {
        return with("2", words);
    }

    String guilty(String words) {
        return with("31", words);
    }

    String fault(String words) {
        return with("33", words);
    }

    /** How many columns these words take. */
    static int width(String words) {
        return words.replaceAll("\u001b\\[[0-9;]*m", "").length();
    }

    private String with(String code, String words) {
        return colour ? "\u001b[" + code + "m" + words + RESET : words;
    }
}
