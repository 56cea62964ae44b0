package dst.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceSizeTest {
    private static final int LINES_MAX = 400;

    @Test
    void noSourceFileIsLongerThanTheLimit() {
        assertEquals(List.of(), tooLong(Tree.root()));
    }

    @Test
    void aPlantedLongFileIsCaughtInEachLanguage(@TempDir Path root) throws IOException {
        plant(root, "sim/src/main/java/dst/sim/Long.java", LINES_MAX + 1);
        plant(root, "scenarios/src/main/clojure/dst/long.clj", LINES_MAX + 1);
        plant(root, "reports/src/main/java/dst/reports/Short.java", LINES_MAX);

        assertEquals(
                List.of(
                        "sim/src/main/java/dst/sim/Long.java has 401 lines: split it by phase or by message before 400",
                        "scenarios/src/main/clojure/dst/long.clj has 401 lines: split it by phase or by message before 400"),
                tooLong(root));
    }

    private static List<String> tooLong(Path root) {
        return Tree.MODULES.stream()
                .flatMap(module -> Tree.files(root.resolve(module).resolve("src/main")).stream())
                .filter(file ->
                        file.toString().endsWith(".java") || file.toString().endsWith(".clj"))
                .filter(file -> lines(file) > LINES_MAX)
                .map(file -> root.relativize(file) + " has " + lines(file)
                        + " lines: split it by phase or by message before " + LINES_MAX)
                .toList();
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void plant(Path root, String file, int lines) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "\n".repeat(lines));
    }
}
