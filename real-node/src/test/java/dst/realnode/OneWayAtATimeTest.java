package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dst.protocol.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An export is one client's of the protocol, or any number of NBD connections', never both at once. */
class OneWayAtATimeTest {
    @TempDir
    Path folder;

    private Node serve() {
        return Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=memory:16MiB",
                "--allow",
                "127.0.0.1=rw",
                "--allow",
                "unix=rw",
                "--listen",
                "unix:" + folder.resolve("p.sock"),
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("s.sock").toString());
    }

    private Node attach() {
        return Node.begin(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                "unix:" + folder.resolve("p.sock"),
                "--export",
                "disk",
                "--nbd",
                "unix:" + folder.resolve("n.sock"),
                "--control",
                folder.resolve("a.sock").toString());
    }

    @Test
    void nbdIsRefusedWhileAClientOfTheProtocolHoldsTheExport() throws IOException, InterruptedException {
        Tools.need("nbdinfo", "libnbd-bin");
        try (Node server = serve();
                Node attach = attach()) {
            attach.awaitReady();
            String uri = "nbd://" + server.address("NBD") + "/disk";
            Tools.Ran refused = Tools.run("nbdinfo", "--size", uri);
            assertNotEquals(0, refused.code(), refused.text());
            awaitLine("a client of the protocol holds it");
            assertEquals(0, attach.terminate(30));
            assertEquals(
                    16 << 20,
                    Integer.parseInt(Tools.well("nbdinfo", "--size", uri).strip()));
            assertEquals(0, server.terminate(30));
        }
    }

    @Test
    void clientOfTheProtocolWaitsUntilTheLastNbdConnectionIsGone() throws IOException, InterruptedException {
        Tools.need("nbdsh", "python3-libnbd");
        try (Node server = serve()) {
            String script = "import nbd, sys\nh = nbd.NBD()\nh.connect_uri(sys.argv[1])\nprint('in', flush=True)\n"
                    + "sys.stdin.readline()\nh.pwrite(b'n' * 512, 0)\nh.shutdown()";
            Process user = new ProcessBuilder(
                            "/usr/bin/python3", "-c", script, "nbd://" + server.address("NBD") + "/disk")
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader said =
                            new BufferedReader(new InputStreamReader(user.getInputStream(), StandardCharsets.UTF_8));
                    OutputStream asked = user.getOutputStream();
                    Node attach = attach()) {
                assertEquals("in", said.readLine());
                // The client is in its handshake, and not let in: it has been seen, and nothing holds the export but
                // NBD.
                awaitLine("a client waits until it is not used over NBD any more");
                assertFalse(attach.said().contains("dst: ready"), attach.said().toString());
                asked.write('\n');
                asked.flush();
                assertEquals(0, user.waitFor());
                attach.awaitReady();
                String reader =
                        "import nbd, sys\nh = nbd.NBD()\nh.connect_uri(sys.argv[1])\nprint(h.pread(512, 0)[:4].decode())";
                String read = Tools.well(
                        "/usr/bin/python3", "-c", reader, "nbd+unix:///disk?socket=" + folder.resolve("n.sock"));
                assertEquals("nnnn", read.strip());
                assertEquals(0, attach.terminate(30));
            } finally {
                user.destroyForcibly();
            }
            assertEquals(0, server.terminate(30));
        }
    }

    private void awaitLine(String text) {
        Patience.until(
                () -> Files.readString(folder.resolve("serve.log")).contains(text),
                () -> "the server did not say: " + text);
    }
}
