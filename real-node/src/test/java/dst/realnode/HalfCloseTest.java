package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On real sockets, too, a goodbye and the end of a peer's direction are no reason not to answer what it asked for before. */
class HalfCloseTest {
    private static final int READS = 500;
    private static final int LENGTH = 64 << 10;
    private static final int SIZE = 16 << 20;
    private static final int DISC = 2;

    @TempDir
    Path folder;

    @Test
    void serverAnswersEverythingThatWasAskedBefore() throws IOException {
        try (Node server = Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=sparse:" + folder.resolve("data.img") + ":" + SIZE,
                "--allow",
                "127.0.0.1=rw",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                "none")) {
            everythingIsAnswered(server.address("NBD"));
            assertEquals(0, server.terminate(30));
        }
    }

    @Test
    void attachedDeviceAnswersEverythingThatWasAskedBefore() throws IOException {
        try (Node server = Node.start(
                        folder.resolve("serve.log"),
                        "serve",
                        "--export",
                        "disk=memory:" + SIZE,
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
                        "none")) {
            everythingIsAnswered(attach.address("NBD"));
            assertEquals(0, attach.terminate(30));
            assertEquals(0, server.terminate(30));
        }
    }

    private static void everythingIsAnswered(String address) throws IOException {
        byte[] content = new byte[LENGTH];
        Arrays.fill(content, (byte) 'x');
        try (PlainNbd user = PlainNbd.use("127.0.0.1", address, "disk")) {
            user.write(0, content);
        }
        for (boolean goodbye : new boolean[] {true, false}) {
            try (PlainNbd user = PlainNbd.use("127.0.0.1", address, "disk")) {
                for (int i = 0; i < READS; i++) {
                    user.request(0, 0, LENGTH, new byte[0]);
                }
                if (goodbye) {
                    user.request(DISC, 0, 0, new byte[0]);
                }
                user.socket.shutdownOutput();
                for (int i = 0; i < READS; i++) {
                    assertArrayEquals(content, user.answer(LENGTH), "answer " + i);
                }
                assertEquals(-1, user.in.read(), "there is something behind the last answer");
            }
        }
    }
}
