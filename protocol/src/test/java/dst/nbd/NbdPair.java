package dst.nbd;

import dst.nbd.port.Extent;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Prng;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.wire.CountedPages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client and a server joined by hand: bytes arrive in any pieces, and the disk behind the server ends operations in any order. */
final class NbdPair {
    static final Layer SERVER = new Layer("server", NbdServerControl.KIND, 1);
    static final Layer CLIENT = new Layer("client", NbdClientControl.KIND, 1);

    final CountedPages pages = new CountedPages(false);
    final NbdServer server = new NbdServer(pages);
    final NbdClient client;
    final byte[] media;
    final Map<Long, Outcome> outcomes = new LinkedHashMap<>();
    final Map<Long, List<Extent>> maps = new LinkedHashMap<>();

    @Nullable NbdExport attached;

    @Nullable Closing clientClosed;

    @Nullable Closing serverClosed;

    /** Of each step's digests, if somebody wants them: they cost more than all the rest. */
    long digests;

    boolean watched;
    private final Tap tap;
    private final Prng prng;
    private final NbdExport export;
    private final ByteBuf toServer = Unpooled.buffer();
    private final ByteBuf toClient = Unpooled.buffer();
    private final List<Runnable> disk = new ArrayList<>();

    NbdPair(NbdExport export, String name, long seed) {
        this(export, name, seed, Tap.BLIND);
    }

    /** The tap sees both ends. */
    NbdPair(NbdExport export, String name, long seed, Tap tap) {
        this.tap = tap;
        this.export = export;
        this.media = new byte[(int) export.device().size()];
        this.prng = new Prng(seed);
        this.client = new NbdClient(pages);
        toServer(new NbdServerControl.Accepted(1, "peer", List.of(export), NbdServer.PAYLOAD_MIN));
        toClient(new NbdClientControl.Use(name));
        toClient(new LinkPort.Opened(1));
    }

    void toServer(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        tap.saw(0, SERVER, input);
        server.step(0, input, outputs);
        outputs.forEach(output -> tap.saw(0, SERVER, output));
        digests = watched ? digests * 31 + server.digest() : 0;
        outputs.forEach(this::serverWants);
    }

    void toClient(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        tap.saw(0, CLIENT, input);
        client.step(0, input, outputs);
        outputs.forEach(output -> tap.saw(0, CLIENT, output));
        digests = watched ? digests * 31 + client.digest() : 0;
        outputs.forEach(this::clientWants);
    }

    private void serverWants(Signal output) {
        switch (output) {
            case LinkPort.Send(long _, ByteBuf bytes) -> move(bytes, toClient);
            case LinkPort.Close(long _, Closing why) -> serverClosed = why;
            case LinkPort.Reading reading -> {}
            case NbdServerControl.Open open -> disk.add(() -> toServer(new NbdServerControl.Opened(export)));
            case BlockPort.Ask(int _, BlockPort.Submit(long tag, Operation operation)) ->
                disk.add(() -> toServer(
                        new BlockPort.Heard(0, new BlockPort.Completed(tag, new Outcome.Done(carryOut(operation))))));
            case NbdServerControl.ListExports list ->
                disk.add(() -> toServer(new NbdServerControl.Listed(List.of(export))));
            case NbdServerControl.Map map ->
                disk.add(() -> toServer(new NbdServerControl.Mapped(map.tag(), extents(map))));
            case NbdServerControl.Wants(long bytes) -> disk.add(() -> toServer(new NbdServerControl.Granted(bytes)));
            case NbdServerControl.GivesBack givesBack -> {}
            case Control.Noted noted -> {}
            default -> throw Signal.misplaced(output);
        }
    }

    private static List<Extent> extents(NbdServerControl.Map map) {
        return map.length() < 2
                ? List.of(new Extent(map.length(), true, true))
                : List.of(new Extent(1, true, true), new Extent(map.length(), false, false));
    }

    private static void move(ByteBuf bytes, ByteBuf into) {
        into.writeBytes(bytes);
        bytes.release();
    }

    private void clientWants(Signal output) {
        switch (output) {
            case LinkPort.Send(long _, ByteBuf bytes) -> move(bytes, toServer);
            case LinkPort.Close(long _, Closing why) -> clientClosed = why;
            case NbdClientControl.Attached(NbdExport given) -> attached = given;
            case BlockPort.Completed(long tag, Outcome outcome) -> settle(tag, outcome);
            case NbdClientControl.Mapped(long tag, List<Extent> extents) -> maps.put(tag, extents);
            default -> throw Signal.misplaced(output);
        }
    }

    private void settle(long tag, Outcome outcome) {
        if (outcomes.put(tag, outcome) != null) {
            throw new AssertionError("settled twice: " + tag);
        }
    }

    private ByteBuf carryOut(Operation operation) {
        int at = (int) operation.offset();
        switch (operation) {
            case Operation.Read read -> {
                byte[] data = Arrays.copyOfRange(media, at, at + read.length());
                return data.length > CountedPages.PAGE
                        ? Unpooled.wrappedBuffer(data)
                        : pages.buffer(data.length).writeBytes(data);
            }
            case Operation.Write write -> move(write.data(), at);
            case Operation.Zero zero -> Arrays.fill(media, at, at + zero.length(), (byte) 0);
            case Operation.Trim trim -> {}
            case Operation.Flush flush -> {}
        }
        return Unpooled.EMPTY_BUFFER;
    }

    private void move(ByteBuf data, int at) {
        data.readBytes(media, at, data.readableBytes());
        data.release();
    }

    /** Until nothing moves any more. */
    void run() {
        while (moves()) {}
    }

    /** A piece in each direction, and one thing of the disk; whether there was anything. */
    boolean moves() {
        boolean moved = false;
        if (toServer.isReadable()) {
            ByteBuf piece = piece(toServer);
            toClient(new LinkPort.Sent(1, piece.readableBytes()));
            toServer(new LinkPort.Received(1, piece));
            moved = true;
        }
        if (toClient.isReadable()) {
            ByteBuf piece = piece(toClient);
            toServer(new LinkPort.Sent(1, piece.readableBytes()));
            toClient(new LinkPort.Received(1, piece));
            moved = true;
        }
        if (!disk.isEmpty()) {
            disk.remove((int) prng.below(disk.size())).run();
            moved = true;
        }
        return moved;
    }

    private ByteBuf piece(ByteBuf from) {
        int most = prng.chance(1, 3) ? 20 : CountedPages.PAGE;
        int length = (int) Math.min(from.readableBytes(), 1 + prng.below(most));
        return pages.buffer(length).writeBytes(from, length);
    }

    void submit(long tag, Operation operation) {
        toClient(new BlockPort.Submit(tag, operation));
    }

    ByteBuf content(int length, int value) {
        CompositeByteBuf all = Unpooled.compositeBuffer(Integer.MAX_VALUE);
        for (int at = 0; at < length; at += CountedPages.PAGE) {
            ByteBuf page = pages.buffer();
            for (int i = at; i < Math.min(length, at + CountedPages.PAGE); i++) {
                page.writeByte(value + i / 100);
            }
            all.addComponent(true, page);
        }
        return all;
    }

    int leaked() {
        client.discard();
        server.discard();
        return pages.live();
    }
}
