package dst.realnode.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.NbdServer;
import dst.nbd.attach.Attach;
import dst.nbd.attach.Bounds;
import dst.nbd.port.LendingControl;
import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.Access;
import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.ClientSettings;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.Export;
import dst.protocol.Finding;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Rules;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.client.Client;
import dst.protocol.trace.Layer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class LiveRefereeTest {
    private final Watch server = Watch.begin(WatchedNode.server(ServerSettings.DEFAULT), Optional.empty(), true);

    private void saw(Object value) {
        server.saw(1_000_000, WatchedNode.SERVER, value);
    }

    private void opened() {
        opened(512);
    }

    private void opened(int blockSize) {
        saw(new DiskPort.Opened(1, new Boot(1, new Unique(1, 1)), BootCause.STARTED));
        Device device = new Device(new Unique(2, 2), 1 << 20, blockSize, Permission.BOTH);
        Export export = new Export("disk", 1, 0, device, Terms.DEFAULT, false);
        saw(new ServerControl.ExportOpened(export, Holder.NOBODY, Access.ofEverybody(Permission.BOTH)));
        saw(new ServerControl.Ready());
    }

    @Test
    void aServerThatStartsWhatOverlapsIsConvictedOnce() {
        opened();
        assertEquals(List.of(), server.found());
        for (int ticket = 1; ticket <= 5; ticket++) {
            saw(new DiskPort.Start(
                    1, new DiskRequest.Write(ticket, 0, 0, Unpooled.wrappedBuffer(new byte[512]), false)));
        }
        assertEquals(1, server.found().size(), () -> server.found().toString());
        Finding finding = server.found().getFirst();
        assertEquals(Rules.T5, finding.rule());
        assertEquals(Side.SERVER, finding.side());
        assertTrue(
                server.status().getFirst().startsWith("referee    1 FOUND, "),
                () -> server.status().toString());
        assertTrue(
                server.status().getLast().startsWith("  T5 by the server: "),
                () -> server.status().toString());
        server.close();
    }

    @Test
    void whatIsNotFollowedIsSaid() {
        opened(1);
        String first = server.status().getFirst();
        assertTrue(first.endsWith("; content of very small blocks is not judged"), first);
        saw(new DiskPort.Start(1, new DiskRequest.Write(1, 0, 0, Unpooled.wrappedBuffer(new byte[512]), false)));
        saw(new DiskPort.Start(1, new DiskRequest.Write(2, 0, 511, Unpooled.wrappedBuffer(new byte[1]), false)));
        assertEquals(
                List.of("T5"),
                server.found().stream().map(finding -> finding.rule().name()).toList());
        server.close();
    }

    @Test
    void aServerThatDoesNothingWrongIsNotAccused() {
        opened();
        String first = server.status().getFirst();
        assertTrue(first.startsWith("referee    nothing found, ") && first.endsWith(" rules observed"), first);
        server.close();
    }

    @Test
    void aClientInsideOfAnotherMachineIsSeen() {
        ClientSettings settings = ClientSettings.of("disk");
        Watch watch = Watch.begin(WatchedNode.client(settings), Optional.empty(), true);
        Attach attach = new Attach(
                new Client(settings, UnpooledByteBufAllocator.DEFAULT),
                UnpooledByteBufAllocator.DEFAULT,
                Bounds.DEFAULT);
        watch.over(attach);
        List<Signal> outputs = new ArrayList<>();
        attach.step(1, new Control.Started(new Unique(3, 3), 1), outputs);
        assertEquals(List.of(new LinkPort.Connect(1, 0)), outputs);
        attach.discard();
        watch.saw(2, WatchedNode.CLIENT, new LinkPort.Opened(1));
        watch.saw(2, WatchedNode.CLIENT, new LinkPort.Send(1, Unpooled.wrappedBuffer(new byte[64])));
        assertEquals(
                List.of("H1"),
                watch.found().stream().map(finding -> finding.rule().name()).toList());
        watch.close();
    }

    private static final Layer NBD = new Layer("server", NbdServerControl.KIND, 7);

    /** Of what an NBD server does for a peer that reads a block, a node's watch sees that; its device gives zeros. */
    private static void reads(Watch watch, UnaryOperator<Signal> seen) {
        NbdServer machine = new NbdServer(UnpooledByteBufAllocator.DEFAULT);
        ArrayDeque<Signal> inputs = new ArrayDeque<>();
        Device device = new Device(new Unique(2, 2), 1 << 20, 512, Permission.BOTH);
        NbdExport export = new NbdExport("disk", "", device, 1, 4096, 1 << 20, NbdExport.FUA);
        inputs.add(new NbdServerControl.Accepted(7, "peer", List.of(export), NbdServer.PAYLOAD_MIN));
        ByteBuf said = Unpooled.buffer()
                .writeInt(3)
                .writeLong(0x49484156454F5054L)
                .writeInt(1)
                .writeInt(4);
        inputs.add(new LinkPort.Received(7, said.writeBytes("disk".getBytes(StandardCharsets.UTF_8))));
        ByteBuf request = Unpooled.buffer()
                .writeInt(0x25609513)
                .writeInt(0)
                .writeLong(5)
                .writeLong(0)
                .writeInt(512);
        inputs.add(new LinkPort.Received(7, request));
        List<Signal> outputs = new ArrayList<>();
        while (!inputs.isEmpty()) {
            Signal input = inputs.remove();
            watch.saw(1, NBD, seen.apply(input));
            machine.step(1, input, outputs);
            for (Signal output : outputs) {
                watch.saw(1, NBD, seen.apply(output));
                switch (output) {
                    case NbdServerControl.Open _ -> inputs.addFirst(new NbdServerControl.Opened(export));
                    case NbdServerControl.Wants(long bytes) -> inputs.add(new NbdServerControl.Granted(bytes));
                    case BlockPort.Ask(int _, BlockPort.Submit(long tag, var _)) ->
                        inputs.add(new BlockPort.Heard(0, done(tag, 0)));
                    default -> {}
                }
            }
            outputs.clear();
        }
        machine.discard();
    }

    private static BlockPort.Completed done(long tag, int content) {
        byte[] block = new byte[512];
        Arrays.fill(block, (byte) content);
        return new BlockPort.Completed(tag, new Outcome.Done(Unpooled.wrappedBuffer(block)));
    }

    @Test
    void anNbdServerThatAnswersWhatItsDeviceGaveIsNotAccused() {
        reads(server, one -> one);
        assertEquals(List.of(), server.found());
        assertTrue(server.status().getFirst().startsWith("referee    nothing found, 5 rules observed"));
        server.close();
    }

    @Test
    void anNbdServerThatAnswersSomethingElseIsConvictedAndItsNodeNamed() {
        reads(
                server,
                one -> one instanceof BlockPort.Heard(int device, BlockPort.Completed(long tag, var _))
                        ? new BlockPort.Heard(device, done(tag, 1))
                        : one);
        Finding finding = server.found().getFirst();
        assertEquals(Rules.R5, finding.rule());
        assertEquals(Side.SERVER, finding.side());
        assertTrue(
                server.status()
                        .getLast()
                        .startsWith("  R5 by the server: the NBD server of the server gives other data"),
                () -> server.status().toString());
        server.close();
    }

    @Test
    void anNbdServerOfAnAttachedDeviceIsTheClients() {
        Watch client = Watch.begin(WatchedNode.client(ClientSettings.of("disk")), Optional.empty(), true);
        reads(client, one -> one instanceof BlockPort.Heard ? new Control.TimerFired() : one);
        Finding finding = client.found().getFirst();
        assertEquals(Rules.T4, finding.rule());
        assertEquals(Side.CLIENT, finding.side());
        client.close();
    }

    /** A connection that is over leaves nothing behind: not even what it did counts once more. */
    @Test
    void whatAnEarlierConnectionDidIsToldOnce() {
        for (int i = 0; i < 3; i++) {
            reads(server, one -> one instanceof BlockPort.Heard ? new Control.TimerFired() : one);
            server.saw(2, NBD, new LinkPort.Closed(7, "gone"));
        }
        assertEquals(1, server.found().size());
        server.close();
    }

    @Test
    void anExportThatIsLentWhileItIsHeldIsFound() {
        Layer lending = new Layer("server", LendingControl.KIND, 1);
        Device device = new Device(new Unique(2, 2), 1 << 20, 512, Permission.BOTH);
        Export export = new Export("disk", 1, 0, device, Terms.DEFAULT, false);
        Holder holder = new Holder(4, new Unique(9, 9));
        server.saw(1, lending, new LendingControl.Offered(export, holder));
        server.saw(2, lending, new LendingControl.Wanted(1, Permission.BOTH));
        assertEquals(List.of(), server.found());
        server.saw(2, lending, new LendingControl.Lent(1));
        Finding finding = server.found().getFirst();
        assertEquals(Rules.H5, finding.rule());
        assertEquals(Side.SERVER, finding.side());
        server.close();
    }
}
