package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.NbdServer;
import dst.nbd.lending.Lending;
import dst.nbd.port.LendingControl;
import dst.nbd.port.NbdServerControl;
import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Holding;
import dst.protocol.LinkPort;
import dst.protocol.Overlap;
import dst.protocol.Ports;
import dst.protocol.ServerSettings;
import dst.protocol.client.Client;
import dst.protocol.server.Server;
import dst.protocol.trace.Read;
import dst.protocol.trace.Rerun;
import dst.protocol.trace.TraceReader;
import dst.protocol.trace.TraceWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are recorded and judged while real programs use them. */
class RecordingTest {
    private static final int SIZE = 8 << 20;

    @TempDir
    Path folder;

    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void end() {
        nodes.forEach(Node::close);
    }

    private Node start(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--control", folder.resolve(name + ".sock").toString()));
        Node node = Node.start(folder.resolve(name + ".log"), all.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    private Node serve(String... more) throws IOException {
        Path data = folder.resolve("data.img");
        Files.write(data, new byte[SIZE]);
        int port = Ports.next();
        return start(
                "serve",
                Stream.concat(
                                Stream.of(
                                        "serve",
                                        "--export",
                                        "disk=" + data,
                                        "--allow",
                                        "127.0.0.1=rw",
                                        "--listen",
                                        "127.0.0.1:" + port,
                                        "--nbd",
                                        "127.0.0.1:0"),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private Node attach(Node server, String... more) {
        return start(
                "attach",
                Stream.concat(
                                Stream.of(
                                        "attach",
                                        "--server",
                                        server.address("the protocol"),
                                        "--export",
                                        "disk",
                                        "--nbd",
                                        "127.0.0.1:0"),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private static String disk(Node node) {
        return "nbd://" + node.address("NBD") + "/disk";
    }

    private Path source(int seed) throws IOException {
        byte[] bytes = new byte[SIZE];
        new Random(seed).nextBytes(bytes);
        return Files.write(folder.resolve("source" + seed), bytes);
    }

    private void assertHolds(String uri, Path content) throws IOException {
        Path back = folder.resolve("back");
        Tools.well("nbdcopy", uri, back.toString());
        assertEquals(-1, Files.mismatch(content, back));
        Files.delete(back);
    }

    private List<Path> recordings(String node) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("store").resolve(node))) {
            return all.filter(each -> !Files.isSymbolicLink(each)).sorted().toList();
        }
    }

    private static Rerun.Result.Same server(Path recording) throws IOException {
        return assertInstanceOf(Rerun.Result.Same.class, server(Files.readAllBytes(recording.resolve("server.trace"))));
    }

    private static Rerun.Result server(byte[] trace) {
        return Rerun.of(
                new TraceReader(trace), () -> new Server(ServerSettings.DEFAULT, UnpooledByteBufAllocator.DEFAULT));
    }

    private static Rerun.Result.Same client(Path recording) throws IOException {
        ClientSettings settings =
                ClientSettings.of("disk").with(new ClientPolicy(1, Overlap.WAIT, 0, Holding.TAKE, Integer.MAX_VALUE));
        return assertInstanceOf(
                Rerun.Result.Same.class,
                Rerun.of(
                        new TraceReader(Files.readAllBytes(recording.resolve("client.trace"))),
                        () -> new Client(settings, UnpooledByteBufAllocator.DEFAULT)));
    }

    /** Each NBD connection of an attached device by itself: how the work spreads over them is their program's matter. */
    private static List<Rerun.Result.Same> programs(Path recording) throws IOException {
        byte[] trace = Files.readAllBytes(recording.resolve("client.trace"));
        Set<Long> connections = new TreeSet<>();
        TraceReader reader = new TraceReader(trace);
        for (Read read = reader.next(); read instanceof Read.Seen seen; read = reader.next()) {
            if (seen.layer().is(NbdServerControl.KIND)) {
                connections.add(seen.layer().instance());
            }
        }
        List<Rerun.Result.Same> same = new ArrayList<>();
        for (long connection : connections) {
            same.add(assertInstanceOf(
                    Rerun.Result.Same.class,
                    Rerun.of(
                            new TraceReader(trace),
                            layer -> layer.is(NbdServerControl.KIND) && layer.instance() == connection,
                            () -> new NbdServer(UnpooledByteBufAllocator.DEFAULT))));
        }
        return same;
    }

    /** What decides who has the first export of a server, by itself. */
    private static Rerun.Result.Same lending(Path recording) throws IOException {
        return assertInstanceOf(
                Rerun.Result.Same.class,
                Rerun.of(
                        new TraceReader(Files.readAllBytes(recording.resolve("server.trace"))),
                        layer -> layer.is(LendingControl.KIND) && layer.instance() == 1,
                        Lending::new));
    }

    /** The trace with one byte of the last larger thing that its server sent turned round. */
    private static byte[] flipped(byte[] trace) {
        TraceReader reader = new TraceReader(trace);
        List<Read.Seen> all = new ArrayList<>();
        int last = -1;
        for (Read read = reader.next(); read instanceof Read.Seen seen; read = reader.next()) {
            if (seen.value() instanceof LinkPort.Send) {
                last = all.size();
            }
            all.add(seen);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceWriter writer = new TraceWriter("server", out::write);
        for (int i = 0; i < all.size(); i++) {
            Read.Seen seen = all.get(i);
            if (i == last && seen.value() instanceof LinkPort.Send(long _, ByteBuf bytes)) {
                int at = bytes.writerIndex() - 1;
                bytes.setByte(at, bytes.getByte(at) ^ 1);
            }
            writer.saw(seen.now(), seen.layer(), seen.value());
        }
        writer.end();
        return out.toByteArray();
    }

    @Test
    void whatWasRecordedOverAKillIsWhatFreshMachinesDo() throws IOException {
        Tools.need("nbdcopy", "libnbd-bin");
        String store = folder.resolve("store").toString();
        Node serve = serve("--record", store, "--referee");
        Node attach = attach(serve, "--record", store, "--referee", "--memory", "64MiB");
        Path first = source(1);
        Tools.well("nbdcopy", "--flush", first.toString(), disk(attach));
        assertHolds(disk(attach), first);
        serve.killAndRestart();
        Path second = source(2);
        Tools.well("nbdcopy", "--flush", second.toString(), disk(attach));
        assertHolds(disk(attach), second);

        String served = Tools.well("cat", folder.resolve("serve.log").toString());
        assertFalse(served.contains("referee:"), served);
        String status = status("serve");
        assertTrue(status.contains("referee    nothing found, "), status);
        assertTrue(status.contains("recording  "), status);
        String attached = status("attach");
        assertTrue(attached.contains("referee    nothing found, "), attached);
        assertEquals(0, attach.terminate(30), () -> attach.said().toString());
        assertEquals(0, serve.terminate(30), () -> serve.said().toString());

        assertEquals(1, recordings("client").size());
        assertEquals(2, recordings("server").size());
        Rerun.Result.Same client = client(recordings("client").getFirst());
        assertTrue(client.outputs() > 100 && client.damage() == null, client::toString);
        List<Rerun.Result.Same> programs = programs(recordings("client").getFirst());
        assertTrue(programs.stream().mapToLong(Rerun.Result.Same::outputs).sum() > 50, programs::toString);
        assertTrue(programs.stream().allMatch(program -> program.damage() == null), programs::toString);
        Rerun.Result.Same killed = server(recordings("server").getFirst());
        assertTrue(killed.outputs() > 50, killed::toString);
        Rerun.Result.Same ended = server(recordings("server").getLast());
        assertTrue(ended.outputs() > 50 && ended.damage() == null, ended::toString);
        Rerun.Result.Same lending = lending(recordings("server").getLast());
        assertTrue(lending.outputs() > 1 && lending.damage() == null, lending::toString);

        byte[] other = flipped(Files.readAllBytes(recordings("server").getLast().resolve("server.trace")));
        Rerun.Result.Different different = assertInstanceOf(Rerun.Result.Different.class, server(other));
        assertInstanceOf(LinkPort.Send.class, different.expected());
        assertNotNull(different.got());
    }

    @Test
    void theRefereeKnowsThatNbdClientsHaveUsedTheDisk() throws IOException {
        Tools.need("nbdcopy", "libnbd-bin");
        Node serve = serve("--referee");
        Node attach = attach(serve);
        Path first = source(1);
        Tools.well("nbdcopy", "--flush", first.toString(), disk(attach));
        assertEquals(0, attach.terminate(30), () -> attach.said().toString());
        Path second = source(2);
        Tools.well("nbdcopy", "--flush", second.toString(), disk(serve));
        Node again = attach(serve);
        assertHolds(disk(again), second);
        String status = status("serve");
        assertTrue(status.contains("referee    nothing found, "), status);
        assertEquals(0, again.terminate(30), () -> again.said().toString());
    }

    @Test
    void aRecordingThatIsFullStopsLoudlyAndTheNodeGoesOn() throws IOException {
        Tools.need("nbdcopy", "libnbd-bin");
        Node serve = serve("--record", folder.resolve("store").toString(), "--record-limit", "1MiB");
        Node attach = attach(serve);
        Path first = source(1);
        Tools.well("nbdcopy", "--flush", first.toString(), disk(attach));
        assertHolds(disk(attach), first);
        String log = Files.readString(folder.resolve("serve.log"));
        assertTrue(
                log.contains("dst: THE RECORDING HAS STOPPED: its limit of 1 MiB is reached; the node goes on"), log);
        assertTrue(log.contains("ERROR"), log);
        assertTrue(status("serve").contains("recording  STOPPED: its limit"), status("serve"));
        Path recording = recordings("server").getFirst();
        assertTrue(Files.size(recording.resolve("server.trace")) <= 1 << 20);
        assertTrue(Files.readString(recording.resolve("state")).startsWith("stopped: its limit of 1 MiB is reached"));
        assertTrue(server(recording).outputs() > 0);
        assertEquals(0, attach.terminate(30), () -> attach.said().toString());
        assertEquals(0, serve.terminate(30), () -> serve.said().toString());
    }

    @Test
    void aDiskThatIsFullStopsTheRecordingAndNotTheNode() throws IOException {
        Tools.need("nbdcopy", "libnbd-bin");
        Path small = Files.createDirectory(folder.resolve("small"));
        Tools.Ran mounted = Tools.run("mount", "-t", "tmpfs", "-o", "size=256k", "none", small.toString());
        dst.protocol.Tools.require(mounted.code() == 0, "a tmpfs cannot be mounted here: " + mounted.text());
        try {
            Node serve = serve("--record", small.toString());
            Node attach = attach(serve);
            Path first = source(1);
            Tools.well("nbdcopy", "--flush", first.toString(), disk(attach));
            assertHolds(disk(attach), first);
            String log = Files.readString(folder.resolve("serve.log"));
            assertTrue(log.contains("dst: THE RECORDING HAS STOPPED: it cannot be written: "), log);
            Path recording = small.resolve("server").resolve("latest").toRealPath();
            assertTrue(Files.readString(recording.resolve("state")).startsWith("stopped: it cannot be written"));
            assertNotNull(server(recording).damage());
            assertEquals(0, attach.terminate(30), () -> attach.said().toString());
            assertEquals(0, serve.terminate(30), () -> serve.said().toString());
        } finally {
            Tools.run("umount", small.toString());
        }
    }

    private String status(String name) {
        Tools.Ran ran = Tools.run(Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-classpath",
                                System.getProperty("java.class.path"),
                                "dst.realnode.Main"),
                        Arrays.stream(new String[] {
                            "ctl",
                            "status",
                            "--control",
                            folder.resolve(name + ".sock").toString()
                        }))
                .toArray(String[]::new));
        assertEquals(0, ran.code(), ran.text());
        return ran.text();
    }
}
