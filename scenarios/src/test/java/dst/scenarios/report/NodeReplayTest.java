package dst.scenarios.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.NbdClient;
import dst.nbd.NbdServer;
import dst.nbd.attach.Attach;
import dst.nbd.attach.Bounds;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.Holding;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Overlap;
import dst.protocol.Permission;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.client.Client;
import dst.protocol.trace.Layer;
import dst.realnode.host.MachineHost;
import dst.realnode.watch.Watch;
import dst.realnode.watch.WatchOptions;
import dst.realnode.watch.WatchedNode;
import dst.scenarios.Main;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.library.Library;
import dst.scenarios.store.RunFolder;
import dst.scenarios.trial.SystemUnderTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** One node of a run by itself: of simulated runs, and of real nodes. */
final class NodeReplayTest {
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private void assertSaid(String... words) {
        for (String word : words) {
            assertTrue(out.toString().contains(word), () -> "'" + word + "' is not in\n" + out + err);
        }
    }

    private RunFolder.Written simulated(String scenario, long seed, Optional<String> bug) {
        Library library = new Library();
        SystemUnderTest system = new SystemUnderTest(library, bug.map(library::bug));
        return new RunFolder(folder.resolve("store"))
                .write(system.plan(library.scenario(scenario), seed), system, Optional.empty());
    }

    /** Crashes, want of memory, clocks of every kind, other programs, several nodes of a kind. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "everything",
                "clock-drift",
                "stopped-clock",
                "full-memory",
                "both-crash",
                "old-client-new-server",
                "hostile-client",
                "many-links"
            })
    void everyHonestNodeOfASimulatedRunDoesTheSameAgain(String scenario) {
        for (long seed = 1; seed <= 3; seed++) {
            RunFolder.Written written = simulated(scenario, seed, Optional.empty());
            for (String node : RunFolder.nodes(written.trial().plan())) {
                if (written.trial().plan().isHonest(node)) {
                    assertEquals(
                            ExitCode.HOLDS, run("replay", written.folder().toString(), "--node", node), () -> "" + out);
                    assertSaid("The same ", "The referee: nothing found");
                }
            }
        }
    }

    @Test
    void aNodeWithABugDiffersFromTheHonestOneAndNotFromItself() {
        String bug = "answer-before-executing";
        String run = simulated("server-power-cut", 1, Optional.of(bug)).folder().toString();

        assertEquals(ExitCode.BROKEN, run("replay", run, "--node", "server"));
        assertSaid("The first difference is output", "with --plant " + bug, "D1 is broken by the server");
        assertEquals(ExitCode.BROKEN, run("replay", run, "--node", "server", "--plant", bug));
        assertSaid("The same ", "has the bug " + bug + " planted");
        assertEquals(ExitCode.HOLDS, run("replay", run, "--node", "client"));
        assertSaid("The same ", "nothing found");
    }

    @Test
    void whatCannotBeDoneIsSaidInOneLine() {
        String run = simulated("hostile-client", 1, Optional.empty()).folder().toString();

        assertEquals(ExitCode.USAGE, run("replay", run, "--node", "nobody"));
        assertTrue(err.toString().contains("there is no trace of a node 'nobody'"), err::toString);
        assertTrue(err.toString().contains("; there are client"), err::toString);
        assertEquals(ExitCode.USAGE, run("replay", run, "--plant", "answer-before-executing"));
        assertTrue(err.toString().contains("--plant is for one node"), err::toString);
        assertEquals(ExitCode.USAGE, run("replay", folder.toString()));
        assertTrue(err.toString().contains("say which node"), err::toString);
    }

    @Test
    void aDamagedTraceIsToldUntilWhereItCanBeReadAndIsNoPass() throws Exception {
        Path run = simulated("server-power-cut", 1, Optional.empty()).folder();
        Path trace = run.resolve("server.trace");
        byte[] bytes = Files.readAllBytes(trace);
        Files.write(trace, Arrays.copyOf(bytes, 20_000));
        assertIsUnknown(run, " is missing: ", "(byte 1");
        // Between the last value and the end, whose record has twelve bytes for some thousand values.
        Files.write(trace, Arrays.copyOf(bytes, bytes.length - 12));
        assertIsUnknown(run, " is missing: it has no end: whoever wrote it was killed, or it was cut");
        bytes[3000] ^= 1;
        Files.write(trace, bytes);
        assertIsUnknown(run, " is missing: a record's checksum does not match");
        Files.write(trace, new byte[0]);
        assertIsUnknown(run, "this is no trace");
    }

    private void assertIsUnknown(Path run, String... words) {
        for (String command : List.of("replay", "report")) {
            assertEquals(
                    ExitCode.UNKNOWN_OR_VACUOUS,
                    run(command, run.toString(), "--node", "server"),
                    () -> "" + out + err);
            assertSaid("UNKNOWN");
            assertSaid(words);
        }
    }

    /** The breach that is seen in the first part says nothing of the rest. */
    @ParameterizedTest
    @ValueSource(strings = {"html", "text", "junit", "edn", "json"})
    void thatABrokenTraceIsCutIsToldInEveryFormat(String format) throws Exception {
        Path run = simulated("server-power-cut", 1, Optional.of("lost-write")).folder();
        Path trace = run.resolve("server.trace");
        byte[] bytes = Files.readAllBytes(trace);
        Path file = folder.resolve("told");
        for (boolean flipped : new boolean[] {false, true}) {
            byte[] damaged = Arrays.copyOf(bytes, flipped ? bytes.length : bytes.length / 2);
            damaged[damaged.length - damaged.length / 20] ^= (byte) (flipped ? 1 : 0);
            Files.write(trace, damaged);
            for (List<String> out : List.of(List.<String>of(), List.of("--out", file.toString()))) {
                List<String> words =
                        new ArrayList<>(List.of("report", run.toString(), "--node", "server", "--format", format));
                words.addAll(out);
                assertEquals(ExitCode.UNKNOWN_OR_VACUOUS, run(words.toArray(String[]::new)), () -> "" + out + err);
                String told = out.isEmpty() ? this.out.toString() : Files.readString(file);
                assertTrue(told.contains(" is missing: "), told);
                assertTrue((this.out.toString() + err).contains(" is missing: "), "and on the terminal");
            }
        }
        assertEquals(ExitCode.BROKEN, run("replay", run.toString(), "--node", "server"));
        assertSaid("INCOMPLETE   what follows ");
    }

    /** The plan is run again all the same: what is damaged was not compared with it. */
    @Test
    void aDamagedTraceBesideAPlanIsTold() throws Exception {
        Path run = simulated("server-power-cut", 1, Optional.of("lost-write")).folder();
        assertEquals(ExitCode.BROKEN, run("replay", run.toString()));
        assertEquals(ExitCode.HOLDS, run("report", run.toString()));
        Files.write(run.resolve("client.trace"), new byte[0]);
        assertEquals(ExitCode.UNKNOWN_OR_VACUOUS, run("replay", run.toString()));
        assertSaid("INCOMPLETE   not compared with this run: of ", "client.trace what follows ", "this is no trace");
        for (String format : List.of("html", "text", "junit", "edn", "json")) {
            assertEquals(ExitCode.UNKNOWN_OR_VACUOUS, run("report", run.toString(), "--format", format), format);
            assertSaid("client.trace what follows ");
        }
    }

    @Test
    void aTraceInThePlaceOfAnothersIsRefused() throws Exception {
        Path run = simulated("server-power-cut", 1, Optional.empty()).folder();
        Files.copy(run.resolve("client.trace"), run.resolve("server.trace"), StandardCopyOption.REPLACE_EXISTING);
        for (String command : List.of("replay", "report")) {
            assertEquals(ExitCode.USAGE, run(command, run.toString(), "--node", "server"));
            assertTrue(err.toString().contains("is the trace of client, not of server"), err::toString);
        }
    }

    @Test
    void thePageOfOneNodeStandsBesideThatOfTheRun() throws Exception {
        Path run = simulated("server-power-cut", 1, Optional.empty()).folder();
        String page = Files.readString(run.resolve("report.html"));
        assertEquals(ExitCode.HOLDS, run("report", run.toString(), "--node", "server"));
        assertSaid(run.resolve("report-server.html").toString());
        assertTrue(Files.readString(run.resolve("report-server.html")).contains("the server, recorded"));
        assertEquals(page, Files.readString(run.resolve("report.html")));
    }

    private Watch recording(WatchedNode watched) {
        WatchOptions options = new WatchOptions();
        new CommandLine(options).parseArgs("--record", folder.resolve("real").toString());
        return options.watch(watched);
    }

    @Test
    void aRealNodesClientIsMadeAgainFromItsRecording() throws Exception {
        ClientSettings usual = ClientSettings.of("a \"disk\"");
        ClientSettings settings = new ClientSettings(
                usual.export(),
                usual.terms(),
                new Unique(5, -6),
                1_234_567_891L,
                usual.resendNanos(),
                777,
                usual.retainedBytesMax(),
                3,
                new ClientPolicy(2, Overlap.WAIT, 0, Holding.TAKE, Integer.MAX_VALUE));
        try (Watch watch = recording(WatchedNode.client(settings))) {
            ByteBufAllocator pages = UnpooledByteBufAllocator.DEFAULT;
            Attach client = new Attach(new Client(settings, pages), pages, Bounds.DEFAULT);
            watch.over(client);
            List<Signal> outputs = new ArrayList<>();
            client.step(5, new Control.Started(new Unique(1, 2), 3), outputs);
            client.step(6, new LinkPort.Opened(1), outputs);
            client.step(7, new LinkPort.Closed(1, "cut"), outputs);
            client.step(7 + 2_000_000_000L, new Control.TimerFired(), outputs);
            client.discard();
        }
        Path real = folder.resolve("real");
        assertEquals(
                settings,
                Library.recording(real.resolve("client").resolve("latest").resolve(RunFolder.RECORDING))
                        .settings());
        assertEquals(ExitCode.HOLDS, run("replay", real.toString(), "--node", "client"));
        assertSaid("to 4 inputs.", "The recording: ended in order.", "The referee: nothing found");
        assertEquals(ExitCode.HOLDS, run("replay", real.resolve("latest").toString()));
        assertSaid("to 4 inputs.");
    }

    /** Of a server whose disk is somebody's NBD export; the lie is what is recorded of an output. */
    private void recordsForeignDisk(UnaryOperator<Signal> lie) {
        try (Watch watch = recording(WatchedNode.server(ServerSettings.DEFAULT))) {
            NbdClient client = new NbdClient(UnpooledByteBufAllocator.DEFAULT);
            Layer layer = new Layer("server", NbdClientControl.KIND, 3);
            ByteBuf greeting = Unpooled.buffer().writeLong(0x4e42444d41474943L).writeLong(0x49484156454F5054L);
            List<Signal> inputs = List.of(
                    new NbdClientControl.Use("disk"),
                    new BlockPort.Submit(1, new Operation.Flush()),
                    new LinkPort.Opened(1),
                    new LinkPort.Received(1, greeting.writeShort(3)));
            does(client, inputs, watch, layer, lie);
        }
    }

    /** What a machine within a node is told and tells, with a lie in what is seen of the latter. */
    private static void does(
            Machine machine, List<Signal> inputs, Watch watch, Layer layer, UnaryOperator<Signal> lie) {
        List<Signal> outputs = new ArrayList<>();
        for (Signal input : inputs) {
            long now = MachineHost.now();
            watch.saw(now, layer, input);
            machine.step(now, input, outputs);
            outputs.forEach(output -> watch.saw(now, layer, lie.apply(output)));
            outputs.clear();
        }
        machine.discard();
    }

    /** Of a server that is told how large a READ may be, which it tells its peer, and is asked for one that is larger. */
    private void recordsNbd(UnaryOperator<Signal> lie) {
        try (Watch watch = recording(WatchedNode.server(ServerSettings.DEFAULT))) {
            Device device = new Device(new Unique(2, 2), 1 << 20, 512, Permission.BOTH);
            NbdExport export = new NbdExport("disk", "", device, 512, 4096, 1 << 20, NbdExport.FUA);
            ByteBuf said = Unpooled.buffer().writeInt(3).writeLong(0x49484156454F5054L);
            said.writeInt(7).writeInt(10).writeInt(4).writeBytes("disk".getBytes(StandardCharsets.UTF_8));
            ByteBuf read = Unpooled.buffer().writeInt(0x25609513).writeShort(0).writeShort(0);
            List<Signal> inputs = List.of(
                    new NbdServerControl.Accepted(9, "peer", List.of(export), 1 << 17),
                    new LinkPort.Received(9, said.writeShort(0)),
                    new NbdServerControl.Opened(export),
                    new LinkPort.Received(9, read.writeLong(5).writeLong(0).writeInt(1 << 18)));
            NbdServer server = new NbdServer(UnpooledByteBufAllocator.DEFAULT);
            does(server, inputs, watch, new Layer("server", NbdServerControl.KIND, 9), lie);
        }
    }

    @Test
    void anNbdConnectionIsGivenAgainWithTheSameLimit() {
        recordsNbd(one -> one);
        assertEquals(ExitCode.HOLDS, run("replay", folder.resolve("real").toString(), "--node", "server"));
        assertSaid("Within it 1 of nbd-server: the same 5 outputs to 4 inputs.", "The referee: nothing found");
    }

    @Test
    void whatAnNbdConnectionDidOtherwiseIsTold() {
        recordsNbd(one -> one instanceof NbdServerControl.Open ? new NbdServerControl.Open("other") : one);
        assertEquals(ExitCode.BROKEN, run("replay", folder.resolve("real").toString(), "--node", "server"));
        assertSaid("nbd-server 9 within it: The first difference is output 2");
    }

    @Test
    void theWayToAForeignDiskIsGivenAgainToo() {
        recordsForeignDisk(one -> one);
        assertEquals(ExitCode.HOLDS, run("replay", folder.resolve("real").toString(), "--node", "server"));
        assertSaid("Within it 1 of nbd-client: the same 3 outputs to 4 inputs.", "The referee: nothing found");
    }

    @Test
    void theWayToAForeignDiskIsJudgedAndToldWithItsRule() {
        recordsForeignDisk(one -> one instanceof BlockPort.Completed(long tag, var _)
                ? new BlockPort.Completed(tag, new Outcome.Done(Unpooled.EMPTY_BUFFER))
                : one);
        assertEquals(ExitCode.BROKEN, run("replay", folder.resolve("real").toString(), "--node", "server"));
        assertSaid(
                "nbd-client 3 within it: The first difference is output 1",
                "T4 is broken by the server",
                "The NBD client of the server tells that operation 1",
                "NBD client 3 is asked: operation 1: flush",
                "NBD client 3 tells: operation 1 done");
    }

    @Test
    void aRecordingThatDoesNotSayHowItEndedIsNoPass() throws Exception {
        try (Watch watch = recording(WatchedNode.server(ServerSettings.DEFAULT))) {
            watch.saw(10, Layer.server("server"), new dst.protocol.LinkPort.Accepted(1, "127.0.0.1:9", "127.0.0.1"));
        }
        Path latest = folder.resolve("real/server/latest");
        for (boolean there : new boolean[] {true, false}) {
            if (there) {
                Files.write(latest.resolve("state"), new byte[0]);
            } else {
                Files.delete(latest.resolve("state"));
            }
            for (String command : List.of("replay", "report")) {
                assertEquals(ExitCode.UNKNOWN_OR_VACUOUS, run(command, latest.toString()), () -> "" + out + err);
                assertSaid("how the recording ended is not known", "state");
            }
        }
    }

    @Test
    void aRealNodeThatWasWrongIsToldWithItsRule() throws Exception {
        try (Watch watch = recording(WatchedNode.server(ServerSettings.DEFAULT))) {
            watch.saw(10, Layer.server("server"), new dst.protocol.LinkPort.Accepted(1, "127.0.0.1:9", "127.0.0.1"));
            watch.saw(10, Layer.server("server"), new LinkPort.Send(1, Unpooled.wrappedBuffer(new byte[64])));
        }
        assertEquals(ExitCode.BROKEN, run("replay", folder.resolve("real").toString(), "--node", "server"));
        assertSaid(
                "The first difference is output 1",
                "input 1: Accepted",
                "recorded: Send on link 1 of 64 bytes beginning 0000",
                "H1 is broken by the server");
        assertTrue(Files.exists(folder.resolve("real/server/latest/state")));
        assertEquals(ExitCode.HOLDS, run("report", folder.resolve("real").toString(), "--node", "server"));
        String page = Files.readString(folder.resolve("real/server/latest/report.html"));
        assertTrue(page.contains("H1 is broken by the server"), "a recorded node is told as a simulated one is");
    }
}
