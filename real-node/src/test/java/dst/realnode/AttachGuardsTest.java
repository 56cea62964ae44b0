package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
                "--export",
                "little=memory:16MiB",
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

    @Test
    void silentAndIdleConnectionsKeepNobodyOut() throws Exception {
        List<PlainNbd> open = new ArrayList<>();
        try (PlainNbd user = PlainNbd.use("127.0.0.1", nbd, "disk")) {
            user.read(0, 4096);
            for (int i = 0; i < 300; i++) {
                open.add(PlainNbd.use(HOSTILE, nbd, "disk"));
                open.add(new PlainNbd(HOSTILE, nbd));
            }
            try (PlainNbd other = PlainNbd.use("127.0.0.1", nbd, "disk");
                    PlainNbd same = PlainNbd.use(HOSTILE, nbd, "disk")) {
                other.read(0, 4096);
                same.read(0, 4096);
            }
            user.read(0, 4096);
        } finally {
            open.forEach(PlainNbd::close);
        }
    }

    /** More than fits is asked for by each of them: what has no room waits with the program. */
    @Test
    void deepQueuesUnderLittleMemoryAreSlowedDownAndNotDropped() throws Exception {
        try (Node little = Node.startWithin(
                folder.resolve("little.log"),
                List.of(),
                List.of("-Xmx64m", "-XX:MaxDirectMemorySize=192m", "-Dio.netty.maxDirectMemory=201326592"),
                "attach",
                "--server",
                server.address("the protocol"),
                "--export",
                "little",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("little.sock").toString())) {
            List<Thread> users = new ArrayList<>();
            List<Throwable> wrong = new CopyOnWriteArrayList<>();
            for (int number = 0; number < 16; number++) {
                long offset = (long) number << 20;
                users.add(Thread.ofPlatform().start(() -> {
                    try {
                        pipelines(little.address("NBD"), offset);
                    } catch (IOException | RuntimeException failed) {
                        wrong.add(failed);
                    }
                }));
            }
            for (Thread user : users) {
                user.join();
            }
            assertEquals(List.of(), wrong);
            assertEquals(0, little.terminate(60), () -> little.said().toString());
            assertTrue(Files.readString(folder.resolve("little.log")).lines().noneMatch(it -> it.contains("R7")));
        }
    }

    /** Writes and reads a MiB many times without waiting for answers, and then takes them. */
    private static void pipelines(String nbd, long offset) throws IOException {
        int count = 24;
        try (PlainNbd user = PlainNbd.use("127.0.0.1", nbd, "little")) {
            user.socket.setSoTimeout(300_000);
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        user.request(1, offset, 1 << 20, new byte[1 << 20]);
                        user.request(0, offset, 1 << 20, new byte[0]);
                    }
                } catch (IOException lost) {
                    // Whoever reads sees it too.
                }
            });
            byte[] content = new byte[1 << 20];
            for (int answers = 0; answers < 2 * count; answers++) {
                if (user.answered() % 2 == 0) {
                    user.in.readFully(content);
                }
            }
            writer.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
