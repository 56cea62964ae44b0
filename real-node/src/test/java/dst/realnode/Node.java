package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dst.protocol.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A node as its users start it: a process of its own, that can be killed. */
final class Node implements AutoCloseable {
    private final List<String> command;
    private final Path log;
    private Process process;
    private final List<String> said = new ArrayList<>();

    private Node(Path log, List<String> command) {
        this.log = log;
        this.command = command;
    }

    /** Starts it, and waits until it is ready. The log gets what it says to people. */
    static Node start(Path log, String... arguments) {
        Node node = begin(log, arguments);
        node.awaitReady();
        return node;
    }

    /** Starts it, and does not wait. */
    static Node begin(Path log, String... arguments) {
        return begin(log, List.of(), List.of(), arguments);
    }

    /** Starts it within limits: a command that starts another one, and options of the virtual machine. */
    static Node startWithin(Path log, List<String> limits, List<String> options, String... arguments) {
        Node node = begin(log, limits, options, arguments);
        node.awaitReady();
        return node;
    }

    private static Node begin(Path log, List<String> limits, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(limits);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-enableassertions:dst..."));
        command.addAll(options);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), "dst.realnode.Main"));
        command.addAll(List.of(arguments));
        Node node = new Node(log, command);
        node.launch();
        return node;
    }

    private CountDownLatch ready = new CountDownLatch(1);

    private void launch() {
        try {
            ready = new CountDownLatch(1);
            CountDownLatch mine = ready;
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Process started = process;
            // A virtual one would keep a carrier while it reads, and there are only so many.
            Thread.ofPlatform().daemon().start(() -> {
                try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        synchronized (said) {
                            said.add(line);
                        }
                        if (line.equals("dst: ready")) {
                            mine.countDown();
                        }
                    }
                } catch (IOException _) {
                    // It has ended, and its output with it.
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() {
        try {
            for (int i = 0; i < Patience.SECONDS * 10; i++) {
                if (ready.await(100, TimeUnit.MILLISECONDS)) {
                    return;
                }
                if (!process.isAlive()) {
                    fail("the node ended: " + said() + "\n" + Files.readString(log));
                }
            }
            fail("the node was not ready in time: " + said() + "\n" + Files.readString(log));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it printed. */
    List<String> said() {
        synchronized (said) {
            return List.copyOf(said);
        }
    }

    /** The address in the line that begins so. */
    String address(String beginning) {
        for (String line : said()) {
            if (line.startsWith("dst: " + beginning + " at ")) {
                return line.substring(("dst: " + beginning + " at ").length());
            }
        }
        return fail("it did not say where it listens: " + said());
    }

    /** As a power cut would end it, without a last word; and starts it again. */
    void killAndRestart() {
        kill();
        launch();
        awaitReady();
    }

    /** As a service manager restarts it; how the one before ended. */
    int restart(long seconds) {
        int code = terminate(seconds);
        launch();
        awaitReady();
        return code;
    }

    void kill() {
        process.destroyForcibly();
        await(30);
    }

    /** SIGTERM; how it ended. */
    int terminate(long seconds) {
        process.destroy();
        return await(seconds);
    }

    /** So many seconds where the machine has nothing else to do; more is a hang only after the patience of all tests. */
    int await(long seconds) {
        try {
            long patience = Math.max(seconds, Patience.SECONDS);
            assertTrue(process.waitFor(patience, TimeUnit.SECONDS), "the node did not end within " + patience + " s");
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** What it writes is written when this is over. */
    @Override
    public void close() {
        kill();
    }
}
