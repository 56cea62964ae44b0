package dst.realnode.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.attach.Attach;
import dst.nbd.attach.Bounds;
import dst.protocol.Access;
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
import dst.protocol.Permission;
import dst.protocol.Rules;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.client.Client;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
}
