package dst.sim;

import dst.protocol.Prng;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a link: bytes in order or a break, in any pieces, after any delay; no more than TCP promises. Its event is
 * the arrival of the next piece, so a pipe without bytes costs nothing.
 */
final class Pipe extends Event {
    static final int TO_SERVER = 0;
    static final int TO_CLIENT = 1;

    final int direction;
    final Link.End sender;
    final Link.End receiver;
    final Link link;
    private final Network network;

    // What was sent and has not arrived: a ring of buffers, and when each was sent.
    private ByteBuf[] buffers = new ByteBuf[8];
    private long[] sentAt = new long[8];
    private int first;
    private int count;

    private long piece;
    private long pieceHash;
    private long lastArrival;
    private long freeAt;
    private boolean blocked;
    private boolean holed;
    private @Nullable String finish;
    private long finishAt;
    private boolean finished;

    private long notBefore;

    Pipe(Network network, Link link, Link.End sender, Link.End receiver, int direction) {
        this.network = network;
        this.link = link;
        this.sender = sender;
        this.receiver = receiver;
        this.direction = direction;
    }

    /** Takes the bytes over, for delivery or not. */
    void send(ByteBuf bytes) {
        if (finish != null || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        append(bytes);
        armIfNeeded();
    }

    /** The receiving machine wants to be given bytes again. */
    void unblock() {
        if (blocked) {
            blocked = false;
            armIfNeeded();
        }
    }

    /** Nothing passes any more, and nobody is told. */
    void hole() {
        holed = true;
        network.scene.clock.cancel(this);
        if (sender.isOver()) {
            drop();
        }
    }

    /** No more will be sent: at most {@code keep} bytes still arrive, and then the receiver is told why it is over. */
    void finish(String reason, long at, long keep) {
        if (finish != null) {
            return;
        }
        finish = reason;
        finishAt = at;
        truncate(holed ? 0 : keep);
        if (count == 0) {
            blocked = false;
        }
        armIfNeeded();
    }

    void arriveNotBefore(long at) {
        notBefore = Math.max(notBefore, at);
        if (isScheduled() && this.at < at) {
            network.scene.clock.schedule(this, at);
        }
    }

    /** What is on its way never arrives; nobody is told. */
    void drop() {
        truncate(0);
        if (finish == null || finished) {
            network.scene.clock.cancel(this);
        }
    }

    /** The sender lost power: not even an end comes from it. */
    void vanish() {
        finished = true;
        finish = "";
        drop();
    }

    /** The sending process is gone: what still arrives is now the kernel's. */
    void toKernel() {
        for (int i = 0; i < count; i++) {
            int place = (first + i) & (buffers.length - 1);
            ByteBuf own = buffers[place];
            buffers[place] = Unpooled.buffer(own.readableBytes()).writeBytes(own);
            own.release();
        }
    }

    long bytes() {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += buffers[(first + i) & (buffers.length - 1)].readableBytes();
        }
        return bytes;
    }

    boolean isIdle() {
        return count == 0 && !isScheduled();
    }

    @Override
    void happen() {
        Scene scene = network.scene;
        long now = scene.now();
        long stalledUntil = network.weather.stalledUntil(direction);
        if (now < stalledUntil) {
            scene.clock.schedule(this, stalledUntil);
        } else if (receiver.isOpen() && receiver.host.isPaused()) {
            // What arrives at a process that stands still waits in its kernel.
            scene.clock.schedule(this, receiver.host.pausedUntil());
        } else if (receiver.state == Link.End.State.FORGOTTEN) {
            arriveAtStranger(now);
        } else if (count == 0) {
            tellFinished(now);
        } else if (receiver.isOpen() && !receiver.reading) {
            blocked = true;
        } else {
            arrive(now);
        }
    }

    private void arrive(long now) {
        int length = take(now);
        lastArrival = now;
        freeAt = network.weather.freeAfter(now, length);
        piece++;
        ByteBuf bytes = null;
        if (receiver.takesBytes(now)) {
            Pages pages = receiver.host.pages();
            bytes = pages.room(length);
            move(bytes, length);
            network.weather.pass(direction, bytes, link.ordinal, piece);
        } else {
            move(null, length);
        }
        armIfNeeded();
        if (bytes != null) {
            receiver.host.bytesArrived(receiver.number, bytes);
        }
        if (sender.isOpen()) {
            sender.host.bytesLeft(sender.number, length);
        }
        network.forgetIfOver(link);
    }

    private void tellFinished(long now) {
        if (finish == null || finished) {
            return;
        }
        finished = true;
        if (receiver.isOpen()) {
            Pipe back = receiver.out();
            if (back.receiver.takesBytes(now)) {
                back.finish("", now, Long.MAX_VALUE);
            } else if (back.finish == null) {
                back.vanish();
            }
            network.closed(receiver, finish);
        }
        network.forgetIfOver(link);
    }

    /** The receiver's host has lost its memory of the link: silence while it is down, then a reset. */
    private void arriveAtStranger(long now) {
        Host<?, ?> host = receiver.host;
        if (!host.isUp()) {
            network.scene.clock.schedule(this, Math.max(now + 1, host.upAt()));
            return;
        }
        boolean hadBytes = count > 0;
        truncate(0);
        if (hadBytes && sender.isOpen()) {
            Pipe back = receiver.out();
            back.finished = false;
            back.finish = null;
            back.finish("connection reset by the peer", now + network.delay(link.ordinal, 2), 0);
        }
        network.forgetIfOver(link);
    }

    /** How many bytes arrive now: those sent long enough ago, up to the size drawn for this piece. */
    private int take(long now) {
        int limit = network.weather.pieceSize(pieceHash);
        int length = buffers[first].readableBytes();
        for (int i = 1; i < count && length < limit; i++) {
            int place = (first + i) & (buffers.length - 1);
            if (sentAt[place] + network.weather.delayMin() > now) {
                break;
            }
            length += buffers[place].readableBytes();
        }
        return Math.min(length, limit);
    }

    /** Moves so many bytes into {@code to}, or nowhere, and gives back what was emptied. */
    private void move(@Nullable ByteBuf to, int length) {
        for (int left = length; left > 0; ) {
            ByteBuf from = buffers[first];
            int part = Math.min(left, from.readableBytes());
            if (to == null) {
                from.skipBytes(part);
            } else {
                to.writeBytes(from, part);
            }
            left -= part;
            if (!from.isReadable()) {
                removeFirst();
            }
        }
    }

    private void armIfNeeded() {
        if (isScheduled() || blocked || holed) {
            return;
        }
        if (count > 0) {
            pieceHash = Prng.hash(network.source, link.ordinal, direction, piece);
            long at = sentAt[first] + network.weather.delay(pieceHash);
            network.scene.clock.schedule(this, Math.max(Math.max(at, freeAt), Math.max(lastArrival, notBefore)));
        } else if (finish != null && !finished) {
            network.scene.clock.schedule(this, Math.max(finishAt, Math.max(lastArrival, notBefore)));
        }
    }

    private void truncate(long keep) {
        long left = keep;
        int kept = 0;
        while (kept < count && left > 0) {
            ByteBuf bytes = buffers[(first + kept) & (buffers.length - 1)];
            if (bytes.readableBytes() > left) {
                bytes.writerIndex(bytes.readerIndex() + (int) left);
            }
            left -= bytes.readableBytes();
            kept++;
        }
        while (count > kept) {
            removeLast();
        }
        if (count == 0 && isScheduled() && finish != null) {
            network.scene.clock.schedule(this, Math.max(finishAt, Math.max(lastArrival, notBefore)));
        }
    }

    private void append(ByteBuf bytes) {
        if (count == buffers.length) {
            grow();
        }
        int place = (first + count) & (buffers.length - 1);
        buffers[place] = bytes;
        sentAt[place] = network.scene.now();
        count++;
    }

    private void grow() {
        int length = buffers.length;
        ByteBuf[] moreBuffers = Arrays.copyOf(buffers, length * 2);
        long[] moreSentAt = Arrays.copyOf(sentAt, length * 2);
        System.arraycopy(buffers, 0, moreBuffers, length, first);
        System.arraycopy(sentAt, 0, moreSentAt, length, first);
        buffers = moreBuffers;
        sentAt = moreSentAt;
    }

    private void removeFirst() {
        buffers[first].release();
        empty(first);
        first = (first + 1) & (buffers.length - 1);
        count--;
    }

    private void removeLast() {
        count--;
        int place = (first + count) & (buffers.length - 1);
        buffers[place].release();
        empty(place);
    }

    @SuppressWarnings("NullAway") // an empty place of the ring
    private void empty(int place) {
        buffers[place] = null;
    }
}
