package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.realnode.disk.ForeignServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** L5, L6: what a node says of its end, and its exit code, is no more than what is so. */
class EndingTest {
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    Path folder;

    private Path failing() {
        return folder.resolve("failing");
    }

    private Path hanging() {
        return folder.resolve("hanging");
    }

    /** A disk whose next flush fails, once, if there is a file that says so; and whose writes hang for as long as there is another. */
    private ForeignServer disk() {
        Tools.need("nbdkit", "nbdkit");
        Path content = folder.resolve("content");
        return ForeignServer.nbdkit(
                folder,
                "eval",
                "get_size=echo 1048576",
                "pread=head -c $3 /dev/zero",
                "can_write=exit 0",
                "can_flush=exit 0",
                "can_fua=echo native",
                "pwrite=while [ -e " + hanging() + " ]; do sleep 0.05; done; cat >" + content,
                "flush=if rm " + failing() + " 2>/dev/null; then echo EIO failed as asked >&2; exit 1; fi");
    }

    private Node serve(ForeignServer disk) {
        return Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=" + disk.source("") + ",state=" + folder.resolve("state"),
                "--allow",
                "127.0.0.1=rw",
                "--listen",
                "127.0.0.1:0",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("s.sock").toString());
    }

    private Node attach(Node server) {
        return Node.start(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                server.address("the protocol"),
                "--export",
                "disk",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("a.sock").toString());
    }

    private Tools.Ran run(String command, String socket, String... words) {
        List<String> all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                "dst.realnode.Main",
                command,
                "--control",
                folder.resolve(socket).toString()));
        all.addAll(List.of(words));
        return Tools.run(all.toArray(String[]::new));
    }

    private String log(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A flush that is tried again after it failed ends well, whatever became of what it was to write. */
    @Test
    void serverWithNbdUsersWhoseLastFlushFailsSaysSo() throws IOException {
        try (ForeignServer disk = disk();
                Node server = serve(disk);
                PlainNbd user = PlainNbd.use("127.0.0.1", server.address("NBD"), "disk")) {
            user.write(0, new byte[4096]);
            Files.createFile(failing());
            assertEquals(4, server.terminate(PATIENCE_SECONDS), () -> log("serve.log"));
            assertFalse(Files.exists(failing()), "the flush that was to fail was not asked for");
            assertTrue(
                    log("serve.log").contains("not everything could be answered and flushed"), () -> log("serve.log"));
        }
    }

    @Test
    void removalWhoseFlushFailsIsNotInOrder() throws IOException {
        try (ForeignServer disk = disk();
                Node server = serve(disk);
                PlainNbd user = PlainNbd.use("127.0.0.1", server.address("NBD"), "disk")) {
            user.write(0, new byte[4096]);
            Files.createFile(failing());
            Tools.Ran removed = run("ctl", "s.sock", "remove", "disk", "--deadline", "10m");
            assertEquals(4, removed.code(), removed.text());
            assertTrue(removed.text().contains("not everything was in order"), removed.text());
        }
    }

    /** What hangs does not end before the test lets it. */
    @Test
    void removalKeepsItsDeadlineWhateverTheDiskDoes() throws IOException {
        try (ForeignServer disk = disk();
                Node server = serve(disk);
                PlainNbd user = PlainNbd.use("127.0.0.1", server.address("NBD"), "disk")) {
            Files.createFile(hanging());
            user.request(1, 0, 4096, new byte[4096]);
            Tools.Ran removed = run("ctl", "s.sock", "remove", "disk", "--deadline", "1s");
            assertEquals(4, removed.code(), removed.text());
            Files.delete(hanging());
        }
    }

    @Test
    void attachThatNeverConnectedDoesNotSayThatAnythingIsOnADisk() throws IOException {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            nobody = free.getLocalPort();
        }
        try (Node attach = Node.begin(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                "127.0.0.1:" + nobody,
                "--export",
                "disk",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("a.sock").toString())) {
            awaitSaid(attach, "NBD at");
            Tools.Ran detached = run("detach", "a.sock");
            assertEquals(0, detached.code(), detached.text());
            assertTrue(detached.text().contains("had never been attached"), detached.text());
            assertFalse(detached.text().contains("is on the server's disk"), detached.text());
            assertEquals(0, attach.await(PATIENCE_SECONDS));
        }
    }

    private static void awaitSaid(Node node, String words) {
        long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        while (node.said().stream().noneMatch(line -> line.contains(words))) {
            assertTrue(System.nanoTime() < end && node.isAlive(), () -> "it never said " + words + ": " + node.said());
            Thread.onSpinWait();
        }
    }

    @Test
    void detachThatLeavesSomethingUnderWayIsNotInOrder() throws IOException {
        try (ForeignServer disk = disk();
                Node server = serve(disk);
                Node attach = attach(server);
                PlainNbd user = PlainNbd.use("127.0.0.1", attach.address("NBD"), "disk")) {
            Files.createFile(hanging());
            user.request(1, 0, 4096, new byte[4096]);
            Tools.Ran detached = run("detach", "a.sock", "--deadline", "1s");
            assertEquals(4, detached.code(), detached.text());
            assertTrue(detached.text().contains("at the deadline"), detached.text());
            assertEquals(4, attach.await(PATIENCE_SECONDS));
            Files.delete(hanging());
        }
    }

    @Test
    void detachInOrderIsInOrder() throws IOException {
        try (ForeignServer disk = disk();
                Node server = serve(disk);
                Node attach = attach(server);
                PlainNbd user = PlainNbd.use("127.0.0.1", attach.address("NBD"), "disk")) {
            user.write(0, new byte[4096]);
            Tools.Ran detached = run("detach", "a.sock");
            assertEquals(0, detached.code(), detached.text());
            assertTrue(detached.text().contains("everything is on the server's disk"), detached.text());
            assertEquals(0, attach.await(PATIENCE_SECONDS));
        }
    }
}
