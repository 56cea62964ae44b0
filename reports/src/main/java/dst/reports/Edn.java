package dst.reports;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values as EDN: maps (keys that can be are keywords), vectors, texts, numbers, truths. */
final class Edn {
    private static final Pattern KEYWORD = Pattern.compile("[a-z][a-z0-9-]*");

    private Edn() {}

    static String of(Object value) {
        return of(value, "\n ");
    }

    private static String of(Object value, String next) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> key(entry.getKey()) + " " + of(entry.getValue(), next + " "))
                        .collect(Collectors.joining(next, "{", "}"));
            case List<?> list ->
                list.stream().map(one -> of(one, next + " ")).collect(Collectors.joining(next, "[", "]"));
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> quoted(value.toString());
        };
    }

    private static String key(Object key) {
        String words = key.toString();
        return KEYWORD.matcher(words).matches() ? ":" + words : quoted(words);
    }

    private static String quoted(String words) {
        return "\"" + words.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
