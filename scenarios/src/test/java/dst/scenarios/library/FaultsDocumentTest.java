package dst.scenarios.library;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.fault.FaultKind;
import dst.scenarios.planting.Bug;
import dst.sim.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/FAULTS.md names every kind of fault and every planted bug as they are. */
class FaultsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/FAULTS.md");
    private static final Pattern CODE = Pattern.compile("`([a-z0-9-]+)`");

    private final Library library = new Library();

    @Test
    void documentNamesEveryKindOfFaultAndNoOther() throws IOException {
        assertEquals(kinds(), documented(Files.readString(DOCUMENT)));
    }

    @Test
    void kindThatTheDocumentForgotIsFound() throws IOException {
        String without = Files.readString(DOCUMENT).replace("| `torn-neighbour` |", "| `torn` |");
        TreeSet<String> expected = kinds();
        expected.remove("torn-neighbour");
        expected.add("torn");
        assertEquals(expected, documented(without));
    }

    @Test
    void documentTellsWhatCanBeSaidOfEachKind() throws IOException {
        assertEquals(
                Stream.of(FaultKind.values())
                        .map(FaultsDocumentTest::row)
                        .collect(Collectors.joining("\n", "\n", "\n")),
                table(
                        Files.readString(DOCUMENT),
                        "| fault | what it does | what it hits | what can be said of it |\n|---|---|---|---|"));
    }

    @Test
    void documentTellsOfEveryBugWhatItsFileSays() throws IOException {
        assertEquals(rows(library.bugs()), documentedBugs(Files.readString(DOCUMENT)));
    }

    /** The first column of the tables under "Kinds of faults" that have one of fault kinds. */
    private static TreeSet<String> documented(String text) {
        TreeSet<String> names = new TreeSet<>();
        boolean table = false;
        for (String line : section(text, "## Kinds of faults").split("\n")) {
            if (line.startsWith("| fault |") || line.startsWith("| standing |")) {
                table = true;
            } else if (!line.startsWith("|")) {
                table = false;
            } else if (table) {
                Matcher code = CODE.matcher(line.substring(0, line.indexOf('|', 1)));
                while (code.find()) {
                    names.add(code.group(1));
                }
            }
        }
        return names;
    }

    private static String row(FaultKind kind) {
        String settings = kind.settings().stream()
                .map(setting -> "`:" + setting.name() + "` " + setting.words(":"))
                .collect(Collectors.joining("; "));
        return "| `" + kind.key() + "` | " + kind.does() + " | " + kind.aim().words(":") + " | "
                + (settings.isEmpty() ? "nothing" : settings) + " |";
    }

    /** The rows below that head. */
    private static String table(String text, String head) {
        int from = text.indexOf(head) + head.length();
        return text.substring(from, text.indexOf("\n\n", from) + 1);
    }

    private static TreeSet<String> kinds() {
        TreeSet<String> names = new TreeSet<>(Standing.kinds());
        for (FaultKind kind : FaultKind.values()) {
            names.add(kind.key());
        }
        return names;
    }

    private static List<String> rows(List<Bug> bugs) {
        List<String> rows = new ArrayList<>();
        for (Bug bug : bugs) {
            rows.add(String.join(
                    ", ",
                    bug.id(),
                    bug.side().name().toLowerCase(Locale.ROOT),
                    bug.ruleNames().getFirst(),
                    bug.imitates(),
                    bug.scenario()));
        }
        rows.sort(null);
        return rows;
    }

    private static List<String> documentedBugs(String text) {
        List<String> rows = new ArrayList<>();
        for (String line : section(text, "## Planted bugs").split("\n")) {
            String[] cells = line.split("\\|", -1);
            if (cells.length == 8 && cells[1].strip().startsWith("`")) {
                rows.add(String.join(
                        ", ",
                        cells[1].strip().replace("`", ""),
                        cells[2].strip(),
                        cells[3].strip(),
                        cells[4].strip(),
                        cells[6].strip().replace("`", "")));
            }
        }
        rows.sort(null);
        return rows;
    }

    private static String section(String text, String heading) {
        int from = text.indexOf(heading + "\n");
        int to = text.indexOf("\n## ", from + 1);
        return text.substring(from, to < 0 ? text.length() : to);
    }
}
