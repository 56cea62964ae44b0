package dst.protocol.setting;

/** A value as it stands in a file or on a line, before anybody knows what it is to mean. */
public sealed interface Written {
    /** A number alone. */
    record Number(long value) implements Written {
        @Override
        public String text() {
            return Long.toString(value);
        }
    }

    /** An amount with its unit, or any other text. */
    record Text(String value) implements Written {
        @Override
        public String text() {
            return value;
        }
    }

    /** One of the words that have a meaning where it stands. */
    record Word(String value) implements Written {
        @Override
        public String text() {
            return value;
        }
    }

    /** Yes or no. */
    record Truth(boolean value) implements Written {
        @Override
        public String text() {
            return Boolean.toString(value);
        }
    }

    /** On a line. */
    String text();

    /** In a file of EDN. */
    default String edn() {
        return switch (this) {
            case Number(long value) -> Long.toString(value);
            case Text(String value) -> '"' + value + '"';
            case Word(String value) -> ":" + value;
            case Truth(boolean value) -> Boolean.toString(value);
        };
    }

    /** What a piece of a line is, by how it looks. */
    static Written of(String text) {
        if (text.equals("true") || text.equals("false")) {
            return new Truth(text.equals("true"));
        }
        try {
            return new Number(Long.parseLong(text));
        } catch (NumberFormatException _) {
            boolean begins = !text.isEmpty() && Character.isLetter(text.charAt(0));
            return begins ? new Word(text) : new Text(text);
        }
    }
}
