package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dst.protocol.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of other projects, run with a limit of time. */
final class Tools {
    private Tools() {}

    /** What a program printed, both streams together, and how it ended. */
    record Ran(int code, String text) {}

    /** A test without this program is skipped; where tests may not be skipped it fails. */
    static void need(String program, String debianPackage) {
        boolean there = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!there && System.getenv("DST_CI") != null) {
            fail("the program " + program + " is missing: apt-get install " + debianPackage);
        }
        assumeTrue(there, program + " is missing: apt-get install " + debianPackage);
    }

    static Ran run(String... command) {
        return run(Patience.SECONDS, command);
    }

    static Ran run(long seconds, String... command) {
        try {
            Path out = Files.createTempFile("dst-tool", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .start();
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    fail(String.join(" ", command) + " did not end within " + seconds + " s:\n"
                            + Files.readString(out));
                }
                return new Ran(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1));
            } finally {
                Files.delete(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it printed; fails if it says that it failed. */
    static String well(String... command) {
        Ran ran = run(command);
        assertEquals(0, ran.code, String.join(" ", command) + "\n" + ran.text);
        return ran.text;
    }
}
