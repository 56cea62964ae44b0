package dst.scenarios.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.reports.check.Checked;
import dst.reports.check.Unknowns;
import dst.scenarios.Main;
import dst.scenarios.bench.Overlapping.Breakage;
import dst.scenarios.cli.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CheckBenchTest {
    private final StringWriter out = new StringWriter();

    private int run(String... arguments) {
        PrintWriter writer = new PrintWriter(out, true);
        return Main.commandLine().setOut(writer).setErr(writer).execute(arguments);
    }

    @Test
    void tellsFiguresAndWhatWasFoundOfSoundAndBrokenHistories() {
        assertEquals(ExitCode.HOLDS, run("bench", "check", "--operations", "20000", "--clients", "8"), out::toString);
        assertTrue(out.toString().contains("20,000 operations of 8 clients on 1 block:"), out::toString);
        List<String> lines = out.toString().lines().toList();
        assertEquals(
                1, lines.stream().filter(line -> line.startsWith("  sound ")).count());
        for (Breakage breakage : Breakage.values()) {
            String line = lines.stream()
                    .filter(each -> each.startsWith("  with " + breakage.words))
                    .findFirst()
                    .orElseThrow();
            assertTrue(line.matches(".*\\d+( \\| [0-9,]+){1,3}"), line);
        }
        assertEquals(
                Breakage.values().length,
                lines.stream()
                        .filter(line -> line.matches("    G\\d: operation .*"))
                        .count());
    }

    @Test
    void wantsANumberThatMakesSense() {
        assertEquals(ExitCode.USAGE, run("bench", "check", "--operations", "0"));
        assertEquals(ExitCode.USAGE, run("bench", "check", "--clients", "-1"));
        assertEquals(ExitCode.USAGE, run("bench", "check", "--operations", "2000000000"));
        assertEquals(ExitCode.USAGE, run("bench", "check", "--operations", "10", "--blocks", "11"));
    }

    @Test
    void eachPlantIsFoundInItsBlockAndNowhereElse() {
        for (long seed = 1; seed <= 20; seed++) {
            for (Breakage breakage : EnumSet.range(Breakage.STALE_READ, Breakage.RESURRECTED_WRITE)) {
                Checked checked = Overlapping.history(seed, 20_000, 16, 8, EnumSet.of(breakage))
                        .check(Unknowns.OVER_WHEN_TOLD);
                assertEquals(8, checked.findings().size(), () -> breakage + " " + checked.findings());
                assertTrue(checked.evidence().stream()
                        .allMatch(each -> each.tags().size() >= 2 && each.tags().size() <= 4));
                assertTrue(checked.findings().stream()
                        .allMatch(
                                each -> Set.of("G4", "G5").contains(each.rule().name())));
            }
            Checked sound = Overlapping.history(seed, 20_000, 16, 8, Set.of()).check(Unknowns.OVER_WHEN_TOLD);
            assertTrue(sound.clean(), () -> sound.findings().toString());
            assertEquals(20_000, sound.counts().operations());
        }
    }
}
