package dst.realnode.serve;

import dst.protocol.Closing;
import dst.protocol.Disk;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.nbd.NbdExport;
import dst.protocol.nbd.NbdServer;
import dst.protocol.nbd.NbdServerInput;
import dst.protocol.nbd.NbdServerOutput;
import dst.protocol.trace.Tap;
import dst.realnode.Refused;
import dst.realnode.disk.DiskPort;
import dst.realnode.guard.Refusals;
import dst.realnode.host.MachineHost;
import dst.realnode.net.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One NBD connection in front of a disk. */
final class NbdPeer extends MachineHost<NbdServerInput, NbdServerOutput>
        implements Connection.Ears, Disk.Ended, SharedBlocks.User {
    private static final Logger log = LoggerFactory.getLogger(NbdPeer.class);

    /** Smaller changes of what it holds are not told. */
    private static final long HELD_GRAIN = 256 << 10;

    private final String peer;
    private final String principal;
    private final NbdExports exports;
    private final NbdServer server;
    private final Refusals refusals;
    private final Connection connection;
    private volatile @Nullable OpenExport export;
    private volatile @Nullable NbdExport seen;
    private @Nullable DiskPort port;
    private Gauge.@Nullable Teller teller;
    private @Nullable SharedBlocks blocks;
    private int running;
    private long heldTold;
    private boolean closed;
    private boolean left;
    private boolean through;

    /** Why the export was not given: told already, it is told once, also if the connection ends of it. */
    private String lastRefusal = "";

    /** What this peer may use, and who has to know that he does. */
    interface NbdExports {
        /** What this principal may know of, and ask for. */
        List<NbdExport> shownTo(String principal);

        /** What this principal would be given now, if it asked for it. */
        List<NbdExport> givenTo(String principal);

        /** Takes a use of the export; throws if it cannot be given. */
        OpenExport take(String principal, String name) throws Refused;

        NbdExport seen(OpenExport export, String principal);

        /** Of one READ or WRITE. */
        int payloadMax();

        /** The peer has come through its handshake. */
        void through(NbdPeer peer);

        /** So much memory it takes up by now. */
        void holds(NbdPeer peer, long bytes);

        /** A use that was taken is over. */
        void giveBack(OpenExport export);

        /** The peer is gone, and nothing of it runs any more. */
        void left(NbdPeer peer, @Nullable OpenExport export);
    }

    NbdPeer(Channel channel, NbdExports exports, Refusals refusals) {
        this(channel, exports, refusals, new NbdServer(PooledByteBufAllocator.DEFAULT, exports.payloadMax()));
    }

    private NbdPeer(Channel channel, NbdExports exports, Refusals refusals, NbdServer server) {
        super(channel.eventLoop(), "nbd", server, Tap.BLIND);
        this.server = server;
        this.refusals = refusals;
        this.peer = Connection.peer(channel);
        this.principal = Connection.principal(channel);
        this.exports = exports;
        this.connection = new Connection(channel, this);
    }

    void begin() {
        connection.begin();
        give(new NbdServerInput.Connected(peer, exports.shownTo(principal)));
    }

    String principal() {
        return principal;
    }

    String peer() {
        return peer;
    }

    boolean uses(String name) {
        OpenExport used = export;
        return used != null && used.name().equals(name);
    }

    /** On whatever thread: whoever may do something else than he was told is sent away, and hears it when he comes again. Told once it counts. */
    CompletableFuture<Void> checkPermission() {
        return CompletableFuture.runAsync(
                () -> {
                    OpenExport used = export;
                    if (used != null && !exports.seen(used, principal).equals(seen)) {
                        cutNow("what it may do has changed");
                    }
                },
                loop);
    }

    /** On whatever thread: no new request is begun, what runs is answered, and then it is over. */
    void drain() {
        loop.execute(() -> give(new NbdServerInput.Drain()));
    }

    /** On whatever thread: at once. */
    void cut(String why) {
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
        give(new NbdServerInput.Received(bytes));
    }

    @Override
    public void receivedAll() {
        endBatch();
    }

    @Override
    public void sent(long bytes) {
        give(new NbdServerInput.Sent(bytes));
    }

    @Override
    public boolean ended() {
        give(new NbdServerInput.HalfClosed());
        return true;
    }

    @Override
    public void closed(String reason) {
        if (!closed) {
            closed = true;
            give(new NbdServerInput.Disconnected(reason));
            leaveIfOver();
        }
    }

    @Override
    protected void carryOut(NbdServerOutput output) {
        switch (output) {
            case NbdServerOutput.Send(ByteBuf bytes) -> connection.send(bytes);
            case NbdServerOutput.Close(Closing closing) -> {
                told(closing);
                connection.close();
                closed = true;
                leaveIfOver();
            }
            case NbdServerOutput.Reading(boolean wanted) -> connection.reading(wanted);
            case NbdServerOutput.Open(String name) -> open(name);
            case NbdServerOutput.List _ -> give(new NbdServerInput.Listed(exports.givenTo(principal)));
            case NbdServerOutput.Submit(long tag, Operation operation) -> submit(tag, operation);
            case NbdServerOutput.Map(long tag, long offset, int length) ->
                port().extents(offset, length, extents -> give(new NbdServerInput.Mapped(tag, extents)));
            case NbdServerOutput.Noted(String text) -> refusals.tell(peer, "R6", text);
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
            give(new NbdServerInput.Opened(shown));
        } catch (Refused refused) {
            lastRefusal = refused.text();
            refusals.tell(peer, "R6", "export " + name + ": " + lastRefusal);
            give(new NbdServerInput.OpenRefused(refused.problem(), refused.text()));
        }
    }

    /** A peer asks what an export is like, and then for that one or for another. */
    private OpenExport takeInstead(String name) throws Refused {
        OpenExport before = export;
        if (before != null && before.name().equals(name)) {
            return before;
        }
        if (before != null) {
            export = null;
            exports.giveBack(before);
        }
        OpenExport taken = exports.take(principal, name);
        export = taken;
        port = taken.disk.port(loop, this);
        teller = taken.gauge.new Teller();
        blocks = taken.blocks;
        return taken;
    }

    private DiskPort port() {
        DiskPort opened = port;
        if (opened == null) {
            throw new IllegalStateException("no export is open");
        }
        return opened;
    }

    private void submit(long tag, Operation operation) {
        running++;
        if (blocks().needNotKnow(operation)) {
            start(tag, operation);
        } else {
            blocks().submitted(this, tag, operation);
        }
    }

    private SharedBlocks blocks() {
        SharedBlocks opened = blocks;
        if (opened == null) {
            throw new IllegalStateException("no export is open");
        }
        return opened;
    }

    @Override
    public void move(long ticket, Operation operation) {
        start(-ticket, operation);
    }

    /** Below zero are the tickets of whole blocks that all connections share. */
    private void start(long ticket, Operation operation) {
        DiskRequest request = switch (operation) {
            case Operation.Read it -> new DiskRequest.Read(ticket, ticket, it.offset(), it.length());
            case Operation.Write it -> new DiskRequest.Write(ticket, ticket, it.offset(), it.data(), it.durable());
            case Operation.Zero it -> new DiskRequest.Zero(ticket, ticket, it.offset(), it.length(), it.durable());
            case Operation.Trim it -> new DiskRequest.Trim(ticket, ticket, it.offset(), it.length());
            case Operation.Flush _ -> new DiskRequest.Flush(ticket, ticket);
        };
        teller().started(request);
        port().submit(request);
    }

    private Gauge.Teller teller() {
        Gauge.Teller opened = teller;
        if (opened == null) {
            throw new IllegalStateException("no export is open");
        }
        return opened;
    }

    @Override
    public void ended(long ticket, DiskResult result) {
        teller().ended(ticket);
        Outcome outcome = switch (result) {
            case DiskResult.Transferred _ -> new Outcome.Done(Unpooled.EMPTY_BUFFER);
            case DiskResult.Data it -> new Outcome.Done(it.data());
            case DiskResult.Failed it ->
                new Outcome.Refused(it.problem(), it.problem().words());
        };
        if (ticket < 0) {
            blocks().settled(-ticket, outcome);
        } else {
            completed(ticket, outcome);
        }
    }

    @Override
    public void completed(long tag, Outcome outcome) {
        running--;
        if (!closed) {
            give(new NbdServerInput.Completed(tag, outcome));
            return;
        }
        if (outcome instanceof Outcome.Done(ByteBuf data)) {
            data.release();
        }
        leaveIfOver();
    }

    private void leaveIfOver() {
        if (closed && running == 0 && !left) {
            left = true;
            loop.execute(this::end);
            exports.left(this, export);
        }
    }

    @Override
    protected void settle() {
        DiskPort from = port;
        if (from != null) {
            from.drain();
        }
        if (!through && server.serves()) {
            through = true;
            exports.through(this);
        }
    }

    @Override
    protected void flushed() {
        connection.flush();
        long held = server.bytesInHand();
        if (Math.abs(held - heldTold) >= HELD_GRAIN) {
            heldTold = held;
            exports.holds(this, held);
        }
    }

    @Override
    protected NbdServerInput timerFired() {
        return new NbdServerInput.TimerFired();
    }

    @Override
    protected void drop(NbdServerInput input) {
        switch (input) {
            case NbdServerInput.Received(ByteBuf bytes) -> bytes.release();
            case NbdServerInput.Completed(long _, Outcome.Done(ByteBuf data)) -> data.release();
            case NbdServerInput.Completed _,
                    NbdServerInput.Connected _,
                    NbdServerInput.Sent _,
                    NbdServerInput.HalfClosed _,
                    NbdServerInput.Disconnected _,
                    NbdServerInput.Opened _,
                    NbdServerInput.OpenRefused _,
                    NbdServerInput.Listed _,
                    NbdServerInput.Mapped _,
                    NbdServerInput.Drain _,
                    NbdServerInput.TimerFired _ -> {}
        }
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
