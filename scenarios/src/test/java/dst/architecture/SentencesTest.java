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

/** What was found is data. Its sentence is for people: only whoever shows it to them asks for it, and nobody looks into it. */
final class SentencesTest {
    /** They show it: on a terminal, a page, in a log or a file. */
    private static final Set<String> SHOW = Set.of(
            "LiveReferee",
            "Data",
            "Page",
            "Recording",
            "Story",
            "BisectCommand",
            "CheckBench",
            "RunFolder",
            "SearchText");

    private static final Pattern ASKED = Pattern.compile("\\.sentence\\(\\)|\\.said\\(\\)\\s*\\.words\\(\\)");
    private static final Pattern LOOKED_INTO = Pattern.compile(
            "(?:sentence\\(\\)|said\\(\\)\\s*\\.words\\(\\))\\s*\\.(?:contains|startsWith|endsWith|equals|matches|indexOf|split|replace)"
                    + "|matcher\\([^;]*(?:sentence\\(\\)|said\\(\\)\\s*\\.words\\(\\))");

    @Test
    void sentencesAreReadByNobodyButPeople() {
        assertEquals(List.of(), wrong(Tree.root()));
    }

    @Test
    void aPlantedReaderIsCaught(@TempDir Path root) throws IOException {
        Path folder = Files.createDirectories(root.resolve("reports/src/main/java/dst/reports"));
        Files.writeString(folder.resolve("Nosy.java"), "String words = blame.sentence();");
        Files.writeString(folder.resolve("Story.java"), "boolean told = finding.sentence().contains(\"settled\");");
        Files.writeString(folder.resolve("Page.java"), "PLACE.matcher(blame.said().words()).results()");
        assertEquals(
                List.of(
                        "reports/src/main/java/dst/reports/Nosy.java asks for a sentence: its parts say the same as data",
                        "reports/src/main/java/dst/reports/Page.java looks into a sentence: its parts say the same as data",
                        "reports/src/main/java/dst/reports/Story.java looks into a sentence: its parts say the same as data"),
                wrong(root));
    }

    private static List<String> wrong(Path root) {
        List<String> wrong = new ArrayList<>();
        for (String module : Tree.MODULES) {
            for (Path file : Tree.files(root.resolve(module).resolve("src/main"))) {
                String name = file.getFileName().toString().replace(".java", "");
                if (file.toString().endsWith(".java")) {
                    String source = source(file);
                    boolean shows = SHOW.contains(name);
                    if (LOOKED_INTO.matcher(source).find()) {
                        wrong.add(told(root, file, "looks into"));
                    } else if (!shows && ASKED.matcher(source).find()) {
                        wrong.add(told(root, file, "asks for"));
                    }
                }
            }
        }
        return wrong.stream().sorted().toList();
    }

    private static String told(Path root, Path file, String does) {
        return root.relativize(file) + " " + does + " a sentence: its parts say the same as data";
    }

    private static String source(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
