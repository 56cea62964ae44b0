package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data file of a running server is removed, exchanged or cut off by somebody else: nobody is told that all were well. */
class DataFileGoneTest {
    private static final long PATIENCE_SECONDS = 120;
    private static final int SIZE = 1 << 20;
    private static final String EIO = "error 5";

    @TempDir
    Path folder;

    private Path data() {
        return folder.resolve("data.img");
    }

    private Node serve() throws IOException {
        Files.write(data(), new byte[SIZE]);
        return Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=" + data(),
                "--allow",
                "127.0.0.1=rw",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("s.sock").toString());
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("serve.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void endsAloud(Node server, String what) {
        assertEquals(4, server.terminate(PATIENCE_SECONDS), this::log);
        assertTrue(
                log().contains("ERROR d.r.serve.Serving export disk: the data file " + data() + " " + what
                        + " while it was served: what was written is not under that name any more"),
                this::log);
        assertFalse(log().contains("clients were told that the server goes away"), this::log);
    }

    @Test
    void serverWhoseDataFileWasRemovedSaysSoAtItsEnd() throws IOException {
        try (Node server = serve();
                PlainNbd user = PlainNbd.use("127.0.0.1", server.address("NBD"), "disk")) {
            user.write(0, new byte[4096]);
            Files.delete(data());
            endsAloud(server, "was removed");
        }
    }

    @Test
    void serverWhoseDataFileWasExchangedSaysSoAtItsEnd() throws IOException {
        try (Node server = serve();
                PlainNbd user = PlainNbd.use("127.0.0.1", server.address("NBD"), "disk")) {
            user.write(0, new byte[4096]);
            Path other = Files.write(folder.resolve("other.img"), new byte[SIZE]);
            Files.move(other, data(), StandardCopyOption.REPLACE_EXISTING);
            endsAloud(server, "was exchanged for another one");
        }
    }

    @Test
    void exportWhoseDataFileWasRemovedIsNotRemovedInOrder() throws IOException {
        try (Node server = serve()) {
            Files.delete(data());
            Tools.Ran removed =
                    CommandLine.run("ctl", "--control", folder.resolve("s.sock").toString(), "remove", "disk");
            assertEquals(4, removed.code(), removed.text());
            assertTrue(
                    removed.text().startsWith("export disk is removed, and the data file " + data() + " was removed"),
                    removed.text());
            assertEquals(0, server.terminate(PATIENCE_SECONDS), this::log);
        }
    }

    /** Also once a later write has made it as long again, with a hole where something had been flushed. */
    @Test
    void flushOfAFileThatWasCutOffFailsFromThenOn() throws IOException {
        try (Node server = serve();
                PlainNbd user = PlainNbd.use("127.0.0.1", server.address("NBD"), "disk")) {
            user.write(8192, new byte[4096]);
            assertEquals("", flushed(user));
            try (FileChannel file = FileChannel.open(data(), StandardOpenOption.WRITE)) {
                file.truncate(4096);
            }
            user.write(0, new byte[4096]);
            assertEquals(EIO, flushed(user));
            user.write(SIZE - 4096, new byte[4096]);
            assertEquals(EIO, flushed(user));
            assertTrue(
                    log().contains("somebody has cut off the file, which had fewer than the " + SIZE + " bytes"),
                    this::log);
            assertEquals(4, server.terminate(PATIENCE_SECONDS), this::log);
            assertTrue(log().contains("the last flush failed"), this::log);
        }
    }

    private static String flushed(PlainNbd user) {
        try {
            user.flush();
            return "";
        } catch (IOException failed) {
            return String.valueOf(failed.getMessage());
        }
    }
}
