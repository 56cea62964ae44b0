package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code dst proxy} says of the faults that it carried out, and that it says so before it ends. */
class ProxyEndTest {
    @TempDir
    Path folder;

    private Node begin(String plan, String target) throws IOException {
        Path file = Files.writeString(folder.resolve("plan"), plan);
        return Node.begin(
                folder.resolve("log"), "proxy", "--listen", "127.0.0.1:0", "--to", target, "--plan", file.toString());
    }

    private static String awaitLine(Node node, String words) throws InterruptedException {
        // What a process that is over has said arrives soon.
        for (int i = 0; i < (node.isAlive() ? Patience.SECONDS * 10 : 100); i++) {
            for (String line : node.said()) {
                if (line.contains(words)) {
                    return line;
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError("'" + words + "' is not in " + node.said());
    }

    /** Not as Java ends a process: then nobody would hear its last words. */
    private static void terminate(Node node) {
        Tools.well("kill", "-TERM", Long.toString(node.pid()));
        assertEquals(0, node.await(60));
    }

    /** By SIGTERM: a shell lets what it starts in the background ignore Ctrl-C, and this test may be such. */
    @Test
    void whatHitNothingIsMissedAndTheSummaryIsSaidAtASignal() throws Exception {
        try (Node node = begin("at 10ms cut\nat 20ms delay 1s 30ms\nat 1000s cut\n", "127.0.0.1:9")) {
            awaitLine(node, "missed at ");
            assertTrue(awaitLine(node, " cut: ").endsWith("cut: no connection was there"), () -> "" + node.said());
            assertTrue(awaitLine(node, " delay ").contains("nothing to hit"), () -> "" + node.said());
            terminate(node);
            assertEquals(
                    "dst: of 3 faults planned 0 struck, 2 missed: there was nothing to hit, 1 had not come",
                    awaitLine(node, "dst: of "));
        }
    }

    @Test
    void whatLastsStrikesWhenItHitsSomething() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Node node = begin(
                        "at 1ms delay 10ms 1000s\nat-byte to-server 3 flip to-server\n",
                        "127.0.0.1:" + server.getLocalPort())) {
            String said = awaitLine(node, "passes on what comes to ");
            String address = said.replaceAll(".*comes to (\\S+), .*", "$1");
            assertTrue(said.endsWith("2 faults planned"), said);
            int colon = address.lastIndexOf(':');
            try (Socket client =
                            new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
                    Socket accepted = server.accept()) {
                client.getOutputStream().write(new byte[8]);
                assertEquals(8, accepted.getInputStream().readNBytes(8).length);
                awaitLine(node, "delay 10ms 1000s: 1 connection is open");
                awaitLine(node, "flip to-server: 1 connection is open");
            }
            terminate(node);
            assertEquals("dst: of 2 faults planned 2 struck", awaitLine(node, "dst: of "));
        }
    }
}
