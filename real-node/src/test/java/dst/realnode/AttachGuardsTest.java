package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attached device and programs on its machine that are up to no good: its guards are the server's. */
class AttachGuardsTest {
    private static final String HOSTILE = "127.0.0.2";

    @TempDir
    Path folder;

    private Node server;
    private Node attach;
    private String nbd;

    @BeforeEach
    void start() {
        server = Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=memory:16MiB",
                "--allow",
                "127.0.0.1=rw",
                "--listen",
                "127.0.0.1:0",
                "--control",
                folder.resolve("serve.sock").toString());
        attach = Node.start(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                server.address("the protocol"),
                "--export",
                "disk",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("attach.sock").toString());
        nbd = attach.address("NBD");
    }

    @AfterEach
    void end() {
        assertEquals(0, attach.terminate(30), () -> attach.said().toString());
        assertEquals(0, server.terminate(30), () -> server.said().toString());
    }

    @Test
    void namesForgeNoLineOfTheLogAndDoNotFillIt() throws Exception {
        byte[] name = ("x\n2026-01-01T00:00:00.000Z ERROR forged\u001b[2J\u202e" + "y".repeat(3000))
                .getBytes(StandardCharsets.UTF_8);
        long began = System.nanoTime();
        for (int connection = 0; connection < 50; connection++) {
            try (PlainNbd peer = new PlainNbd(HOSTILE, nbd)) {
                peer.greet();
                for (int i = 0; i < 100; i++) {
                    peer.option(7, 4 + name.length + 2);
                    peer.out.writeInt(name.length);
                    peer.out.write(name);
                    peer.out.writeShort(0);
                }
                peer.option(1, name.length);
                peer.out.write(name);
                peer.in.readAllBytes();
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        try (PlainNbd newcomer = PlainNbd.use("127.0.0.1", nbd, "disk")) {
            newcomer.read(0, 4096);
        }
        List<String> lines = Files.readAllLines(folder.resolve("attach.log"));
        assertTrue(lines.size() < 21 * (seconds + 3), lines.size() + " lines in " + seconds + " s");
        assertTrue(lines.stream().noneMatch(line -> line.startsWith("2026-01-01T00:00:00.000Z ERROR")));
        assertTrue(lines.stream()
                .allMatch(line -> line.length() < 500 && line.chars().noneMatch(it -> it == 27)));
        assertTrue(lines.stream().anyMatch(line -> line.contains("was turned away: R6: there is no export 'x?2026")));
        assertTrue(lines.stream().noneMatch(line -> line.contains("\u202e")));
    }
}
