package dst.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Patience;
import dst.scenarios.shrink.Isolation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
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
    void findsTheOnePartThatTurnsIt() {
        // It fails with both 3 and 11: whichever comes last in the halving is named, the other one is in what holds.
        Isolation found = Isolation.of(16, parts -> parts.get(3) && parts.get(11));
        assertEquals(11, found.part());
        assertTrue(found.holding().get(3));
        assertEquals(4, found.tries());
        assertEquals(0, Isolation.of(1, _ -> true).part());
        assertThrows(IllegalArgumentException.class, () -> Isolation.of(0, _ -> true));
    }

    @Test
    void namesTheFaultOrOperationAndTheOddSetting() {
        String store = folder.resolve("store").toString();
        assertEquals(
                ExitCode.BROKEN,
                run("run", "late-duplicates", "--seed", "1", "--plant", "overlap-order-ignored", "--store", store),
                err::toString);
        assertEquals(ExitCode.HOLDS, run("bisect", Path.of(store, "latest").toString()), err::toString);
        assertTrue(out.toString().contains("T5 by the server"), out::toString);
        assertTrue(
                out.toString()
                        .matches(
                                "(?s).*The plan, after \\d+ tries:\\s+holds .*broken +with these and operation \\d+ .*"),
                out::toString);
        assertTrue(out.toString().contains("with these and the client's patience"), out::toString);
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
