package dst.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was found, and what happened, is data. Sentences and the words of moments are for people: only whoever shows them asks for them,
 * and nobody looks into them.
 */
final class SentencesTest {
    private static final String DATA = ", which are for people: the same is there as data";

    /** They show it: on a terminal, a page, in a log or a file. */
    private static final Set<String> SHOW = Set.of(
            "LiveReferee",
            "Data",
            "Drawn",
            "Page",
            "Phrases",
            "Story",
            "BisectCommand",
            "CheckBench",
            "RunFolder",
            "SearchText");

    /** They show what happened. */
    private static final Set<String> SHOW_MOMENTS = Set.of("Data", "Diagram", "Drawn", "Moment", "Phrases", "Story");

    private static final Pattern ASKED = Pattern.compile("\\.sentence\\(\\)|\\.said\\(\\)\\s*\\.words\\(\\)");
    private static final Pattern MOMENT_ASKED =
            Pattern.compile("(?i:moment)(?:\\(\\))?\\s*\\.words\\(\\)|Moment::words|Phrases\\s*\\.of\\(");

    private static final String SEARCH =
            "(?:contains|startsWith|endsWith|equals|matches|indexOf|lastIndexOf|split|replace|replaceAll)\\(";
    private static final Pattern LOOKED_INTO =
            Pattern.compile("(?:sentence|words)\\(\\)\\s*\\." + SEARCH + "|matcher\\([^;]*(?:sentence|words)\\(\\)");

    /** In the page's scripts, which know words by this name. */
    private static final Pattern SCRIPT_LOOKS_INTO = Pattern.compile(
            "\\[WORDS\\]\\)?\\s*\\.|(?:test|exec|match|includes)\\([^;)]*\\[WORDS\\]|[^=!<>]=\\s*\\w+(?:\\[\\w+\\])?\\[WORDS\\]"
                    + "|[=!]==?\\s*\\w+(?:\\[\\w+\\])?\\[WORDS\\]|\\[WORDS\\]\\s*[=!]=");

    @Test
    void sentencesAreReadByNobodyButPeople() {
        assertEquals(List.of(), wrong(Tree.root()));
    }

    @Test
    void aPlantedReaderIsCaught(@TempDir Path root) throws IOException {
        Path folder = Files.createDirectories(root.resolve("reports/src/main/java/dst/reports"));
        Files.writeString(folder.resolve("Nosy.java"), "String words = blame.sentence();");
        Files.writeString(folder.resolve("Curious.java"), "String words = line.moment().words();");
        Files.writeString(folder.resolve("Story.java"), "boolean told = finding.sentence().contains(\"settled\");");
        Files.writeString(folder.resolve("Page.java"), "PLACE.matcher(blame.said().words()).results()");
        Files.writeString(folder.resolve("Drawn.java"), "boolean isFlush = moment.words().startsWith(\"flush\");");
        Files.writeString(folder.resolve("Diagram.java"), "String row = pad(moment.words());");
        Path scripts = Files.createDirectories(root.resolve("reports/src/main/resources/dst/reports"));
        Files.writeString(scripts.resolve("a.js"), "const kind = (moment) => moment[WORDS].split(':')[0];");
        Files.writeString(scripts.resolve("b.js"), "const words = moment[WORDS];");
        Files.writeString(scripts.resolve("c.js"), "if (/ends/.test(all[i][WORDS])) ends();");
        Files.writeString(scripts.resolve("d.js"), "if (all[i][WORDS] === 'flush') flush();");
        Files.writeString(scripts.resolve("e.js"), "hint.textContent = `${text(all[i][WORDS])}`;");
        assertEquals(
                List.of(
                        "reports/src/main/java/dst/reports/Curious.java asks for words" + DATA,
                        "reports/src/main/java/dst/reports/Drawn.java looks into words" + DATA,
                        "reports/src/main/java/dst/reports/Nosy.java asks for words" + DATA,
                        "reports/src/main/java/dst/reports/Page.java looks into words" + DATA,
                        "reports/src/main/java/dst/reports/Story.java looks into words" + DATA,
                        "reports/src/main/resources/dst/reports/a.js looks into words" + DATA,
                        "reports/src/main/resources/dst/reports/b.js looks into words" + DATA,
                        "reports/src/main/resources/dst/reports/c.js looks into words" + DATA,
                        "reports/src/main/resources/dst/reports/d.js looks into words" + DATA),
                wrong(root));
    }

    private static List<String> wrong(Path root) {
        List<String> wrong = new ArrayList<>();
        for (String module : Tree.MODULES) {
            for (Path file : Tree.files(root.resolve(module).resolve("src/main"))) {
                String name = file.getFileName().toString();
                if (name.endsWith(".java")) {
                    String source = source(file);
                    String type = name.replace(".java", "");
                    boolean asks =
                            (!SHOW.contains(type) && ASKED.matcher(source).find())
                                    || (!SHOW_MOMENTS.contains(type)
                                            && MOMENT_ASKED.matcher(source).find());
                    if (LOOKED_INTO.matcher(source).find()) {
                        wrong.add(told(root, file, "looks into"));
                    } else if (asks) {
                        wrong.add(told(root, file, "asks for"));
                    }
                } else if (name.endsWith(".js")
                        && SCRIPT_LOOKS_INTO.matcher(source(file)).find()) {
                    wrong.add(told(root, file, "looks into"));
                }
            }
        }
        return wrong.stream().sorted().toList();
    }

    private static String told(Path root, Path file, String does) {
        return root.relativize(file) + " " + does + " words" + DATA;
    }

    private static String source(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
