package dst.protocol.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docs/PROTOCOL.md as tables and sections; a heading names a section up to the next heading. */
final class Specification {
    static final Pattern RULE = Pattern.compile("\\b[GHTDLR][1-9]\\b");

    private final String text;

    Specification(String text) {
        this.text = text;
    }

    static Specification read() {
        return new Specification(content(root().resolve("docs/PROTOCOL.md")));
    }

    /** The folder of the whole project, from wherever the test runs. */
    static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("docs/PROTOCOL.md"))) {
                return folder;
            }
        }
        throw new AssertionError("there is no docs/PROTOCOL.md");
    }

    static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    /** The same document with another text in one place. */
    Specification with(String instead, String of) {
        if (!text.contains(of)) {
            throw new AssertionError("the document has no '" + of + "'");
        }
        return new Specification(text.replace(of, instead));
    }

    String text() {
        return text;
    }

    /** Everything under the heading, up to the next one. */
    String section(String heading) {
        Matcher begin =
                Pattern.compile("(?m)^#+ " + Pattern.quote(heading) + "$").matcher(text);
        if (!begin.find()) {
            throw new AssertionError("the document has no section '" + heading + "'");
        }
        Matcher end = Pattern.compile("(?m)^#+ ").matcher(text);
        return text.substring(begin.end(), end.find(begin.end()) ? end.start() : text.length());
    }

    /** The rows of a section's n-th table (0 the first) below its head, cell by cell. */
    List<List<String>> table(String heading, int nth) {
        List<List<List<String>>> tables = new ArrayList<>();
        boolean inside = false;
        for (String line : section(heading).lines().toList()) {
            if (!line.startsWith("|")) {
                inside = false;
                continue;
            }
            if (!inside) {
                tables.add(new ArrayList<>());
                inside = true;
            }
            tables.getLast().add(cells(line));
        }
        if (tables.size() <= nth) {
            throw new AssertionError("section '" + heading + "' has " + tables.size() + " tables");
        }
        List<List<String>> table = tables.get(nth);
        return table.subList(2, table.size());
    }

    private static List<String> cells(String line) {
        String inner = line.substring(1, line.length() - 1);
        return Arrays.stream(inner.split("\\|", -1)).map(String::strip).toList();
    }

    static Set<String> rulesIn(String text) {
        return matches(RULE, text);
    }

    static Set<String> matches(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }
}
