package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server at real sockets and two honest users of it, whatever hostile peers do meanwhile (R7, G8): its memory stays bounded, nobody else
 * is disturbed, and the log says why, in few lines. The long form: {@code mvn test -pl real-node -am -Dtest='Hostile*Test'
 * -Ddst.hostile.sockets=10000 -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Besieged {
    private static final int SOCKETS = Integer.getInteger("dst.hostile.sockets", 600);
    static final String HOSTILE = "127.0.0.2";
    static final String STRANGER = "127.0.0.3";

    /** With a heap of 128 MiB and 128 MiB of buffers at most, and the 64 MiB of the disks. */
    private static final long RESIDENT_MIB_MAX = 450;

    private static final int ATTACKERS = 8;

    private Path folder = Path.of("");
    private Node server;
    private Node attach;
    private HonestUser direct;
    private HonestUser attached;
    String nbd;
    String protocol;
    private long directBefore;
    private long attachedBefore;
    private int linesBefore;
    private long began;

    interface Attack {
        void carryOut(int number) throws IOException;
    }

    @BeforeAll
    void start(@TempDir Path given) throws IOException {
        folder = given;
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
        directBefore = direct.operations();
        attachedBefore = attached.operations();
        linesBefore = log().size();
        began = System.nanoTime();
    }

    @AfterEach
    void nobodyElseWasHarmed(TestInfo info) throws IOException {
        try (PlainNbd newcomer = PlainNbd.use("127.0.0.1", nbd, "disk")) {
            newcomer.read(0, 4096);
        }
        // Both have got on since the attack began, and still do.
        direct.getsOn(directBefore);
        attached.getsOn(attachedBefore);
        long gap = Math.max(direct.longestMillis(), attached.longestMillis());
        double seconds = (System.nanoTime() - began) / 1e9;
        List<String> lines = newLines();
        long resident = residentMib("VmHWM");
        System.out.printf(
                "%s: %d sockets, %.1f s; longest wait of an honest user %d ms; at most %d MiB resident; %d lines%n",
                info.getDisplayName(), SOCKETS, seconds, gap, resident, lines.size());
        assertTrue(resident < RESIDENT_MIB_MAX, resident + " MiB resident");
        assertTrue(lines.size() < 21 * (seconds + 2), lines.size() + " lines in " + seconds + " s");
        assertTrue(lines.stream().noneMatch(line -> line.contains("Exception")), () -> String.join("\n", lines));
    }

    /** By several attackers at once; to be turned away is no failure of an attack. */
    static void attack(Attack attack) throws InterruptedException {
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

    byte[] preamble() throws IOException {
        try (PlainNbd peer = new PlainNbd(HOSTILE, protocol)) {
            byte[] first = new byte[8];
            peer.in.readFully(first);
            return first;
        }
    }

    void saysWhy(String... words) {
        for (String word : words) {
            Patience.until(
                    () -> newLines().stream().anyMatch(line -> line.contains(word)),
                    () -> "nothing of '" + word + "': " + newLinesOrNone());
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

    private List<String> log() throws IOException {
        return Files.readAllLines(folder.resolve("serve.log"));
    }

    /** Both ways' together, as the server counts them. */
    long connections() {
        return (long) (number("links (\\d+) of the protocol") + number("of the protocol, (\\d+) of NBD"));
    }

    /** What the operator is told. */
    double number(String pattern) {
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

    void awaitConnections(long most) {
        Patience.until(() -> connections() <= most, () -> "connections are left over");
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
