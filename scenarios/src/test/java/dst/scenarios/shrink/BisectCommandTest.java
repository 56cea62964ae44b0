package dst.scenarios.shrink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Patience;
import dst.scenarios.Main;
import dst.scenarios.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The difference between what fails and what holds. */
class BisectCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void namesTheOperationsOfTheFindingAndTheOddSetting() {
        String said = bisected("overlap-order-ignored", 1);
        assertTrue(said.contains("T5 by the server"), said);
        assertSaid(said, "turns the whole plan   operation \\d+ .*, of which the finding speaks");
        assertSaid(said, "turns the whole plan   the client's patience");
    }

    /** What started though it was settled, what it had waited for, and why that took so long. */
    @Test
    void ofAnExecutionAfterItsEndTheOperationsOfTheFindingAndTheStalledDiskAreNamed() {
        String said = bisected("settled-id-started", 3);
        assertTrue(said.contains("T3 by the server"), said);
        assertSaid(said, "turns the (whole|small) plan   the fault disk-stall");
        assertSaid(
                said,
                "turns the whole plan   operation 8 \\(zero at 60928\\+512, durable\\), of which the finding speaks");
        assertSaid(said, "turns the whole plan   the client's patience");
        assertSaid(said, "Look first at operation 8 .*, and at the fault disk-stall");
        assertTrue(said.contains("Another difference may turn it as well."), said);
        assertFalse(said.contains("the disk's time for a flush"), said);
    }

    @Test
    void whatThereWasNoTimeForIsSaid() {
        run("run", "late-duplicates", "--seed", "3", "--plant", "settled-id-started", "--store", store());
        assertEquals(ExitCode.HOLDS, run("bisect", store() + "/latest", "--time", "1ms"), err::toString);
        assertSaid(out.toString(), "there was no time to try all that could be left out");
    }

    private static void assertSaid(String said, String pattern) {
        assertTrue(Pattern.compile(pattern).matcher(said).find(), () -> pattern + " is not in\n" + said);
    }

    private String store() {
        return folder.resolve("store").toString();
    }

    private String bisected(String bug, long seed) {
        assertEquals(
                ExitCode.BROKEN,
                run("run", "late-duplicates", "--seed", "" + seed, "--plant", bug, "--store", store()),
                err::toString);
        assertEquals(ExitCode.HOLDS, run("bisect", store() + "/latest", "--time", "1h"), err::toString);
        return out.toString();
    }

    @Test
    void whatHoldsHasNoCause() {
        String store = folder.resolve("store").toString();
        run("run", "dropped-links", "--seed", "1", "--keep", "--store", store);
        assertEquals(ExitCode.USAGE, run("bisect", Path.of(store, "latest").toString()));
        assertTrue(err.toString().contains("does not fail"), err::toString);
    }

    /** The script that git runs at each commit, beside a dst that says what that commit's would say. */
    @ParameterizedTest
    @CsvSource({
        "'HOLDS   nothing was broken', 3, 0",
        "'BROKEN   T5 is broken by the server', 1, 1",
        "'BROKEN   D1 is broken by the server', 1, 125",
        "'dst: plan.edn: there is no such key', 2, 125",
        "'dst: the build failed', 3, 125"
    })
    void stepSaysWhetherItFailsInTheSameWay(String said, int code, int expected) throws Exception {
        Path failure = Files.createDirectories(folder.resolve("failure"));
        Files.writeString(failure.resolve("verdict.edn"), "{:verdict :broken\n :broken T5\n :by :server}\n");
        assertEquals(expected, step(said, code, failure));
    }

    @Test
    void stepEndsTheBisectionIfThereIsNoFailure() throws Exception {
        assertEquals(255, step("HOLDS   nothing was broken", 0, folder));
    }

    private int step(String said, int code, Path failure) throws IOException, InterruptedException {
        Path tree = Files.createDirectories(folder.resolve("tree"));
        Path dst = tree.resolve("dst");
        Files.writeString(dst, "#!/bin/sh\necho '" + said + "'\nexit " + code + "\n");
        Files.setPosixFilePermissions(dst, PosixFilePermissions.fromString("rwxr-xr-x"));
        Process process = new ProcessBuilder(
                        Path.of("bisect-step").toAbsolutePath().toString(), failure.toString())
                .directory(tree.toFile())
                .redirectErrorStream(true)
                .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS), told);
        return process.exitValue();
    }
}
