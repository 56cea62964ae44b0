package dst.scenarios.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.scenarios.Main;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SystemUnderTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class MutantsCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void whereDstItselfFailedNothingIsSaidAboutTheBug() {
        Library library = new Library();
        Bug bug = library.bug("answer-before-executing");
        Scenario falling = new Scenario("falling", "falling", "", "", Optional.empty(), new TreeSet<>(), seed -> {
            throw new IllegalStateException("seed " + seed);
        });
        Series series = new Series(falling, new SystemUnderTest(library, Optional.of(bug)), 1, 1).run(1, _ -> {});
        Measured measured = new Measured(bug, List.of(Hunt.of(bug, series)), new TreeMap<>(), Optional.empty());
        assertEquals(ExitCode.INTERNAL_FAULT, MutantsCommand.exitCode(List.of(measured)));
    }

    @Test
    void whatIsForTheOtherMeasurementIsRefused() {
        assertEquals(ExitCode.USAGE, run("--generated", "--seeds", "5"));
        assertTrue(err.toString().contains("--seeds"), err::toString);
        assertEquals(ExitCode.USAGE, run("--sample", "5"));
        assertTrue(err.toString().contains("--generated"), err::toString);
        assertEquals(ExitCode.USAGE, run("--generated", "--package", "nowhere"));
        assertTrue(err.toString().contains("nbd.lending"), err::toString);
    }

    @Test
    void aBugThatIsFoundIsToldWithRunsSeedAndVerdict() throws IOException {
        Path json = folder.resolve("figures.json");

        assertEquals(
                ExitCode.HOLDS,
                run(
                        "--bug",
                        "answer-before-executing",
                        "--scenario",
                        "server-power-cut",
                        "--seeds",
                        "5",
                        "--json",
                        json.toString(),
                        "--html",
                        folder.resolve("figures.html").toString()));
        String page = Files.readString(folder.resolve("figures.html"));
        assertTrue(page.contains("<td>5 of 5</td>"), page);
        assertSaid("server-power-cut  5 of 5", "100%", "5 D1 by server", "Of 1 planted bugs 1 were found");
        assertTrue(Files.readString(json)
                .contains("\"found\":5,\"right\":5,\"first-seed\":1,\"seeds-half\":1,\"seeds-most\":1"));
        assertEquals(
                "answer-before-executing  server-power-cut: 5 of 5",
                err.toString().strip());
    }

    @Test
    void whoInterruptsIsToldWhatWasMeasured() {
        MutantsCommand command = new MutantsCommand();
        StringWriter progress = new StringWriter() {
            @Override
            public void flush() {
                command.stop(); // As soon as there is something to tell.
            }
        };
        CommandLine line = new CommandLine(command).setOut(new PrintWriter(out)).setErr(new PrintWriter(progress));
        String bug = "answer-before-executing";
        int code = line.execute(
                "--bug", bug, "--bug", "lying-flush", "--scenario", "server-power-cut", "--seeds", "5", "--no-shrink");
        assertEquals(ExitCode.INTERRUPTED, code, progress.toString());
        assertTrue(progress.toString().contains("Interrupted: 1 of 2 bugs were measured"), progress.toString());
        assertSaid("server-power-cut  5 of 5");
    }

    @Test
    void seedsThatItTakesAreCountedFromEachPlaceRoundTheEnd() {
        BitSet finding = new BitSet();
        finding.set(3);
        // Begun at 0 to 3: 4, 3, 2, 1 seeds; at 4 to 9: 10, 9, 8, 7, 6, 5.
        assertEquals(new Waits(6, 10, 100), Waits.of(finding, 10, 1000));
        assertEquals(new Waits(0, 0, 0), Waits.of(new BitSet(), 10, 1000));
        assertEquals(6e-7, Waits.of(finding, 10, 1000).halfSeconds(), 1e-12);
    }

    @Test
    void whatIsFoundIsMadeSmall() {
        run("--bug", "lying-flush", "--scenario", "server-power-cut", "--seeds", "5");
        assertTrue(out.toString().matches("(?s).*lying-flush .*\\d of 5 .* \\d+ \\+ \\d+ .*"), out::toString);
        assertSaid("Made small, half of the failures have at most ");
    }

    @Test
    void aBugThatIsNotFoundIsAFailure() {
        assertEquals(
                ExitCode.BROKEN,
                run("--bug", "failed-flush-forgotten", "--scenario", "page-size-mismatch", "--seeds", "3"));
        assertSaid("0 of 3", "not found: failed-flush-forgotten.");
    }

    @Test
    void aBugThatNeedsAKindOfFaultIsLostWithoutIt() {
        run(
                "--bug",
                "failed-flush-forgotten",
                "--scenario",
                "failing-disk",
                "--seeds",
                "30",
                "--each-fault-off",
                "--markdown");

        assertTrue(
                out.toString().lines().anyMatch(line -> line.startsWith("| flush-error | failed-flush-forgotten |")),
                out::toString);
    }

    @Test
    void whatDoesNotExistIsToldBeforeAnythingRuns() {
        assertEquals(ExitCode.USAGE, run("--bug", "lying-flsh"));
        assertEquals(ExitCode.USAGE, run("--without", "power-ct"));
        assertTrue(err.toString().contains("no scenario has a fault 'power-ct'"), err::toString);
        assertEquals(ExitCode.USAGE, run("--scenario", "everythin"));
    }

    private void assertSaid(String... words) {
        for (String word : words) {
            assertTrue(out.toString().contains(word), () -> "'" + word + "' in:\n" + out);
        }
    }

    private int run(String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "mutants";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
