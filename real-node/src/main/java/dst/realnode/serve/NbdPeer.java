package dst.realnode.serve;

import dst.nbd.Guest;
import dst.nbd.NbdServer;
import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.realnode.Refused;
import dst.realnode.guard.Refusals;
import dst.realnode.host.MachineHost;
import dst.realnode.net.Connection;
import dst.realnode.watch.WatchedNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One NBD connection in front of a disk. */
final class NbdPeer extends MachineHost implements Connection.Listener, NbdUse.Settled, SharedLending.User, Guest {
    private static final Logger log = LoggerFactory.getLogger(NbdPeer.class);

    /** The only one: the export that it was given. */
    private static final int DEVICE = 0;

    private final long link;
    private final String peer;
    private final String principal;
    private final String origin;
    private final NbdExports exports;
    private final NbdServer server;
    private final Refusals refusals;
    private final Connection connection;
    private volatile @Nullable NbdUse use;
    private volatile @Nullable NbdExport seen;
    private volatile Standing standing = new Standing(false, false, 0, 0, now());
    private long moved;
    private boolean closed;
    private boolean left;
    private boolean through;

    /** Why the export was not given: told already, it is told once, also if the connection ends of it. */
    private String lastRefusal = "";

    /** What others may know of it: as it was after the last that came from it, went to it or was done for it. */
    private record Standing(boolean used, boolean busy, long runningBytes, long moved, long activeAt) {}

    /** What this peer may use, and who has to know that he does. */
    interface NbdExports {
        /** What this principal may know of, and ask for. */
        List<NbdExport> shownTo(String principal);

        /** What this principal would be given now, if it asked for it. */
        List<NbdExport> givenTo(String principal);

        /** Takes a use of the export; throws if it cannot be given. */
        Lent take(String principal, String name, SharedLending.User user) throws Refused;

        NbdExport seen(OpenExport export, String principal);

        /** Of one READ or WRITE. */
        int payloadMax();

        /** The peer has come through its handshake. */
        void through(NbdPeer peer);

        /** It wants so much more memory; whether it has it. Otherwise it is told once it has. */
        boolean asks(NbdPeer peer, long bytes);

        void wantsNothing(NbdPeer peer);

        void givesBack(NbdPeer peer, long bytes);

        /** A use that was taken is over. */
        void giveBack(Lent lent);

        /** The peer is gone, and nothing of it runs any more. */
        void left(NbdPeer peer, @Nullable Lent lent);
    }

    /** On the link of that number, which no other one has. */
    NbdPeer(Channel channel, NbdExports exports, Refusals refusals, long link, Tap tap) {
        NbdServer server = new NbdServer(PooledByteBufAllocator.DEFAULT);
        super(channel.eventLoop(), new Layer(WatchedNode.SERVER.node(), NbdServerControl.KIND, link), server, tap);
        this.server = server;
        this.link = link;
        this.refusals = refusals;
        this.peer = Connection.peer(channel);
        this.principal = Connection.principal(channel);
        this.origin = Connection.origin(channel);
        this.exports = exports;
        this.connection = new Connection(channel, this);
    }

    void begin() {
        connection.begin();
        give(new NbdServerControl.Accepted(link, peer, exports.shownTo(principal), exports.payloadMax()));
    }

    String principal() {
        return principal;
    }

    String peer() {
        return peer;
    }

    boolean uses(String name) {
        return export().equals(name);
    }

    /** On whatever thread: whoever may do something else than he was told is sent away, and hears it when he comes again. Told once it counts. */
    CompletableFuture<Void> checkPermission() {
        return CompletableFuture.runAsync(
                () -> {
                    NbdUse used = use;
                    if (used != null && !exports.seen(used.export, principal).equals(seen)) {
                        cutNow("what it may do has changed");
                    }
                },
                loop);
    }

    /** On whatever thread: no new request is begun, what runs is answered, and then it is over. */
    @Override
    public void drain() {
        loop.execute(() -> give(new NbdServerControl.Drain()));
    }

    /** On whatever thread: at once. */
    @Override
    public void cut(String why) {
        loop.execute(() -> cutNow(why));
    }

    private void cutNow(String why) {
        log.debug("{}: closed: {}", peer, why);
        connection.close();
        closed("closed here");
    }

    /** On whatever thread: at once, whatever it has not taken yet. */
    void turnAway(String rule, String words) {
        loop.execute(() -> {
            if (!closed) {
                refusals.tell(peer, rule, words);
                connection.drop();
                closed(words);
            }
        });
    }

    @Override
    public void received(ByteBuf bytes) {
        beginBatch();
        moved += bytes.readableBytes();
        give(new LinkPort.Received(link, bytes));
    }

    @Override
    public void receivedAll() {
        endBatch();
    }

    @Override
    public void sent(long bytes) {
        moved += bytes;
        give(new LinkPort.Sent(link, bytes));
    }

    @Override
    public boolean ended() {
        give(new NbdServerControl.HalfClosed());
        return true;
    }

    @Override
    public void closed(String reason) {
        if (!closed) {
            closed = true;
            give(new LinkPort.Closed(link, reason));
            leaveIfOver();
        }
    }

    @Override
    protected void carryOut(Signal output) {
        switch (output) {
            case LinkPort.Send(long _, ByteBuf bytes) -> connection.send(bytes);
            case LinkPort.Close(long _, Closing closing) -> {
                told(closing);
                end(closing);
                closed = true;
                leaveIfOver();
            }
            case LinkPort.Reading(long _, boolean wanted) -> connection.reading(wanted);
            case NbdServerControl.Open(String name) -> open(name);
            case NbdServerControl.ListExports _ -> give(new NbdServerControl.Listed(exports.givenTo(principal)));
            case BlockPort.Ask(int _, BlockPort.Submit(long tag, Operation operation)) -> use().submit(tag, operation);
            case NbdServerControl.Map(long tag, long offset, int length) ->
                use().extents(offset, length, extents -> give(new NbdServerControl.Mapped(tag, extents)));
            case NbdServerControl.Wants(long bytes) -> wants(bytes);
            case NbdServerControl.GivesBack(long bytes) -> exports.givesBack(this, bytes);
            case Control.Noted(String text) -> refusals.tell(peer, "R6", text);
            default -> throw Signal.misplaced(output);
        }
    }

    /** R7: for whoever is wrong nothing is kept until it has been taken. */
    private void end(Closing closing) {
        if (closing.cause() == Closing.Cause.PEER_WRONG) {
            connection.drop();
        } else {
            connection.close();
        }
    }

    private void told(Closing closing) {
        boolean isToldAlready = !lastRefusal.isEmpty() && closing.text().endsWith(lastRefusal);
        if (isToldAlready || !refusals.tell(peer, closing)) {
            log.debug("{}: closed: {}", peer, closing.text());
        }
    }

    /** A peer may ask for information first, also about several exports, and has the last one then. */
    private void open(String name) {
        try {
            OpenExport taken = takeInstead(name);
            log.debug("{}: uses export {}", peer, taken.name());
            NbdExport shown = exports.seen(taken, principal);
            seen = shown;
            give(new NbdServerControl.Opened(shown));
        } catch (Refused refused) {
            lastRefusal = refused.text();
            refusals.tell(peer, "R6", "export " + name + ": " + lastRefusal);
            give(new NbdServerControl.OpenRefused(refused.problem(), refused.text()));
        }
    }

    /** A peer asks what an export is like, and then for that one or for another. */
    private OpenExport takeInstead(String name) throws Refused {
        NbdUse before = use;
        if (before != null && before.export.name().equals(name)) {
            return before.export;
        }
        if (before != null) {
            use = null;
            exports.giveBack(before.lent);
        }
        Lent taken = exports.take(principal, name, this);
        use = new NbdUse(taken, loop, this);
        return taken.export();
    }

    private NbdUse use() {
        NbdUse used = use;
        if (used == null) {
            throw new IllegalStateException("no export is open");
        }
        return used;
    }

    private void wants(long bytes) {
        if (bytes == 0) {
            exports.wantsNothing(this);
        } else if (exports.asks(this, bytes)) {
            give(new NbdServerControl.Granted(bytes));
        }
    }

    /** On whatever thread: it has waited for so much memory, and has it now. */
    void granted(long bytes) {
        loop.execute(() -> give(new NbdServerControl.Granted(bytes)));
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public String export() {
        NbdUse used = use;
        return used == null ? "" : used.export.name();
    }

    @Override
    public boolean isUsed() {
        return standing.used;
    }

    @Override
    public boolean isBusy() {
        return standing.busy;
    }

    @Override
    public long activeAt() {
        return standing.activeAt;
    }

    @Override
    public long moved() {
        return standing.moved;
    }

    @Override
    public long runningBytes() {
        return standing.runningBytes;
    }

    @Override
    public void settled(long tag, Outcome outcome) {
        if (!closed) {
            give(new BlockPort.Heard(DEVICE, new BlockPort.Completed(tag, outcome)));
            return;
        }
        if (outcome instanceof Outcome.Done(ByteBuf data)) {
            data.release();
        }
        leaveIfOver();
    }

    private void leaveIfOver() {
        NbdUse used = use;
        if (closed && !left && (used == null || used.isIdle())) {
            left = true;
            loop.execute(this::end);
            exports.left(this, used == null ? null : used.lent);
        }
    }

    @Override
    protected void settle() {
        NbdUse used = use;
        if (used != null) {
            used.drain();
        }
        if (!through && server.serves()) {
            through = true;
            exports.through(this);
        }
    }

    @Override
    protected void flushed() {
        connection.flush();
        standing = new Standing(server.isUsed(), server.isBusy(), server.bytesRunning(), moved, now());
    }

    @Override
    protected Signal timerFired() {
        return new Control.TimerFired();
    }

    @Override
    protected void drop(Signal input) {
        Signal.release(input);
    }

    /** Only this connection is concerned: its machine is its own. */
    @Override
    protected void failed(Throwable failure) {
        log.error(
                "{}: the NBD server fell over one of its own assertions: this is an error in dst itself",
                peer,
                failure);
        connection.close();
        closed = true;
        leaveIfOver();
    }
}
