package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile peers at real sockets (R7, G8): the server's memory stays bounded, others are not disturbed, and the log says why, in few
 * lines. The long form: {@code mvn test -pl real-node -am -Dtest=HostileSocketsTest -Ddst.hostile.sockets=10000
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileSocketsTest {
    private static final int SOCKETS = Integer.getInteger("dst.hostile.sockets", 600);
    private static final String HOSTILE = "127.0.0.2";
    private static final String STRANGER = "127.0.0.3";

    /** With a heap of 128 MiB and 128 MiB of buffers at most, and the 64 MiB of the disks. */
    private static final long RESIDENT_MIB_MAX = 450;

    private static final long GAP_MILLIS_MAX = 5_000;
    private static final int ATTACKERS = 8;

    @TempDir
    static Path folder;

    private Node server;
    private Node attach;
    private HonestUser direct;
    private HonestUser attached;
    private String nbd;
    private String protocol;
    private int linesBefore;
    private long began;

    private interface Attack {
        void carryOut(int number) throws IOException;
    }

    @BeforeAll
    void start() throws IOException {
        server = Node.startWithin(
                folder.resolve("serve.log"),
                List.of(),
                List.of("-Xmx128m", "-XX:MaxDirectMemorySize=128m", "-Dio.netty.maxDirectMemory=134217728"),
                "serve",
                "--export",
                "disk=memory:32MiB",
                "--export",
                "held=memory:32MiB",
                "--allow",
                "127.0.0.1=rw",
                "--allow",
                HOSTILE + "=rw",
                "--listen",
                "127.0.0.1:0",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("serve.sock").toString());
        nbd = server.address("NBD");
        protocol = server.address("the protocol");
        attach = Node.start(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                protocol,
                "--export",
                "held",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("attach.sock").toString());
        direct = new HonestUser(nbd, "disk");
        attached = new HonestUser(attach.address("NBD"), "held");
    }

    @AfterAll
    void end() throws Exception {
        direct.close();
        attached.close();
        assertEquals(0, attach.terminate(30), () -> attach.said().toString());
        assertEquals(0, server.terminate(30), () -> server.said().toString());
    }

    @BeforeEach
    void begin() throws IOException, InterruptedException {
        // The log tells so much in a second: each attack begins in one of its own.
        TimeUnit.MILLISECONDS.sleep(1_500);
        direct.longestMillis();
        attached.longestMillis();
        linesBefore = log().size();
        began = System.nanoTime();
    }

    @AfterEach
    void nobodyElseWasHarmed(org.junit.jupiter.api.TestInfo info) throws IOException {
        try (PlainNbd newcomer = PlainNbd.use("127.0.0.1", nbd, "disk")) {
            newcomer.read(0, 4096);
        }
        long gap = Math.max(direct.longestMillis(), attached.longestMillis());
        double seconds = (System.nanoTime() - began) / 1e9;
        List<String> lines = newLines();
        long resident = residentMib("VmHWM");
        System.out.printf(
                "%s: %d sockets, %.1f s; longest wait of an honest user %d ms; at most %d MiB resident; %d lines%n",
                info.getDisplayName(), SOCKETS, seconds, gap, resident, lines.size());
        assertTrue(gap < GAP_MILLIS_MAX, "an honest user waited " + gap + " ms");
        assertTrue(resident < RESIDENT_MIB_MAX, resident + " MiB resident");
        assertTrue(lines.size() < 21 * (seconds + 2), lines.size() + " lines in " + seconds + " s");
        assertTrue(lines.stream().noneMatch(line -> line.contains("Exception")), () -> String.join("\n", lines));
    }

    @Test
    void halfHandshakesOfNbdKeepNobodyOut() throws Exception {
        held(number -> {
            PlainNbd half = new PlainNbd(HOSTILE, nbd);
            half.greet();
            half.out.write(new byte[number % 16]);
            return half;
        });
        saysWhy("turned away: R7: there are too many connections whose handshake is not over");
    }

    @Test
    void halfHandshakesOfTheProtocolKeepNobodyOut() throws Exception {
        byte[] preamble = preamble();
        held(number -> {
            PlainNbd half = new PlainNbd(HOSTILE, protocol);
            half.out.write(preamble, 0, number % preamble.length);
            return half;
        });
        saysWhy("no more links are taken at once");
    }

    @Test
    void lengthsOfFourGibibytesTakeNoMemory() throws Exception {
        byte[] preamble = preamble();
        attack(number -> {
            try (PlainNbd option = new PlainNbd(HOSTILE, nbd)) {
                option.greet();
                option.option(number % 12, -1);
                option.out.write(new byte[1000]);
            }
            try (PlainNbd request = PlainNbd.use(HOSTILE, nbd, "disk")) {
                request.request(number % 8, 0, -1, new byte[1000]);
                request.request(1, 0, -1, new byte[1000]);
            }
            try (PlainNbd frame = new PlainNbd(HOSTILE, protocol)) {
                byte[] lengths = new byte[64];
                java.util.Arrays.fill(lengths, (byte) -1);
                frame.out.write(preamble);
                frame.out.write(lengths);
                frame.in.readAllBytes();
            }
        });
        saysWhy("an option of 4294967295 bytes", "a WRITE of 4294967295 bytes");
    }

    @Test
    void garbageIsTurnedAwayWithItsReason() throws Exception {
        attack(number -> {
            byte[] garbage = new byte[4096];
            new Random(number).nextBytes(garbage);
            for (String address : List.of(nbd, protocol)) {
                try (PlainNbd peer = new PlainNbd(HOSTILE, address)) {
                    peer.out.write(garbage);
                    peer.in.readAllBytes();
                }
            }
        });
        saysWhy("turned away: client flags", "turned away: H1");
    }

    @Test
    void strangersAreRefusedOnceEach() throws Exception {
        attack(number -> {
            try (PlainNbd peer = new PlainNbd(STRANGER, nbd)) {
                peer.greet();
                peer.option(1, 4);
                peer.out.write("disk".getBytes(StandardCharsets.UTF_8));
                peer.in.readAllBytes();
            }
        });
        saysWhy("there is no export disk");
    }

    @Test
    void whoSendsAByteAtATimeHoldsLittle() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        List<PlainNbd> writers = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                writers.add(PlainNbd.use(HOSTILE, nbd, "disk"));
                writers.getLast().request(1, 1 << 20, 1 << 20, new byte[0]);
            }
            while (System.nanoTime() < end) {
                for (PlainNbd writer : writers) {
                    writer.out.write(7);
                }
            }
        } finally {
            writers.forEach(PlainNbd::close);
        }
    }

    @Test
    void whoSendsInCrumbsHoldsNoMoreThanHeSent() throws Exception {
        List<PlainNbd> writers = new ArrayList<>();
        byte[] crumb = new byte[200];
        try {
            for (int i = 0; i < 20; i++) {
                writers.add(PlainNbd.use(HOSTILE, nbd, "disk"));
                writers.getLast().request(1, 1 << 20, 1 << 20, new byte[0]);
            }
            for (int sent = 0; sent < 4000; sent++) {
                for (PlainNbd writer : writers) {
                    writer.out.write(crumb);
                }
                // So that each arrives by itself.
                java.util.concurrent.locks.LockSupport.parkNanos(200_000);
            }
            // The pool takes its memory in pieces of 4 MiB, one for each thread at least.
            double buffers = number("([\\d.]+) MiB of buffers");
            assertTrue(buffers < 64, buffers + " MiB of buffers for 16 MiB of content");
        } finally {
            writers.forEach(PlainNbd::close);
        }
    }

    @Test
    void allTogetherHaveNoMoreThanTheirShareOfTheMemory() throws Exception {
        List<PlainNbd> open = new java.util.concurrent.CopyOnWriteArrayList<>();
        try {
            attack(number -> {
                if (number < 40) {
                    PlainNbd half = PlainNbd.use(HOSTILE, nbd, "disk");
                    open.add(half);
                    half.request(1, 0, 30 << 20, new byte[29 << 20]);
                }
            });
            try (PlainNbd newcomer = PlainNbd.use("127.0.0.1", nbd, "disk")) {
                newcomer.write(31 << 20, new byte[1 << 20]);
            }
        } finally {
            open.forEach(PlainNbd::close);
        }
        saysWhy("there is no memory for what all NBD connections have under way");
    }

    @Test
    void peersThatVanishLeaveNothingBehind() throws Exception {
        long connections = connections();
        attack(number -> {
            PlainNbd early = new PlainNbd(HOSTILE, nbd);
            if (number % 2 == 0) {
                early.greet();
            }
            early.reset();
            PlainNbd late = PlainNbd.use(HOSTILE, nbd, "disk");
            late.request(1, 0, 1 << 20, new byte[1000]);
            late.request(0, 0, 1 << 20, new byte[0]);
            late.reset();
            new PlainNbd(HOSTILE, protocol).reset();
        });
        awaitConnections(connections);
    }

    @Test
    void silentPeersAreLetGo() throws Exception {
        long connections = connections();
        List<PlainNbd> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                silent.add(new PlainNbd(HOSTILE, nbd));
                silent.add(new PlainNbd(HOSTILE, protocol));
            }
            awaitConnections(connections);
        } finally {
            silent.forEach(PlainNbd::close);
        }
        saysWhy("the handshake took too long");
    }

    @Test
    void connectFloodDisturbsNobody() throws Exception {
        long connections = connections();
        for (int i = 0; i < 3; i++) {
            attack(number -> new PlainNbd(HOSTILE, number % 2 == 0 ? nbd : protocol).close());
        }
        awaitConnections(connections);
    }

    private interface Half {
        PlainNbd open(int number) throws IOException;
    }

    /** Opens all of them and keeps them, while an honest newcomer gets in. */
    private void held(Half half) throws Exception {
        ConcurrentLinkedQueue<PlainNbd> open = new ConcurrentLinkedQueue<>();
        try {
            attack(number -> {
                open.add(half.open(number));
                if (number % 500 == 0) {
                    try (PlainNbd newcomer = PlainNbd.use("127.0.0.1", nbd, "disk")) {
                        newcomer.read(0, 512);
                    }
                }
            });
            assertTrue(connections() <= 3 + 256, "more than the limit are there");
            try (PlainNbd newcomer = PlainNbd.use("127.0.0.1", nbd, "disk")) {
                newcomer.read(0, 512);
            }
        } finally {
            open.forEach(PlainNbd::close);
        }
    }

    /** By several attackers at once; to be turned away is no failure of an attack. */
    private static void attack(Attack attack) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(ATTACKERS);
        for (int attacker = 0; attacker < ATTACKERS; attacker++) {
            int first = attacker;
            Thread.ofPlatform().daemon().start(() -> {
                for (int number = first; number < SOCKETS; number += ATTACKERS) {
                    try {
                        attack.carryOut(number);
                    } catch (IOException _) {
                        // As it should be.
                    }
                }
                done.countDown();
            });
        }
        assertTrue(done.await(10, TimeUnit.MINUTES), "the attack does not end");
    }

    private byte[] preamble() throws IOException {
        try (PlainNbd peer = new PlainNbd(HOSTILE, protocol)) {
            byte[] first = new byte[8];
            peer.in.readFully(first);
            return first;
        }
    }

    private void saysWhy(String... words) throws InterruptedException, IOException {
        for (String word : words) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (newLines().stream().noneMatch(line -> line.contains(word))) {
                assertTrue(System.nanoTime() < end, () -> "nothing of '" + word + "': " + newLinesOrNone());
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private List<String> newLines() throws IOException {
        List<String> all = log();
        return all.subList(linesBefore, all.size());
    }

    private List<String> newLinesOrNone() {
        try {
            return newLines();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<String> log() throws IOException {
        return Files.readAllLines(folder.resolve("serve.log"));
    }

    /** Both ways' together, as the server counts them. */
    private static long connections() {
        return (long) (number("links (\\d+) of the protocol") + number("of the protocol, (\\d+) of NBD"));
    }

    /** What the operator is told. */
    private static double number(String pattern) {
        String said = Tools.well(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "dst.realnode.Main",
                "ctl",
                "status",
                "--control",
                folder.resolve("serve.sock").toString());
        var found = java.util.regex.Pattern.compile(pattern).matcher(said);
        assertTrue(found.find(), said);
        return Double.parseDouble(found.group(1));
    }

    private static void awaitConnections(long most) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (connections() > most) {
            assertTrue(System.nanoTime() < end, "connections are left over");
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private long residentMib(String what) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + server.pid() + "/status"))) {
            if (line.startsWith(what + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IOException("no " + what);
    }
}
