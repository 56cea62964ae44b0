package dst.protocol.setting;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a setting is if nobody says: a value, one of several, or anything between two; which one, the seed decides. */
public record Usual(How how, List<Written> values) {
    /** It has to be said. */
    public static final Usual NOTHING = new Usual(How.ONE_OF, List.of());

    /** How it is chosen. */
    public enum How {
        FIXED,
        ONE_OF,
        BETWEEN
    }

    public Usual {
        values = List.copyOf(values);
    }

    public static Usual fixed(String value) {
        return of(How.FIXED, value);
    }

    public static Usual oneOf(String... values) {
        return of(How.ONE_OF, values);
    }

    public static Usual between(String low, String high) {
        return of(How.BETWEEN, low, high);
    }

    private static Usual of(How how, String... values) {
        return new Usual(how, Stream.of(values).map(Written::of).toList());
    }

    /** For people; mark is what stands before words. */
    String words(String mark) {
        String separator = how == How.BETWEEN ? " to " : " ";
        return values.stream()
                .map(value -> value instanceof Written.Word word ? mark + word.text() : value.text())
                .collect(Collectors.joining(separator, how == How.ONE_OF ? "one of " : "", ""));
    }
}
