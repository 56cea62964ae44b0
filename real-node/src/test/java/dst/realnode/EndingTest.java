package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Ports;
import dst.realnode.disk.ForeignServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** L5, L6: what a node says of its end, and its exit code, is no more than what is so. */
class EndingTest {
    private static final long PATIENCE_SECONDS = 120;
    private static final String ON_DISK = "everything is on the server's disk";

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
        return ForeignServer.nbdkit(
                folder,
                "eval",
                "get_size=echo 1048576",
                "pread=head -c $3 /dev/zero",
                "can_write=exit 0",
                "can_flush=exit 0",
                "can_fua=echo native",
                "pwrite=while [ -e " + hanging() + " ]; do sleep 0.05; done; cat >/dev/null",
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

    private Node attach(Node server, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "attach",
                "--server",
                server.address("the protocol"),
                "--export",
                "disk",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("a.sock").toString()));
        words.addAll(List.of(more));
        return Node.start(folder.resolve("attach.log"), words.toArray(String[]::new));
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
                    log("serve.log")
                            .contains(
                                    " WARN  d.r.serve.Serving the last flush failed: what was written and not flushed before may"
                                            + " be lost"),
                    () -> log("serve.log"));
            assertFalse(log("serve.log").contains("before the server had to end"), () -> log("serve.log"));
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
        int nobody = Ports.next();
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
    void drainAfterARemovalIsInOrder() throws IOException {
        try (ForeignServer disk = disk();
                Node server = serve(disk)) {
            Tools.Ran removed = run("ctl", "s.sock", "remove", "disk");
            assertEquals(0, removed.code(), removed.text());
            assertEquals(
                    0, server.terminate(PATIENCE_SECONDS), () -> server.said().toString());
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
            assertFalse(detached.text().contains(ON_DISK), detached.text());
            assertEquals(4, attach.await(PATIENCE_SECONDS));
            assertSaid(attach, "detached at the deadline");
            Files.delete(hanging());
        }
    }

    /** The deadline of a signal is the one of the command line. */
    @Test
    void signalThatLeavesSomethingUnderWayIsNotInOrder() throws IOException {
        try (ForeignServer disk = disk();
                Node server = serve(disk);
                Node attach = attach(server, "--drain", "1s");
                PlainNbd user = PlainNbd.use("127.0.0.1", attach.address("NBD"), "disk")) {
            Files.createFile(hanging());
            user.request(1, 0, 4096, new byte[4096]);
            // Not by the process's own handle, which would close what it says as well.
            Tools.well("kill", "-TERM", String.valueOf(attach.pid()));
            assertEquals(4, attach.await(PATIENCE_SECONDS));
            assertSaid(attach, "detached at the deadline");
            Files.delete(hanging());
        }
    }

    /** Nothing is under way, and what was acknowledged cannot be flushed any more. */
    @Test
    void detachFromAServerThatIsGoneNamesWhatMayBeLost() throws IOException {
        try (ForeignServer disk = disk();
                Node server = serve(disk);
                Node attach = attach(server);
                PlainNbd user = PlainNbd.use("127.0.0.1", attach.address("NBD"), "disk")) {
            user.write(8192, new byte[4096]);
            server.kill();
            Tools.Ran detached = run("detach", "a.sock", "--deadline", "1s");
            assertEquals(4, detached.code(), detached.text());
            assertEquals(4, attach.await(PATIENCE_SECONDS));
            assertSaid(attach, "acknowledged and perhaps lost: 4096 bytes at 8192");
        }
    }

    /** What it said of its end is this, and not that everything were in order; its output may come after its exit code. */
    private static void assertSaid(Node node, String words) {
        long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        while (node.said().stream().noneMatch(line -> line.contains(words))) {
            assertTrue(System.nanoTime() < end, () -> "it never said " + words + ": " + node.said());
            Thread.onSpinWait();
        }
        assertTrue(
                node.said().stream().noneMatch(line -> line.contains(ON_DISK)),
                () -> node.said().toString());
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
            assertTrue(detached.text().contains(ON_DISK), detached.text());
            assertFalse(detached.text().contains("not there to be told"), detached.text());
            assertEquals(0, attach.await(PATIENCE_SECONDS));
            assertFalse(log("attach.log").contains("no link is left"), () -> log("attach.log"));
            assertTrue(log("attach.log").contains(" closed: detached"), () -> log("attach.log"));
        }
    }

    /** What the server said of its end is that all is durable; of this client's end it hears nothing. */
    @Test
    void detachFromAServerThatHasEndedInOrderSaysThatItWasNotTold() throws IOException {
        try (ForeignServer disk = disk();
                Node server = serve(disk);
                Node attach = attach(server);
                PlainNbd user = PlainNbd.use("127.0.0.1", attach.address("NBD"), "disk")) {
            user.write(0, new byte[4096]);
            assertEquals(0, server.terminate(PATIENCE_SECONDS), () -> log("serve.log"));
            Tools.Ran detached = run("detach", "a.sock");
            assertEquals(4, detached.code(), detached.text());
            assertEquals(
                    "detached: " + ON_DISK
                            + ", but the server was not there to be told: when it is back it keeps the export"
                            + " for this client, until dst attach takes it over; to end that detach again then",
                    detached.text().strip());
            assertEquals(4, attach.await(PATIENCE_SECONDS));
        }
    }
}
