package dst.sim.nbd;

import dst.protocol.BlockPort;
import dst.protocol.Device;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Operation;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.StateDigest;
import dst.protocol.Unique;
import dst.protocol.nbd.NbdClient;
import dst.protocol.nbd.NbdClientInput;
import dst.protocol.nbd.NbdClientOutput;
import dst.protocol.nbd.NbdExport;
import dst.protocol.nbd.NbdServerInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program with an NBD connection of its own, one after the other, and the kernel between it and the server: bytes come in pieces. */
final class Application {
    private static final String EXPORT = "disk";

    /** Larger than any operation: none is taken apart on its way. */
    private static final int TRANSFER_MAX = 32 << 20;

    /** As the server's host knows it: nothing of the device, and that the program may do everything. */
    private static final NbdExport SHOWN = new NbdExport(
            EXPORT,
            "an attached device",
            new Device(Unique.NONE, 0, 1, Permission.BOTH),
            1,
            4096,
            TRANSFER_MAX,
            NbdExport.FUA | NbdExport.TRIM | NbdExport.ZERO | NbdExport.MAP | NbdExport.MULTI);

    private static final int CRUMB_MAX = 64;

    /** Some connections are used only for so long. */
    private static final int OPERATIONS_MAX = 30;

    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int DISC = 2;

    private final ByteBufAllocator pages;
    private final ArrayDeque<NbdServerInput> toServer = new ArrayDeque<>();
    private final ArrayDeque<NbdClientInput> toClient = new ArrayDeque<>();
    private final List<NbdClientOutput> said = new ArrayList<>();
    private final List<BlockPort.Completed> settled = new ArrayList<>();
    private Prng pieces = new Prng(0);
    private @Nullable NbdClient client;
    private long connection;
    private boolean served;
    private boolean mayTalk;

    /** After so many operations it leaves; 0: it stays. */
    private int operationsLeft;

    /** It has ended its direction, and still hears what becomes of what it asked for. */
    private boolean saysNoMore;

    Application(ByteBufAllocator pages) {
        this.pages = pages;
    }

    void seed(long seed) {
        pieces = new Prng(seed).split("pieces");
    }

    /** The number of the present connection, or the last one. */
    long connection() {
        return connection;
    }

    boolean isConnected() {
        return client != null;
    }

    /** Whether operations may be submitted. */
    boolean isServed() {
        return served;
    }

    void connect(long now) {
        connection++;
        mayTalk = true;
        saysNoMore = false;
        operationsLeft = pieces.chance(1, 2) ? 1 + (int) pieces.below(OPERATIONS_MAX) : 0;
        client = new NbdClient(EXPORT, pages);
        toServer.add(new NbdServerInput.Connected("program", List.of(SHOWN)));
        step(now, new NbdClientInput.Connected());
    }

    void submit(long now, long tag, Operation operation) {
        step(now, new NbdClientInput.Submitted(tag, operation));
        if (operationsLeft > 0 && --operationsLeft == 0) {
            sayGoodbye();
        }
    }

    /** L5: with a goodbye, by ending its direction, or both, and with whatever it has asked for under way. */
    private void sayGoodbye() {
        served = false;
        saysNoMore = true;
        boolean closes = pieces.chance(1, 2);
        if (!closes || pieces.chance(1, 2)) {
            ByteBuf goodbye =
                    pages.buffer(28).writeInt(REQUEST_MAGIC).writeShort(0).writeShort(DISC);
            toServer.add(new NbdServerInput.Received(goodbye.writeZero(20)));
        }
        if (closes) {
            toServer.add(new NbdServerInput.HalfClosed());
        }
    }

    /** The device is another one than it was told: it comes again, when what it has begun is done. */
    void leave() {
        if (client != null) {
            served = false;
            toClient.add(new NbdClientInput.Detach());
        }
    }

    void timer(long now) {
        if (nextDeadline() <= now) {
            step(now, new NbdClientInput.TimerFired());
        }
    }

    long nextDeadline() {
        NbdClient one = client;
        return one == null ? Machine.NEVER : one.nextDeadline();
    }

    /** What it says next, if the server listens. */
    @Nullable NbdServerInput next() {
        return hasSomethingToSay() ? toServer.remove() : null;
    }

    boolean hasSomethingToSay() {
        return !toServer.isEmpty() && (mayTalk || !(toServer.peek() instanceof NbdServerInput.Received));
    }

    /** What has settled since. */
    List<BlockPort.Completed> settled() {
        return settled;
    }

    /** Whether the server listens. */
    void mayTalk(boolean wanted) {
        mayTalk = wanted;
    }

    /** The server says something. */
    void arriving(ByteBuf bytes) {
        long length = bytes.readableBytes();
        for (ByteBuf piece : pieces(bytes)) {
            toClient.add(new NbdClientInput.Received(piece));
        }
        toServer.add(new NbdServerInput.Sent(length));
    }

    /** The server has closed the connection. */
    void closed() {
        toClient.add(new NbdClientInput.Disconnected("closed"));
    }

    /** Takes what has arrived; whether there was anything. */
    boolean hears(long now) {
        boolean heard = !toClient.isEmpty();
        while (!toClient.isEmpty()) {
            step(now, toClient.remove());
        }
        return heard;
    }

    private void step(long now, NbdClientInput input) {
        NbdClient one = client;
        if (one == null) {
            release(input);
            return;
        }
        one.step(now, input, said);
        for (NbdClientOutput output : said) {
            switch (output) {
                case NbdClientOutput.Send(ByteBuf bytes) -> sent(bytes);
                case NbdClientOutput.Completed(long tag, var outcome) ->
                    settled.add(new BlockPort.Completed(tag, outcome));
                case NbdClientOutput.Attached attached -> served = true;
                case NbdClientOutput.Close close -> gone();
                case NbdClientOutput.Reading reading -> {}
                case NbdClientOutput.Mapped mapped -> {}
                case NbdClientOutput.Noted noted -> {}
            }
        }
        said.clear();
    }

    private static void release(NbdClientInput input) {
        if (input instanceof NbdClientInput.Received(ByteBuf bytes)) {
            bytes.release();
        }
    }

    private void sent(ByteBuf bytes) {
        long length = bytes.readableBytes();
        if (saysNoMore) {
            bytes.release();
        } else {
            for (ByteBuf piece : pieces(bytes)) {
                toServer.add(new NbdServerInput.Received(piece));
            }
        }
        toClient.add(new NbdClientInput.Sent(length));
    }

    /** As a kernel would take and give them. */
    private List<ByteBuf> pieces(ByteBuf bytes) {
        List<ByteBuf> all = new ArrayList<>();
        while (bytes.isReadable()) {
            int most = pieces.chance(1, 4) ? 1 + (int) pieces.below(CRUMB_MAX) : Machines.PAGE_MIN;
            int length = Math.min(most, bytes.readableBytes());
            all.add(pages.buffer(length).writeBytes(bytes, length));
        }
        bytes.release();
        return all;
    }

    private void gone() {
        client = null;
        served = false;
        mayTalk = true;
        toServer.add(new NbdServerInput.Disconnected("closed"));
        toClient.forEach(Application::release);
        toClient.clear();
    }

    void digest(StateDigest digest) {
        NbdClient one = client;
        digest.add(connection)
                .add(served)
                .add(mayTalk)
                .add(operationsLeft)
                .add(saysNoMore)
                .add(pieces.state())
                .add(toServer.size())
                .add(one == null ? 0 : one.digest());
    }

    void discard() {
        for (NbdServerInput one : toServer) {
            if (one instanceof NbdServerInput.Received(ByteBuf bytes)) {
                bytes.release();
            }
        }
        toServer.clear();
        toClient.forEach(Application::release);
        toClient.clear();
        if (client != null) {
            client.discard();
        }
    }
}
