package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * L6 on real processes: a server that is asked to end and is started again is not noticed by whoever is attached. Fifty times: {@code mvn
 * test -pl real-node -am -Dtest=RestartTest -Ddst.restarts=50 -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class RestartTest {
    private static final int RESTARTS = Integer.getInteger("dst.restarts", 5);
    private static final long PATIENCE_SECONDS = 120;
    private static final Pattern LONGEST =
            Pattern.compile("\"clat_ns\"\\s*:\\s*\\{\\s*\"min\"\\s*:\\s*\\d+,\\s*\"max\"\\s*:\\s*(\\d+)");

    private static final Pattern NO_ERROR = Pattern.compile("\"error\"\\s*:\\s*0\\b");
    private static final Pattern OPERATIONS = Pattern.compile("operations ([0-9,]+)");

    @TempDir
    Path folder;

    private Path data() {
        return folder.resolve("data.img");
    }

    private Node serve(String kind) {
        return Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=" + kind + data(),
                "--allow",
                "unix=rw",
                "--allow",
                "127.0.0.1=rw",
                "--listen",
                "unix:" + folder.resolve("p.sock"),
                "--nbd",
                "127.0.0.1:0",
                "--referee",
                "--drain",
                "10m",
                "--control",
                folder.resolve("s.sock").toString());
    }

    private Node attach() {
        return Node.start(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                "unix:" + folder.resolve("p.sock"),
                "--export",
                "disk",
                "--nbd",
                "127.0.0.1:0",
                "--referee",
                "--control",
                folder.resolve("a.sock").toString());
    }

    private String log(String name) throws IOException {
        Path log = folder.resolve(name);
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** What is not flushed when the process ends is gone, so that an end that does not flush is seen. */
    @Test
    void restartsAreNotNoticedByWhoeverIsAttached() throws IOException, InterruptedException {
        Tools.need("fio", "fio");
        Files.write(data(), new byte[32 << 20]);
        try (Node server = serve("volatile:");
                Node attach = attach()) {
            Process load = verify("nbd://" + attach.address("NBD") + "/disk");
            try {
                for (int restart = 1; restart <= RESTARTS; restart++) {
                    awaitOperations(300, load);
                    assertEquals(0, server.restart(PATIENCE_SECONDS), () -> said("serve.log"));
                }
                awaitOperations(300, load);
                load.destroy();
                assertTrue(load.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
            } finally {
                load.destroyForcibly();
            }
            String text = log("fio.json");
            assertTrue(text.contains("terminating on signal 15"), text);
            assertTrue(NO_ERROR.matcher(text).find(), () -> text + said("attach.log"));
            assertEquals(0, attach.terminate(PATIENCE_SECONDS), () -> said("attach.log"));
            assertEquals(0, server.terminate(PATIENCE_SECONDS), () -> said("serve.log"));
            System.out.printf(
                    "%d restarts of the server under fio: no error, nothing lost; the longest wait was %d ms%n",
                    RESTARTS, TimeUnit.NANOSECONDS.toMillis(longestWait(text)));
        }
        for (String name : List.of("serve.log", "attach.log")) {
            assertFalse(log(name).contains("broken"), () -> said(name));
        }
    }

    /** For as long as it is let; what was written is read again and compared soon after. */
    private Process verify(String uri) throws IOException {
        return new ProcessBuilder(
                        "fio",
                        "--name=restarted",
                        "--ioengine=nbd",
                        "--uri=" + uri,
                        "--rw=randrw",
                        "--bs=4k",
                        "--iodepth=16",
                        "--size=16M",
                        "--verify=crc32c",
                        "--verify_backlog=256",
                        "--verify_fatal=1",
                        "--time_based",
                        "--runtime=86400",
                        "--rate_iops=1000",
                        "--fsync=100",
                        "--output-format=json")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("fio.json").toFile())
                .start();
    }

    private static long longestWait(String text) {
        long longest = 0;
        for (Matcher found = LONGEST.matcher(text); found.find(); ) {
            longest = Math.max(longest, Long.parseLong(found.group(1)));
        }
        return longest;
    }

    /** So many operations more have been done, by the server's own word. */
    private void awaitOperations(long more, Process load) throws IOException, InterruptedException {
        long wanted = operations() + more;
        while (operations() < wanted) {
            assertTrue(load.isAlive(), () -> "the load has ended: " + said("fio.json"));
            Thread.sleep(10);
        }
    }

    private long operations() throws IOException {
        try (SocketChannel control = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            control.connect(UnixDomainSocketAddress.of(folder.resolve("s.sock")));
            control.write(ByteBuffer.wrap("status\n".getBytes(StandardCharsets.US_ASCII)));
            String status = new String(Channels.newInputStream(control).readAllBytes(), StandardCharsets.UTF_8);
            Matcher said = OPERATIONS.matcher(status);
            assertTrue(said.find(), status);
            return Long.parseLong(said.group(1).replace(",", ""));
        }
    }

    private Tools.Ran ctl(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                "dst.realnode.Main",
                "ctl",
                "--control",
                folder.resolve("s.sock").toString()));
        command.addAll(List.of(words));
        return Tools.run(command.toArray(String[]::new));
    }

    private String said(String name) {
        try {
            return name + ":\n" + log(name);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The drain's own time is ten minutes. */
    @Test
    void drainDoesNotWaitForWhoeverOnlyHoldsTheExport() throws IOException {
        Files.write(data(), new byte[1 << 20]);
        try (Node server = serve("");
                Node attach = attach();
                PlainNbd idle = PlainNbd.use("127.0.0.1", attach.address("NBD"), "disk")) {
            idle.write(0, new byte[4096]);
            Tools.Ran drained = ctl("drain", "--deadline", "10m");
            assertEquals(0, drained.code(), drained.text());
            assertTrue(drained.text().contains("everything was answered and flushed"), drained.text());
            assertEquals(0, server.await(PATIENCE_SECONDS));
            assertTrue(attach.isAlive());
        }
    }

    @Test
    void drainDoesNotWaitForAnIdleNbdConnection() throws IOException {
        Files.write(data(), new byte[1 << 20]);
        try (Node server = serve("");
                PlainNbd idle = PlainNbd.use("127.0.0.1", server.address("NBD"), "disk")) {
            idle.write(0, new byte[4096]);
            assertEquals(0, server.terminate(PATIENCE_SECONDS), () -> said("serve.log"));
        }
    }

    @Test
    void nextAttachIsWarnedAfterAKillAndNotAfterAnOrderlyEnd() throws IOException {
        Files.write(data(), new byte[1 << 20]);
        try (Node server = serve("")) {
            try (Node attach = attach();
                    PlainNbd user = PlainNbd.use("127.0.0.1", attach.address("NBD"), "disk")) {
                user.write(0, new byte[4096]);
                attach.kill();
            }
            assertEquals(0, server.restart(PATIENCE_SECONDS), () -> said("serve.log"));
            try (Node attach = attach()) {
                assertFalse(log("attach.log").contains("as after a power cut"), () -> said("attach.log"));
                attach.kill();
            }
            server.killAndRestart();
            try (Node attach = attach()) {
                assertTrue(log("attach.log").contains("as after a power cut"), () -> said("attach.log"));
                assertEquals(0, attach.terminate(PATIENCE_SECONDS));
            }
        }
    }
}
