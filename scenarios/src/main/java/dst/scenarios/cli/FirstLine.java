package dst.scenarios.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What another program says of itself when it is asked. */
public final class FirstLine {
    private static final long SECONDS_MAX = 20;

    /** What a terminal is told between letters: colours, and the like. */
    private static final Pattern ESCAPES = Pattern.compile("\\x1b\\[[0-?]*[ -/]*[@-~]|\\x1b[ -/]*[0-~]");

    private FirstLine() {}

    /** The first line that a command prints, without colours, or empty when it fails or takes too long. */
    public static Optional<String> of(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                return process.exitValue() == 0
                        ? output.lines()
                                .findFirst()
                                .map(line -> ESCAPES.matcher(line).replaceAll(""))
                        : Optional.empty();
            }
        } catch (IOException failed) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
