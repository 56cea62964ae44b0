package dst.scenarios.store;

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
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dst runs}. */
final class RunsCommandTest {
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @TempDir
    private Path store;

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private Path stored(String name, int second, String file, String verdict) throws IOException {
        Path folder = Files.createDirectories(store.resolve(name));
        Files.writeString(folder.resolve(file), "{:process 0}");
        Files.setLastModifiedTime(folder.resolve(file), FileTime.fromMillis(1_000_000_000_000L + second * 1000L));
        if (!verdict.isEmpty()) {
            Files.writeString(folder.resolve("verdict.edn"), verdict);
        }
        return folder;
    }

    @Test
    void newestComeFirstWithWhatTheyCameTo() throws IOException {
        stored("a/1", 1, "plan.edn", "{:verdict :broken\n :broken D1\n :by :server}");
        stored("b/2", 3, "plan.edn", "{:verdict :vacuous}");
        stored("b/3", 2, "plan.edn", "");
        stored("server/now", 4, "recording.edn", "");
        Files.createDirectories(store.resolve("mine/notes"));
        assertEquals(ExitCode.HOLDS, run("runs", "list", "--store", store.toString()), err::toString);
        String said = out.toString().replaceAll("\\S+ \\S+:\\d\\d  ", "").replace(store + "/", "");
        assertEquals(
                "recorded  server/now\nVACUOUS  b/2\ninterrupted: there is no verdict  b/3\nBROKEN  D1 by server  a/1\n4 runs.\n",
                said);
    }

    @Test
    void oldOnesGoAndNothingElse() throws IOException {
        Path old = stored("a/1", 1, "plan.edn", "");
        Path newer = stored("b/2", 2, "plan.edn", "");
        Path mine = Files.createDirectories(store.resolve("mine/notes"));
        Files.createSymbolicLink(store.resolve("latest"), old);
        String[] prune = {"runs", "prune", "--keep", "1", "--store", store.toString(), "--dry-run"};
        assertEquals(ExitCode.HOLDS, run(prune));
        assertTrue(out.toString().contains("would remove " + old), out::toString);
        assertTrue(Files.exists(old));
        assertEquals(ExitCode.HOLDS, run("runs", "prune", "--keep", "1", "--store", store.toString()), err::toString);
        assertFalse(Files.exists(store.resolve("a")), "its scenario's folder was empty");
        assertTrue(Files.exists(newer) && Files.exists(mine));
    }

    @Test
    void recordingThatStillGrowsStays() throws IOException {
        Path folder = stored("server/now", 1, "recording.edn", "");
        Files.writeString(
                folder.resolve("recording.edn"),
                "{:process " + ProcessHandle.current().pid() + "}");
        Files.writeString(folder.resolve("state"), "recording, or killed while it was");
        assertEquals(ExitCode.HOLDS, run("runs", "prune", "--keep", "0", "--store", store.toString()));
        assertTrue(Files.exists(folder));
        Files.writeString(folder.resolve("state"), "ended in order");
        assertEquals(ExitCode.HOLDS, run("runs", "prune", "--keep", "0", "--store", store.toString()));
        assertFalse(Files.exists(folder));
    }

    @Test
    void whatIsWrongIsSaid() {
        assertEquals(ExitCode.USAGE, run("runs", "purge"));
        assertTrue(err.toString().contains("there are list and prune"), err::toString);
        assertEquals(ExitCode.USAGE, run("runs", "prune"));
        assertTrue(err.toString().contains("For example --keep 20"), err::toString);
        assertEquals(
                ExitCode.HOLDS,
                run("runs", "list", "--store", store.resolve("none").toString()));
        assertTrue(out.toString().contains("There are no runs in"), out::toString);
    }
}
