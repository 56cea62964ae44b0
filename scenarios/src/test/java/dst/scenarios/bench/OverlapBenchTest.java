package dst.scenarios.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.scenarios.Main;
import dst.scenarios.cli.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OverlapBenchTest {
    private final StringWriter out = new StringWriter();

    @Test
    void eachLengthIsTriedWithBothAndOnlyCopyingTakesMemoryForCopies() {
        assertEquals(
                ExitCode.HOLDS,
                Main.commandLine().setOut(new PrintWriter(out)).execute("bench", "overlap", "--seeds", "2"));

        List<String> wait = lines("wait");
        List<String> copy = lines("copy");
        assertEquals(6, wait.size(), out::toString);
        assertEquals(6, copy.size(), out::toString);
        assertTrue(wait.stream().allMatch(line -> copied(line).equals("0")), out::toString);
        assertTrue(copy.stream().noneMatch(line -> copied(line).equals("0")), out::toString);
    }

    private List<String> lines(String policy) {
        return out.toString()
                .lines()
                .filter(line -> line.strip().matches("\\d+ +" + policy + " .*"))
                .toList();
    }

    /** The most bytes copied at once. */
    private static String copied(String line) {
        return line.strip().split(" +")[5];
    }
}
