package dst.protocol;

import dst.protocol.client.Client;
import dst.protocol.server.Server;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One client and one server joined by hand, with a disk that does at once what it is told: for tests that want to see what the two
 * say to each other, step by step, without a world around them.
 */
final class Pair {
    static final int SIZE = 64 << 10;
    static final Unique TOKEN = new Unique(7, 7);

    final Client client;
    Server server = new Server(ServerSettings.DEFAULT, UnpooledByteBufAllocator.DEFAULT);
    final Map<Long, Outcome> outcomes = new LinkedHashMap<>();
    final List<String> notes = new ArrayList<>();
    final byte[] media = new byte[SIZE];
    byte[] cache = new byte[SIZE];
    final List<DiskRequest> held = new ArrayList<>();
    boolean holdDisk;
    boolean failFlush;
    Holder holder = Holder.NOBODY;
    long boots = 1;
    long now;

    @Nullable Device device;

    BlockPort.@Nullable Failed failed;
    ClientControl.@Nullable Detached detached;
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private final Map<Integer, Long> open = new TreeMap<>();

    /** Slots whose link is open at both ends and moves nothing. */
    final Set<Integer> holes = new TreeSet<>();

    /** What a stalled slot's link keeps back, in its order; null if it does not. */
    private final Map<Integer, ArrayDeque<Runnable>> stalled = new TreeMap<>();

    Pair(ClientSettings settings) {
        client = new Client(settings, UnpooledByteBufAllocator.DEFAULT);
        startServer();
        toClient(new Control.Started(TOKEN, 1));
    }

    static Pair attached() {
        Pair pair = new Pair(ClientSettings.of("disk"));
        pair.run();
        return pair;
    }

    /** With so many links, all of them attached. */
    static Pair attached(int links) {
        Pair pair = new Pair(ClientSettings.of("disk")
                .with(new ClientPolicy(links, Overlap.WAIT, 0, Holding.TAKE, Integer.MAX_VALUE)));
        pair.run();
        pair.pass(0);
        return pair;
    }

    Export export() {
        return new Export("disk", 0, 0, new Device(new Unique(1, 2), SIZE, 512, Permission.BOTH), Terms.DEFAULT, false);
    }

    private void startServer() {
        toServer(new DiskPort.Opened(0, new Boot(boots, new Unique(boots, 99)), BootCause.STARTED));
        toServer(new ServerControl.ExportOpened(export(), holder, Access.ofEverybody(Permission.BOTH)));
        toServer(new ServerControl.Ready());
    }

    void submit(long tag, Operation operation) {
        toClient(new BlockPort.Submit(tag, operation));
        run();
    }

    static Operation.Write write(long offset, int value, boolean durable) {
        ByteBuf data = Unpooled.buffer(512);
        for (int i = 0; i < 512; i++) {
            data.writeByte(value);
        }
        return new Operation.Write(offset, data, durable);
    }

    int read(long tag, long offset) {
        submit(tag, new Operation.Read(offset, 512));
        Outcome.Done done = (Outcome.Done) outcomes.get(tag);
        return done.data().getByte(0);
    }

    /** The server's process and host go; what was not flushed is lost. Only these slots hear that their link is gone. */
    void powerCut(Integer... slots) {
        server.discard();
        server = new Server(ServerSettings.DEFAULT, UnpooledByteBufAllocator.DEFAULT);
        cache = media.clone();
        held.clear();
        boots++;
        startServer();
        List<Integer> told = slots.length == 0 ? List.copyOf(open.keySet()) : List.of(slots);
        told.forEach(this::cut);
    }

    void cut() {
        cut(0);
    }

    void cut(int slot) {
        long link = forget(slot);
        toClient(new LinkPort.Closed(link, "reset"));
        toServer(new LinkPort.Closed(link, "reset"));
        run();
    }

    /** The server's end goes; the client's hears nothing of it. */
    void cutTheServersEnd(int slot) {
        holes.add(slot);
        toServer(new LinkPort.Closed(open.getOrDefault(slot, 0L), "reset"));
        run();
    }

    private long forget(int slot) {
        Long link = open.remove(slot);
        return link == null ? 0 : link;
    }

    /** From now on what travels on this slot's link arrives only after {@link #release}. */
    void stall(int slot) {
        stalled.put(slot, new ArrayDeque<>());
    }

    void release(int slot) {
        ArrayDeque<Runnable> kept = stalled.remove(slot);
        if (kept != null) {
            queue.addAll(kept);
        }
        run();
    }

    private void travel(long link, Runnable arrives) {
        int slot = slotOf(link);
        ArrayDeque<Runnable> kept = stalled.get(slot);
        if (kept != null) {
            kept.add(arrives);
        } else if (!holes.contains(slot)) {
            queue.add(arrives);
        }
    }

    private int slotOf(long link) {
        for (Map.Entry<Integer, Long> entry : open.entrySet()) {
            if (entry.getValue() == link) {
                return entry.getKey();
            }
        }
        return -1;
    }

    /** Lets time pass until it has nothing to do, at most this long. */
    void pass(long nanos) {
        long until = now + nanos;
        while (true) {
            long next = Math.min(client.nextDeadline(), server.nextDeadline());
            if (next > until) {
                now = until;
                return;
            }
            now = Math.max(now, next);
            if (client.nextDeadline() <= now) {
                toClient(new Control.TimerFired());
            }
            if (server.nextDeadline() <= now) {
                toServer(new Control.TimerFired());
            }
            run();
        }
    }

    void run() {
        while (!queue.isEmpty()) {
            queue.removeFirst().run();
        }
    }

    void toClient(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        client.step(now, input, outputs);
        outputs.forEach(this::clientWants);
    }

    void toServer(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        server.step(now, input, outputs);
        outputs.forEach(this::serverWants);
    }

    private void clientWants(Signal output) {
        switch (output) {
            case LinkPort.Connect connect -> {
                if (!holes.contains(connect.slot())) {
                    queue.add(() -> {
                        open.put(connect.slot(), connect.link());
                        toServer(new LinkPort.Accepted(connect.link(), "client", "client"));
                        toClient(new LinkPort.Opened(connect.link()));
                    });
                }
            }
            case LinkPort.Send send ->
                travel(send.link(), () -> toServer(new LinkPort.Received(send.link(), send.bytes())));
            case LinkPort.Close close ->
                travel(close.link(), () -> toServer(new LinkPort.Closed(close.link(), "closed")));
            case LinkPort.Reading reading -> {}
            case BlockPort.Completed completed -> outcomes.put(completed.tag(), completed.outcome());
            case BlockPort.Changed changed -> device = changed.device();
            case BlockPort.Failed failure -> failed = failure;
            case ClientControl.Detached end -> detached = end;
            case BlockPort.Copied copied -> {}
            case Control.Noted noted -> notes.add("client: " + noted.text());
            default -> throw Signal.misplaced(output);
        }
    }

    private void serverWants(Signal output) {
        switch (output) {
            case LinkPort.Send send ->
                travel(send.link(), () -> toClient(new LinkPort.Received(send.link(), send.bytes())));
            case LinkPort.Close close -> {
                notes.add("server closed: " + close.closing());
                travel(close.link(), () -> toClient(new LinkPort.Closed(close.link(), "closed")));
            }
            case LinkPort.Reading reading -> {}
            case DiskPort.Start start -> {
                if (holdDisk) {
                    held.add(start.request());
                } else {
                    queue.add(() -> disk(start.request()));
                }
            }
            case DurablePort.DrawBoot draw -> {
                boots++;
                queue.add(() -> toServer(new DurablePort.BootDrawn(0, new Boot(boots, new Unique(boots, 99)))));
            }
            case DurablePort.Keep persist ->
                queue.add(() -> {
                    holder = persist.holder();
                    toServer(new DurablePort.Kept(persist.export(), persist.holder()));
                });
            case ServerControl.Removed removed -> notes.add("removed " + removed.export() + " " + removed.clean());
            case ServerControl.Left left -> notes.add("left " + left.clean());
            case Control.Noted noted -> notes.add("server: " + noted.text());
            default -> throw Signal.misplaced(output);
        }
    }

    void releaseDisk() {
        holdDisk = false;
        List<DiskRequest> waiting = new ArrayList<>(held);
        held.clear();
        waiting.forEach(this::disk);
        run();
    }

    private void disk(DiskRequest request) {
        DiskResult result = switch (request) {
            case DiskRequest.Read read ->
                new DiskResult.Data(Unpooled.copiedBuffer(cache, (int) read.offset(), read.length()));
            case DiskRequest.Write write -> {
                int length = write.data().readableBytes();
                write.data().getBytes(write.data().readerIndex(), cache, (int) write.offset(), length);
                if (write.durable()) {
                    System.arraycopy(cache, (int) write.offset(), media, (int) write.offset(), length);
                }
                write.data().release();
                yield new DiskResult.Transferred(length);
            }
            case DiskRequest.Zero zero -> {
                java.util.Arrays.fill(cache, (int) zero.offset(), (int) zero.offset() + zero.length(), (byte) 0);
                yield new DiskResult.Transferred(zero.length());
            }
            case DiskRequest.Trim trim -> new DiskResult.Transferred(trim.length());
            case DiskRequest.Flush flush -> {
                if (failFlush) {
                    failFlush = false;
                    yield new DiskResult.Failed(Problem.IO_ERROR);
                }
                System.arraycopy(cache, 0, media, 0, SIZE);
                yield new DiskResult.Transferred(0);
            }
            case DiskRequest.Forget forget -> {
                cache = media.clone();
                yield new DiskResult.Transferred(0);
            }
        };
        toServer(new DiskPort.Ended(0, request.ticket(), result));
    }
}
