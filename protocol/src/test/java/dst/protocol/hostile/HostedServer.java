package dst.protocol.hostile;

import dst.protocol.Access;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Permission;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server in a host: its disk, its links and who is at their other ends. Each step is metered, and what it did is carried out
 * before the next.
 */
final class HostedServer {
    /** Who is at the other end of a link. */
    interface Peer {
        /** The server said this; the bytes belong to the peer. */
        void heard(long link, ByteBuf bytes);

        void closed(long link, Closing closing);

        void reading(long link, boolean wanted);
    }

    private static final Access EVERYBODY = Access.ofEverybody(Permission.BOTH);

    final HostedDisk disk = new HostedDisk();

    /** What the server asks for by itself. */
    final Pages asked = new Pages();

    private final Meter meter = new Meter();
    private final Odds odds;
    private final Machine server;
    private final Map<Long, Peer> peers = new TreeMap<>();
    private final Map<String, Holder> holders = new TreeMap<>();
    private final ArrayDeque<DurablePort.Keep> persists = new ArrayDeque<>();
    private final List<Signal> outputs = new ArrayList<>();
    private final Boot boot;
    private long links;
    private boolean busy;
    long now;

    /** Whether a new holder is not made durable until this ends. */
    boolean holdingPersist;

    HostedServer(Machines machines, Boot boot, Odds odds) {
        this.server = machines.server(ServerSettings.DEFAULT, asked);
        this.boot = boot;
        this.odds = odds;
    }

    void start(Holder holder) {
        holders.put(Victims.EXPORT, holder);
        step(new DiskPort.Opened(0, boot, BootCause.STARTED), 0);
        step(new ServerControl.ExportOpened(Victims.export(Victims.EXPORT, 0), holder, EVERYBODY), 0);
        Access access = Access.NOBODY.with(Victims.NEIGHBOUR, Permission.BOTH);
        step(new ServerControl.ExportOpened(Victims.export(Victims.NEIGHBOUR, 1), Holder.NOBODY, access), 0);
        step(new ServerControl.Ready(), 0);
    }

    /** Of the export that the attacker may have. */
    Holder holder() {
        return holders.getOrDefault(Victims.EXPORT, Holder.NOBODY);
    }

    long open(Peer peer, String principal) {
        long link = ++links;
        peers.put(link, peer);
        step(new LinkPort.Accepted(link, "peer", principal), 0);
        return link;
    }

    /** The peer is gone. */
    void close(long link) {
        if (peers.remove(link) != null) {
            step(new LinkPort.Closed(link, "reset"), 0);
        }
    }

    boolean isOpen(long link) {
        return peers.containsKey(link);
    }

    void receive(long link, ByteBuf bytes, long owed) {
        step(new LinkPort.Received(link, bytes), bytes.readableBytes() + owed);
    }

    /** So much of what was sent has left the host; what was owed until then may be read now. */
    void sent(long link, long bytes, long owed) {
        step(new LinkPort.Sent(link, bytes), owed);
    }

    boolean timeIsDue() {
        return server.nextDeadline() <= now;
    }

    void fire() {
        step(new Control.TimerFired(), 0);
    }

    /** One of what the disk was made to hold ends, if there is any. */
    boolean endOne(long owed) {
        DiskRequest request = disk.takeDue(true, odds);
        if (request == null) {
            return false;
        }
        step(new DiskPort.Ended(0, request.ticket(), disk.carryOut(request)), owed);
        return true;
    }

    private void step(Signal input, long bytes) {
        outputs.clear();
        meter.begin();
        server.step(now, input, outputs);
        meter.end(bytes);
        // Peers only take note of what they hear: nothing leads back here before all is carried out.
        for (Signal output : outputs) {
            carryOut(output);
        }
        settle();
    }

    /** Everything that nobody holds ends. */
    void settle() {
        if (busy) {
            return;
        }
        busy = true;
        for (boolean more = true; more; ) {
            DiskRequest request = disk.takeDue(false, odds);
            DurablePort.Keep persist = holdingPersist ? null : persists.poll();
            more = request != null || persist != null;
            if (request != null) {
                step(new DiskPort.Ended(0, request.ticket(), disk.carryOut(request)), 1 << 16);
            }
            if (persist != null) {
                holders.put(persist.export(), persist.holder());
                step(new DurablePort.Kept(persist.export(), persist.holder()), 0);
            }
        }
        busy = false;
    }

    private void carryOut(Signal output) {
        switch (output) {
            case LinkPort.Send(long link, ByteBuf bytes) -> {
                Peer peer = peers.get(link);
                if (peer == null) {
                    bytes.release();
                    throw new AssertionError("something is sent on link " + link + ", which is closed");
                }
                peer.heard(link, bytes);
            }
            case LinkPort.Close(long link, Closing closing) ->
                peer(link, peers.remove(link)).closed(link, closing);
            case LinkPort.Reading(long link, boolean wanted) ->
                peer(link, peers.get(link)).reading(link, wanted);
            case DiskPort.Start(int number, DiskRequest request) -> disk.submit(request);
            case DurablePort.Keep persist -> persists.add(persist);
            case DurablePort.DrawBoot draw -> throw new AssertionError("no peer ends a boot: " + draw);
            case ServerControl.Removed removed -> throw new AssertionError("no peer removes an export: " + removed);
            case ServerControl.Left left -> throw new AssertionError("no peer sends a server away: " + left);
            case Control.Noted(String text) -> {
                if (text.isBlank()) {
                    throw new AssertionError("a note that says nothing");
                }
            }
            default -> throw Signal.misplaced(output);
        }
    }

    private static Peer peer(long link, @Nullable Peer peer) {
        if (peer == null) {
            throw new AssertionError("link " + link + " is closed already");
        }
        return peer;
    }

    Machine machine() {
        return server;
    }

    void discard() {
        server.discard();
        disk.discard();
    }
}
