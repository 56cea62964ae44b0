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

    ClientOutput.@Nullable Failed failed;
    ClientOutput.@Nullable Detached detached;
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private long openLink;

    Pair(ClientSettings settings) {
        client = new Client(settings, UnpooledByteBufAllocator.DEFAULT);
        startServer();
        toClient(new ClientInput.Started(TOKEN, 1));
    }

    static Pair attached() {
        Pair pair = new Pair(ClientSettings.of("disk"));
        pair.run();
        return pair;
    }

    Export export() {
        return new Export("disk", 0, 0, new Device(new Unique(1, 2), SIZE, 512, Permission.BOTH), Terms.DEFAULT, false);
    }

    private void startServer() {
        toServer(new ServerInput.DiskOpened(0, new Boot(boots, new Unique(boots, 99)), BootCause.STARTED));
        toServer(new ServerInput.ExportOpened(export(), holder, Access.ofEverybody(Permission.BOTH)));
        toServer(new ServerInput.Ready());
    }

    void submit(long tag, Operation operation) {
        toClient(new ClientInput.Submitted(tag, operation));
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

    /** The server's process and host go; what was not flushed is lost. */
    void powerCut() {
        server.discard();
        server = new Server(ServerSettings.DEFAULT, UnpooledByteBufAllocator.DEFAULT);
        cache = media.clone();
        held.clear();
        boots++;
        startServer();
        cut();
    }

    void cut() {
        long link = openLink;
        openLink = 0;
        toClient(new ClientInput.LinkClosed(link, "reset"));
        toServer(new ServerInput.LinkClosed(link, "reset"));
        run();
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
                toClient(new ClientInput.TimerFired());
            }
            if (server.nextDeadline() <= now) {
                toServer(new ServerInput.TimerFired());
            }
            run();
        }
    }

    void run() {
        while (!queue.isEmpty()) {
            queue.removeFirst().run();
        }
    }

    void toClient(ClientInput input) {
        List<ClientOutput> outputs = new ArrayList<>();
        client.step(now, input, outputs);
        outputs.forEach(this::carryOut);
    }

    void toServer(ServerInput input) {
        List<ServerOutput> outputs = new ArrayList<>();
        server.step(now, input, outputs);
        outputs.forEach(this::carryOut);
    }

    private void carryOut(ClientOutput output) {
        switch (output) {
            case ClientOutput.Connect connect ->
                queue.add(() -> {
                    openLink = connect.link();
                    toServer(new ServerInput.LinkOpened(connect.link(), "client", "client"));
                    toClient(new ClientInput.LinkOpened(connect.link()));
                });
            case ClientOutput.Send send ->
                queue.add(() -> toServer(new ServerInput.Received(send.link(), send.bytes())));
            case ClientOutput.Close close ->
                queue.add(() -> toServer(new ServerInput.LinkClosed(close.link(), "closed")));
            case ClientOutput.Reading reading -> {}
            case ClientOutput.Completed completed -> outcomes.put(completed.tag(), completed.outcome());
            case ClientOutput.Changed changed -> device = changed.device();
            case ClientOutput.Failed failure -> failed = failure;
            case ClientOutput.Detached end -> detached = end;
            case ClientOutput.Copied copied -> {}
            case ClientOutput.Noted noted -> notes.add("client: " + noted.text());
        }
    }

    private void carryOut(ServerOutput output) {
        switch (output) {
            case ServerOutput.Send send ->
                queue.add(() -> toClient(new ClientInput.Received(send.link(), send.bytes())));
            case ServerOutput.Close close -> {
                notes.add("server closed: " + close.closing());
                queue.add(() -> toClient(new ClientInput.LinkClosed(close.link(), "closed")));
            }
            case ServerOutput.Reading reading -> {}
            case ServerOutput.StartDisk start -> {
                if (holdDisk) {
                    held.add(start.request());
                } else {
                    queue.add(() -> disk(start.request()));
                }
            }
            case ServerOutput.DrawBoot draw -> {
                boots++;
                queue.add(() -> toServer(new ServerInput.BootDrawn(0, new Boot(boots, new Unique(boots, 99)))));
            }
            case ServerOutput.Persist persist ->
                queue.add(() -> {
                    holder = persist.holder();
                    toServer(new ServerInput.Persisted(persist.export(), persist.holder()));
                });
            case ServerOutput.Removed removed -> notes.add("removed " + removed.export() + " " + removed.clean());
            case ServerOutput.Noted noted -> notes.add("server: " + noted.text());
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
        toServer(new ServerInput.DiskEnded(0, request.ticket(), result));
    }
}
