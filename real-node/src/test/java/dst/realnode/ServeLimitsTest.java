package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Patience;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server does where something is scarce: descriptors, or the export itself. */
class ServeLimitsTest {
    private static final String HOSTILE = "127.0.0.2";
    private static final int INFO = 6;
    private static final int GO = 7;

    @TempDir
    Path folder;

    /** With so few descriptors, whoever takes all of a kind leaves enough for every other kind. */
    @Test
    void idleConnectionsOfEveryKindKeepNobodyOutAndLeaveDescriptorsForDisks() throws Exception {
        Tools.need("prlimit", "util-linux");
        Path control = folder.resolve("serve.sock");
        Path log = folder.resolve("serve.log");
        Files.write(folder.resolve("more.img"), new byte[1 << 20]);
        List<PlainNbd> silent = new ArrayList<>();
        List<SocketChannel> askers = new ArrayList<>();
        try (Node small = Node.startWithin(
                        log,
                        List.of("/usr/bin/prlimit", "--nofile=320:320"),
                        List.of(),
                        "serve",
                        "--export",
                        "disk=memory:1MiB",
                        "--export",
                        "held=memory:1MiB",
                        "--allow",
                        "127.0.0.0/8=rw",
                        "--listen",
                        "127.0.0.1:0",
                        "--nbd",
                        "127.0.0.1:0",
                        "--metrics",
                        "127.0.0.1:0",
                        "--control",
                        control.toString());
                HonestUser user = new HonestUser(small.address("NBD"), "disk")) {
            String nbd = small.address("NBD");
            String protocol = small.address("the protocol");
            String metrics = small.address("metrics").replaceAll("http://|/metrics", "");
            for (int i = 0; i < 400; i++) {
                askers.add(SocketChannel.open(UnixDomainSocketAddress.of(control)));
                silent.add(new PlainNbd(HOSTILE, metrics));
                silent.add(new PlainNbd(HOSTILE, protocol));
                silent.add(PlainNbd.use("127.0.0.1", nbd, "disk"));
            }
            try (PlainNbd other = PlainNbd.use(HOSTILE, nbd, "disk");
                    PlainNbd same = PlainNbd.use("127.0.0.1", nbd, "disk")) {
                other.read(0, 4096);
                same.read(0, 4096);
                ctl(control, "add", "more=" + folder.resolve("more.img"));
                try (PlainNbd added = PlainNbd.use("127.0.0.1", nbd, "more")) {
                    added.read(0, 4096);
                }
                assertTrue(scrape(metrics).contains("dst_nbd_connections"));
                try (Node attach = attach(protocol, "held")) {
                    assertEquals(0, attach.terminate(60), () -> attach.said().toString());
                }
                other.read(0, 4096);
                same.read(0, 4096);
            }
            user.longestMillis();
            List<String> lines = Files.readAllLines(log);
            assertTrue(lines.stream().anyMatch(it -> it.contains("R7: there are too many at once")), lines.toString());
            assertTrue(lines.stream().anyMatch(it -> it.contains("idle for longest")), lines.toString());
            assertTrue(lines.stream().noneMatch(it -> it.contains("no connection can be accepted")), lines.toString());
            assertEquals(0, small.terminate(60), () -> small.said().toString());
        } finally {
            silent.forEach(PlainNbd::close);
            for (SocketChannel asker : askers) {
                asker.close();
            }
        }
    }

    @Test
    void whereThereAreNoDescriptorsLeftTheServerWaitsAndGoesOn() throws Exception {
        Tools.need("prlimit", "util-linux");
        Path log = folder.resolve("serve.log");
        try (Node server = Node.start(
                        log,
                        "serve",
                        "--export",
                        "disk=memory:1MiB",
                        "--allow",
                        "127.0.0.1=rw",
                        "--nbd",
                        "127.0.0.1:0",
                        "--control",
                        "none");
                HonestUser user = new HonestUser(server.address("NBD"), "disk")) {
            // Classes are loaded from files as well.
            user.getsOn(0);
            long began = System.nanoTime();
            long before = user.operations();
            descriptors(server, 4);
            try (PlainNbd waiting = new PlainNbd("127.0.0.1", server.address("NBD"))) {
                Patience.until(
                        () -> Files.readString(log).contains("no connection can be accepted"),
                        () -> "nothing of it in " + log);
                user.getsOn(before);
                descriptors(server, 4096);
                waiting.greet();
            }
            user.longestMillis();
            double seconds = (System.nanoTime() - began) / 1e9;
            List<String> lines = Files.readAllLines(log);
            assertTrue(lines.size() < 40 + 6 * seconds, () -> String.join("\n", lines));
            assertEquals(0, server.terminate(60));
        }
    }

    private static void descriptors(Node node, long most) {
        Tools.well("/usr/bin/prlimit", "--pid", Long.toString(node.pid()), "--nofile=" + most + ":");
    }

    @Test
    void whoComesToMetricsOrToTheControlSocketAndAsksNothingIsLetGo() throws Exception {
        Path control = folder.resolve("serve.sock");
        try (Node server = Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=memory:1MiB",
                "--allow",
                "127.0.0.1=rw",
                "--nbd",
                "127.0.0.1:0",
                "--metrics",
                "127.0.0.1:0",
                "--control",
                control.toString())) {
            String metrics = server.address("metrics").replaceAll("http://|/metrics", "");
            try (PlainNbd silent = new PlainNbd(HOSTILE, metrics);
                    SocketChannel asker = SocketChannel.open(UnixDomainSocketAddress.of(control))) {
                silent.socket.setSoTimeout(120_000);
                silent.out.write("GET /metr".getBytes(StandardCharsets.UTF_8));
                asker.write(ByteBuffer.wrap("sta".getBytes(StandardCharsets.UTF_8)));
                assertEquals(-1, silent.in.read());
                assertEquals(-1, asker.read(ByteBuffer.allocate(1)));
            }
            assertEquals(0, server.terminate(60));
        }
    }

    private static String scrape(String metrics) throws IOException {
        try (PlainNbd peer = new PlainNbd("127.0.0.1", metrics)) {
            peer.out.write("GET /metrics HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            return new String(peer.in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String ctl(Path control, String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "dst.realnode.Main",
                "ctl",
                "--control",
                control.toString()));
        command.addAll(List.of(words));
        return Tools.well(command.toArray(String[]::new));
    }

    private Node attach(String protocol, String export) {
        return Node.start(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                protocol,
                "--export",
                export,
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("attach.sock").toString());
    }

    @Test
    void whoAskedForInformationFirstGivesTheExportBackAllTheSame() throws IOException {
        try (Node server = Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=memory:1MiB",
                "--allow",
                "127.0.0.1=rw",
                "--listen",
                "127.0.0.1:0",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("serve.sock").toString())) {
            try (PlainNbd user = new PlainNbd("127.0.0.1", server.address("NBD"))) {
                user.greet();
                ask(user, INFO);
                ask(user, INFO);
                ask(user, GO);
                user.read(0, 512);
            }
            // It is ready as soon as it has been granted the export.
            try (Node attach = attach(server.address("the protocol"), "disk")) {
                assertEquals(0, attach.terminate(30), () -> attach.said().toString());
            }
            assertEquals(0, server.terminate(30), () -> server.said().toString());
        }
    }

    /** Until it is acknowledged. */
    private static void ask(PlainNbd user, int option) throws IOException {
        byte[] name = "disk".getBytes(StandardCharsets.UTF_8);
        user.option(option, 4 + name.length + 2);
        user.out.writeInt(name.length);
        user.out.write(name);
        user.out.writeShort(0);
        int type;
        do {
            user.in.readLong();
            user.in.readInt();
            type = user.in.readInt();
            user.in.readFully(new byte[user.in.readInt()]);
            assertTrue(type > 0, "refused");
        } while (type != 1);
    }
}
