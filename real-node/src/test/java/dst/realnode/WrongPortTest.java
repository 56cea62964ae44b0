package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who attaches at the port of an NBD server hears what it is. */
class WrongPortTest {
    @TempDir
    Path folder;

    @Test
    void portOfAnNbdServerIsCalledOne() throws IOException, InterruptedException {
        try (Node server = Node.start(
                        folder.resolve("serve.log"),
                        "serve",
                        "--export",
                        "disk=memory:1MiB",
                        "--allow",
                        "127.0.0.1=rw",
                        "--nbd",
                        "127.0.0.1:0",
                        "--control",
                        "none");
                Node attach = Node.begin(
                        folder.resolve("attach.log"),
                        "attach",
                        "--server",
                        server.address("NBD"),
                        "--export",
                        "disk",
                        "--nbd",
                        "127.0.0.1:0",
                        "--control",
                        "none")) {
            String expected = "to " + server.address("NBD") + " closed: H1 this is the port of an NBD server:"
                    + " the one of this protocol is another, usually 4800";
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            String log = "";
            while (!log.contains(expected)) {
                assertTrue(System.nanoTime() < end, log);
                TimeUnit.MILLISECONDS.sleep(50);
                log = Files.readString(folder.resolve("attach.log"));
            }
            assertEquals(0, server.terminate(60));
            attach.terminate(60);
        }
    }
}
