package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets and disks by the byte, from several connections at once, and 64 MiB in one request. */
class AnyBytesTest {
    private static final int MIB = 1 << 20;
    private static final int USERS = 4;
    private static final int WRITES = 400;
    private static final long SEED = Long.getLong("dst.bytes.seed", 11);

    @TempDir
    Path folder;

    private Node serve(String source, String door, String... more) {
        return start(
                more,
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=" + source,
                "--allow",
                "127.0.0.1=rw",
                door,
                "127.0.0.1:0",
                "--control",
                "none");
    }

    private static Node start(String[] more, Path log, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return Node.start(log, all.toArray(String[]::new));
    }

    private Node attach(Node server, String... more) {
        return start(
                more,
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
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory:1MiB", "file"})
    void usersOfOneServersBlocksLoseNothing(String source) throws Exception {
        String disk = source.equals("file") ? "sparse:" + folder.resolve("data.img") + ":1MiB" : source;
        try (Node server = serve(disk, "--nbd")) {
            nothingIsLost(server.address("NBD"));
            assertEquals(0, server.terminate(60));
        }
    }

    @Test
    void usersOfOneAttachedDevicesBlocksLoseNothing() throws Exception {
        try (Node server = serve("memory:1MiB", "--listen");
                Node attach = attach(server)) {
            nothingIsLost(attach.address("NBD"));
            assertEquals(0, attach.terminate(60));
            assertEquals(0, server.terminate(60));
        }
    }

    /** Each user has bytes of its own, which lie between those of the others in the same blocks. */
    private static void nothingIsLost(String address) throws Exception {
        List<Callable<byte[]>> users = new ArrayList<>();
        for (int number = 0; number < USERS; number++) {
            int mine = number;
            users.add(() -> write(address, mine));
        }
        try (ExecutorService each = Executors.newFixedThreadPool(USERS)) {
            List<Future<byte[]>> written = each.invokeAll(users);
            try (PlainNbd reader = PlainNbd.use("127.0.0.1", address, "disk")) {
                byte[] all = reader.read(0, PLACES * USERS * PLACE);
                for (int number = 0; number < USERS; number++) {
                    byte[] expected = written.get(number).get();
                    for (int at = 0; at < expected.length; at++) {
                        int place = (at / PLACE * USERS + number) * PLACE + at % PLACE;
                        assertEquals(expected[at], all[place], "seed " + SEED + ", user " + number + ", byte " + place);
                    }
                }
            }
        }
    }

    private static final int PLACE = 100;
    private static final int PLACES = 10;

    private static byte[] write(String address, int number) throws IOException {
        Random random = new Random(SEED + number);
        byte[] mine = new byte[PLACES * PLACE];
        try (PlainNbd user = PlainNbd.use("127.0.0.1", address, "disk")) {
            for (int i = 0; i < WRITES; i++) {
                int place = random.nextInt(PLACES);
                byte[] content = new byte[1 + random.nextInt(PLACE)];
                random.nextBytes(content);
                int from = random.nextInt(PLACE - content.length + 1);
                user.write((place * USERS + number) * (long) PLACE + from, content);
                System.arraycopy(content, 0, mine, place * PLACE + from, content.length);
            }
        }
        return mine;
    }

    @Test
    void largestRequestGoesThroughBothWays() throws IOException {
        try (Node server = serve("sparse:" + folder.resolve("data.img") + ":80MiB", "--nbd")) {
            largeContentComesBack(server.address("NBD"));
            assertEquals(0, server.terminate(60));
        }
        try (Node server = serve(folder.resolve("data.img").toString(), "--listen");
                Node attach = attach(server)) {
            largeContentComesBack(attach.address("NBD"));
            assertEquals(0, attach.terminate(60));
            assertEquals(0, server.terminate(60));
        }
    }

    private static void largeContentComesBack(String address) throws IOException {
        byte[] content = new byte[64 * MIB];
        new Random(SEED).nextBytes(content);
        try (PlainNbd user = PlainNbd.use("127.0.0.1", address, "disk")) {
            user.write(12_345, content);
            assertArrayEquals(content, user.read(12_345, content.length));
            assertEquals(0, user.read(12_344, 1)[0]);
            assertEquals(0, user.read(12_345 + content.length, 1)[0]);
        }
    }

    @Test
    void fileOfAnyLengthIsServedToItsLastByte() throws IOException {
        byte[] content = new byte[2_000_003];
        new Random(SEED).nextBytes(content);
        Path file = Files.write(folder.resolve("odd.img"), content);
        try (Node server = serve(file.toString(), "--nbd");
                PlainNbd user = PlainNbd.use("127.0.0.1", server.address("NBD"), "disk")) {
            assertArrayEquals(content, user.read(0, content.length));
            user.write(content.length - 3, new byte[] {1, 2, 3});
            user.flush();
            assertEquals(0, server.terminate(60));
        }
        System.arraycopy(new byte[] {1, 2, 3}, 0, content, content.length - 3, 3);
        assertArrayEquals(content, Files.readAllBytes(file));
    }

    /** Its blocks have one byte: the referee keeps up, and says what it does not judge. */
    @Test
    void attachedFileOfAnyLengthIsJudgedAsFarAsCanBe() throws IOException {
        byte[] content = new byte[4_000_003];
        new Random(SEED).nextBytes(content);
        Path file = Files.write(folder.resolve("odd.img"), new byte[content.length]);
        try (Node server = serve(file.toString(), "--listen", "--referee");
                Node attach = attach(server, "--referee");
                PlainNbd user = PlainNbd.use("127.0.0.1", attach.address("NBD"), "disk")) {
            user.write(0, content);
            user.flush();
            assertArrayEquals(content, user.read(0, content.length));
            assertEquals(0, attach.terminate(60));
            assertEquals(0, server.terminate(60));
        }
        for (String log : List.of("serve.log", "attach.log")) {
            String said = Files.readString(folder.resolve(log));
            assertTrue(said.contains("is not judged"), said);
        }
        assertArrayEquals(content, Files.readAllBytes(file));
    }
}
