package dst.scenarios.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.scenarios.Main;
import dst.scenarios.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A scenario of one's own, from the first command to the history of its run. */
final class NewCommandTest {
    private StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {".edn", ".clj"})
    void aNewScenarioHoldsAndBreaksWithABugInIt(String ending) {
        Path file = begin(ending);

        assertEquals(ExitCode.HOLDS, dst("run", file.toString(), "--seeds", "40", "--store", store()));
        assertTrue(out.toString().contains("HOLDS: nothing that was promised broke in 40 runs"), out::toString);
        assertEquals(
                ExitCode.BROKEN,
                dst("run", file.toString(), "--seeds", "40", "--plant", "answer-before-executing", "--store", store()));
    }

    @ParameterizedTest
    @ValueSource(strings = {".edn", ".clj"})
    void aFileThatIsThereIsLeftAlone(String ending) throws IOException {
        Path file = begin(ending);
        Files.writeString(file, "mine");

        assertEquals(ExitCode.USAGE, ending.equals(".clj") ? dst("new", stem(file), "--clj") : dst("new", stem(file)));
        assertEquals("dst: " + file + " cannot be written: there is a file of that name\n", err.toString());
        assertEquals("mine", Files.readString(file));
    }

    @Test
    void aNameThatIsNoneIsRefused() {
        assertEquals(ExitCode.USAGE, dst("new", folder.resolve("a b").toString()));
        assertTrue(err.toString().contains("made of letters, digits and dashes"), err::toString);
        assertFalse(Files.exists(folder.resolve("a b.edn")));
    }

    @Test
    void whatAProgramsCheckerFindsIsToldKeptAndFoundAgainByReplay() throws IOException {
        Path file = folder.resolve("mine.clj");
        Files.writeString(
                file,
                "{:doc \"x\" :workload (g/repeat 5 {:f :read :block 1})"
                        + " :checker {:no-reads (fn [_ h] {:valid? false :message \"there are reads\"})}}");

        assertEquals(ExitCode.BROKEN, dst("run", file.toString(), "--seed", "1", "--store", store()));
        assertTrue(out.toString().contains("There are reads."), out::toString);
        assertTrue(out.toString().contains("no-reads: what the scenario's own checker demands"), out::toString);
        Path run = folder.resolve("store/mine/1");
        assertTrue(Files.readString(run.resolve("verdict.edn")).contains(":broken no-reads\n :by :open"));
        assertTrue(Files.readString(run.resolve("report.html")).contains("there are reads"));

        Files.delete(file);
        assertEquals(ExitCode.BROKEN, dst("replay", run.toString()));
        assertTrue(out.toString().contains("Everything happened as before"), out::toString);
    }

    @Test
    void theHistoryOfARunIsShownWholeOrAsOneBlocksRegister() {
        Path file = begin(".edn");
        dst("run", file.toString(), "--seed", "2", "--keep", "--store", store());
        String run = folder.resolve("store/mine/2").toString();

        assertEquals(ExitCode.HOLDS, dst("history", run));
        assertTrue(out.toString().contains("  0  :invoke :write"), out::toString);
        long lines = out.toString().lines().count();
        long offset = Long.parseLong(out.toString().replaceFirst("(?s).*?:write +(\\d+) \\+.*", "$1"));
        assertEquals(
                ExitCode.HOLDS,
                dst("history", run, "--block", Long.toString(offset), "--format", "edn"),
                err::toString);
        String register = out.toString();
        assertTrue(
                register.matches(
                        "(?s)\\[\\{:process 0, :type :invoke, :f :(read|write), :value \\w+, :index 0, :time \\d+}.*]\n"),
                register);
        assertTrue(register.lines().count() < lines, register);
    }

    @Test
    void aBlockThatIsNoneOrOfWhichNothingIsKnownIsTold() {
        Path file = begin(".edn");
        dst("run", file.toString(), "--seed", "2", "--keep", "--store", store());
        String run = folder.resolve("store/mine/2").toString();

        assertEquals(ExitCode.USAGE, dst("history", run, "--block", "100"));
        assertEquals(ExitCode.USAGE, dst("history", run, "--block", "1048576"));
        assertEquals(ExitCode.USAGE, dst("history", folder.toString()));
        assertTrue(err.toString().contains("--block wants where a block of 512 bytes begins, not 100"), err::toString);
        assertTrue(err.toString().contains("no operation of this run touches the block at 1048576"), err::toString);
        assertTrue(err.toString().contains("is no run folder of a simulated run"), err::toString);
    }

    private String store() {
        return folder.resolve("store").toString();
    }

    private static String stem(Path file) {
        return file.toString().replaceFirst("\\.\\w+$", "");
    }

    private Path begin(String ending) {
        Path file = folder.resolve("mine" + ending);
        assertEquals(ExitCode.HOLDS, ending.equals(".clj") ? dst("new", stem(file), "--clj") : dst("new", stem(file)));
        assertTrue(out.toString().endsWith("To run it: dst run " + file + "\n"), out::toString);
        return file;
    }

    private int dst(String... arguments) {
        out = new StringWriter();
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
