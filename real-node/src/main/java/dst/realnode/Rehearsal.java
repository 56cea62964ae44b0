package dst.realnode;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * A server and an attached device that start, find each other and end, so that the JVM learns which classes a node needs (its AOT
 * cache). Not for users.
 */
final class Rehearsal {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private Rehearsal() {}

    public static void main(String[] arguments) {
        int code = 0;
        try {
            rehearse();
        } catch (IOException | InterruptedException | RuntimeException failed) {
            // Whoever waits for the classes does without them; the nodes would wait for ever.
            code = 3;
        }
        System.exit(code);
    }

    private static void rehearse() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("dst");
        String protocol = "unix:" + folder.resolve("p");
        Path serveControl = folder.resolve("s");
        Path attachControl = folder.resolve("a");
        Thread serve = begin(
                "serve",
                "--export",
                "disk=memory:1MiB",
                "--allow",
                "unix=rw",
                "--listen",
                protocol,
                "--nbd",
                "unix:" + folder.resolve("n"),
                "--nbd",
                "127.0.0.1:0",
                "--control",
                serveControl.toString());
        Thread attach = begin(
                "attach",
                "--server",
                protocol,
                "--export",
                "disk",
                "--nbd",
                "unix:" + folder.resolve("d"),
                "--control",
                attachControl.toString());
        until(attachControl, serveControl);
        run("ctl", "status", "--control", serveControl.toString());
        run("detach", "--control", attachControl.toString());
        attach.join();
        run("ctl", "drain", "--control", serveControl.toString());
        serve.join();
        try (var left = Files.list(folder)) {
            for (Path file : left.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    /** Both listen, and the device is there. */
    private static void until(Path attachControl, Path serveControl) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < end) {
            if (Files.exists(serveControl)
                    && Files.exists(attachControl)
                    && run("ctl", "status", "--control", attachControl.toString())
                            .contains("links      1")) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException("the device was not attached");
    }

    private static Thread begin(String... arguments) {
        return Thread.ofPlatform().start(() -> run(arguments));
    }

    private static String run(String... arguments) {
        StringBuilder said = new StringBuilder();
        PrintWriter writer = new PrintWriter(new Writer() {
            @Override
            public void write(char[] letters, int from, int length) {
                said.append(letters, from, length);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        CommandLine command = Main.commandLine();
        command.setOut(writer);
        command.setErr(writer);
        command.execute(arguments);
        return said.toString();
    }
}
