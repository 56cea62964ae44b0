package dst.sim.nbd;

import dst.nbd.NbdClient;
import dst.nbd.attach.AttachControl;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Operation;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Signal;
import dst.protocol.Stack;
import dst.protocol.StateDigest;
import dst.protocol.Unique;
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
    private final ArrayDeque<Signal> toServer = new ArrayDeque<>();
    private final ArrayDeque<Signal> toClient = new ArrayDeque<>();
    private final List<Signal> said = new ArrayList<>();
    private final List<BlockPort.Completed> settled = new ArrayList<>();
    private Prng pieces = new Prng(0);
    private Stack.Joint joint = (_, _, _, _) -> {};
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

    /** The NBD client of each connection, by its number. */
    void watch(Stack.Joint there) {
        joint = there;
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
        client = new NbdClient(pages);
        toServer.add(new AttachControl.Came("programs", connection, "program", List.of(SHOWN)));
        step(now, new NbdClientControl.Use(EXPORT));
        step(now, new LinkPort.Opened(connection));
    }

    void submit(long now, long tag, Operation operation) {
        step(now, new BlockPort.Submit(tag, operation));
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
            toServer.add(new LinkPort.Received(connection, goodbye.writeZero(20)));
        }
        if (closes) {
            toServer.add(new NbdServerControl.HalfClosed());
        }
    }

    /** The device is another one than it was told: it comes again, when what it has begun is done. */
    void leave() {
        if (client != null) {
            served = false;
            toClient.add(new NbdClientControl.Detach());
        }
    }

    void timer(long now) {
        if (nextDeadline() <= now) {
            step(now, new Control.TimerFired());
        }
    }

    long nextDeadline() {
        NbdClient one = client;
        return one == null ? Machine.NEVER : one.nextDeadline();
    }

    /** What it says next, if the server listens. */
    @Nullable Signal next() {
        return hasSomethingToSay() ? toServer.remove() : null;
    }

    boolean hasSomethingToSay() {
        return !toServer.isEmpty() && (mayTalk || !(toServer.peek() instanceof LinkPort.Received));
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
            toClient.add(new LinkPort.Received(connection, piece));
        }
        toServer.add(new LinkPort.Sent(connection, length));
    }

    /** The server has closed the connection. */
    void closed() {
        toClient.add(new LinkPort.Closed(connection, "closed"));
    }

    /** Takes what has arrived; whether there was anything. */
    boolean hears(long now) {
        boolean heard = !toClient.isEmpty();
        while (!toClient.isEmpty()) {
            step(now, toClient.remove());
        }
        return heard;
    }

    private void step(long now, Signal input) {
        NbdClient one = client;
        if (one == null) {
            Signal.release(input);
            return;
        }
        joint.saw(now, NbdClientControl.KIND, connection, input);
        one.step(now, input, said);
        for (Signal output : said) {
            joint.saw(now, NbdClientControl.KIND, connection, output);
            switch (output) {
                case LinkPort.Send(long _, ByteBuf bytes) -> sent(bytes);
                case BlockPort.Completed(long tag, var outcome) -> settled.add(new BlockPort.Completed(tag, outcome));
                case NbdClientControl.Attached attached -> served = true;
                case LinkPort.Close close -> gone();
                default -> throw Signal.misplaced(output);
            }
        }
        said.clear();
    }

    private void sent(ByteBuf bytes) {
        long length = bytes.readableBytes();
        if (saysNoMore) {
            bytes.release();
        } else {
            for (ByteBuf piece : pieces(bytes)) {
                toServer.add(new LinkPort.Received(connection, piece));
            }
        }
        toClient.add(new LinkPort.Sent(connection, length));
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
        toServer.add(new LinkPort.Closed(connection, "closed"));
        toClient.forEach(Signal::release);
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
        toServer.forEach(Signal::release);
        toServer.clear();
        toClient.forEach(Signal::release);
        toClient.clear();
        if (client != null) {
            client.discard();
        }
    }
}
