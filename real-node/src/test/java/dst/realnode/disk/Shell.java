package dst.realnode.disk;

import dst.protocol.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Programs of the machine that a test cannot do without. */
final class Shell {
    private Shell() {}

    /** What the program printed; it has to end well. */
    static String run(String... command) {
        Ran ran = tryRun(command);
        if (ran.code != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + ran.printed);
        }
        return ran.printed.strip();
    }

    /** As above; if the machine does not allow it, the test needs another machine. */
    static String require(String... command) {
        Tools.require(command[0]);
        Ran ran = tryRun(command);
        Tools.require(ran.code == 0, String.join(" ", command) + " is not possible here: " + ran.printed);
        return ran.printed.strip();
    }

    private record Ran(int code, String printed) {}

    private static Ran tryRun(String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
            Process process = builder.start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), printed);
        } catch (IOException | InterruptedException failed) {
            return new Ran(-1, String.valueOf(failed.getMessage()));
        }
    }
}
