package dst.realnode.proxy;

import dst.protocol.fault.Fault.Direction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** One direction of a connection through the proxy: bytes in order, each when its time has come. */
final class Lane {
    /** The sender is not listened to while more than this is on the way. */
    private static final int HELD_MAX = 4 << 20;

    private record Piece(ByteBuf bytes, long due) {}

    final Direction direction;
    private final Proxy proxy;
    private final Channel from;
    private final Channel to;
    private final Frames frames = new Frames();
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private long held;
    private long lastDue;
    private long freeAt;
    private boolean waiting;
    private boolean holed;
    private boolean finished;
    private boolean over;

    Lane(Proxy proxy, Direction direction, Channel from, Channel to) {
        this.proxy = proxy;
        this.direction = direction;
        this.from = from;
        this.to = to;
    }

    /** Takes the bytes over. Where the plan says so something strikes between two of them. */
    void arrived(ByteBuf bytes) {
        try {
            while (bytes.isReadable() && !over) {
                long untilStrike = proxy.bytesUntilStrike(direction);
                if (untilStrike == 0) {
                    proxy.byteReached(direction);
                    continue;
                }
                int part = frames.before(bytes);
                if (part < 0) {
                    proxy.messageBegins(direction);
                    part = 1;
                }
                if (!over) {
                    pass(bytes, (int) Math.min(part, untilStrike));
                }
            }
        } finally {
            bytes.release();
        }
        from.config().setAutoRead(held < HELD_MAX);
        drain();
    }

    private void pass(ByteBuf bytes, int length) {
        frames.pass(bytes, length);
        proxy.passed(direction, length);
        take(bytes.readRetainedSlice(length));
    }

    private void take(ByteBuf bytes) {
        if (holed) {
            bytes.release();
            return;
        }
        ByteBuf passing = proxy.harmed(direction, bytes);
        long now = proxy.now();
        long due = Math.max(
                Math.max(now + proxy.delay(direction), lastDue), Math.max(proxy.stalledUntil(direction), freeAt));
        freeAt = proxy.freeAfter(Math.max(due, now), direction, passing.readableBytes());
        lastDue = due;
        held += passing.readableBytes();
        Piece last = pieces.peekLast();
        // Pieces of one moment go out as they came: in one.
        if (last != null && last.due == due && last.bytes.readableBytes() < 1 << 16) {
            pieces.removeLast();
            ByteBuf both = from.alloc()
                    .compositeBuffer(2)
                    .addComponent(true, last.bytes)
                    .addComponent(true, passing);
            pieces.add(new Piece(both, due));
        } else {
            pieces.add(new Piece(passing, due));
        }
    }

    void drain() {
        long now = proxy.now();
        while (!pieces.isEmpty() && !over) {
            long due = Math.max(pieces.getFirst().due, proxy.stalledUntil(direction));
            if (due > now) {
                drainIn(due - now);
                return;
            }
            send(pieces.remove().bytes);
        }
        to.flush();
        if (finished && pieces.isEmpty()) {
            over = true;
            to.close();
        }
    }

    private void send(ByteBuf bytes) {
        int length = bytes.readableBytes();
        int most = proxy.splitMax(direction, length);
        while (bytes.readableBytes() > most) {
            to.writeAndFlush(bytes.readRetainedSlice(most), to.voidPromise());
        }
        to.write(bytes).addListener(_ -> {
            held -= length;
            from.config().setAutoRead(held < HELD_MAX);
        });
    }

    private void drainIn(long nanos) {
        if (!waiting) {
            waiting = true;
            from.eventLoop()
                    .schedule(
                            () -> {
                                waiting = false;
                                drain();
                            },
                            nanos,
                            TimeUnit.NANOSECONDS);
        }
    }

    /** The sender has ended: what is on the way still arrives, and then the receiver is told. */
    void finish() {
        finished = true;
        if (!holed) {
            drain();
        }
    }

    /** Nothing passes any more, and nobody is told. */
    void hole() {
        holed = true;
        drop();
    }

    /** What is on the way is lost. */
    void drop() {
        pieces.forEach(piece -> piece.bytes.release());
        pieces.clear();
    }

    void end() {
        over = true;
        drop();
    }

    /** What is on the way, and all that comes, arrives that much later. */
    void late(long nanos) {
        ArrayDeque<Piece> later = new ArrayDeque<>();
        pieces.forEach(piece -> later.add(new Piece(piece.bytes, piece.due + nanos)));
        pieces.clear();
        pieces.addAll(later);
        lastDue = Math.max(lastDue, proxy.now()) + nanos;
    }
}
