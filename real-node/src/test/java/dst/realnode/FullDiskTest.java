package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dst.realnode.disk.ForeignServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R3: that a disk is full is told by its own number, however many machines are between it and whoever writes. */
class FullDiskTest {
    private static final int WRITE_ZEROES = 6;

    @TempDir
    Path folder;

    @Test
    void fullDiskOfTheServerIsToldAsFullByAnAttachedDevice() throws IOException {
        Tools.need("nbdkit", "nbdkit");
        try (ForeignServer foreign = ForeignServer.nbdkit(
                        folder,
                        "--filter=error",
                        "memory",
                        "16M",
                        "error=ENOSPC",
                        "error-pwrite-rate=1",
                        "error-zero-rate=1");
                Node server = Node.start(
                        folder.resolve("serve.log"),
                        "serve",
                        "--export",
                        "disk=" + foreign.source("") + ",state=" + folder.resolve("state"),
                        "--allow",
                        "127.0.0.1=rw",
                        "--listen",
                        "127.0.0.1:0",
                        "--control",
                        "none");
                Node attach = Node.start(
                        folder.resolve("attach.log"),
                        "attach",
                        "--server",
                        server.address("the protocol"),
                        "--export",
                        "disk",
                        "--nbd",
                        "127.0.0.1:0",
                        "--control",
                        "none");
                PlainNbd user = PlainNbd.use("127.0.0.1", attach.address("NBD"), "disk")) {
            assertEquals(
                    "error 28",
                    assertThrows(IOException.class, () -> user.write(4096, new byte[4096]))
                            .getMessage());
            user.request(WRITE_ZEROES, 0, 4096, new byte[0]);
            assertEquals(
                    "error 28",
                    assertThrows(IOException.class, () -> user.answer(0)).getMessage());
            assertEquals(0, user.read(4096, 512)[0]);
        }
    }
}
