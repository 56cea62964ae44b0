package dst.sim;

import dst.protocol.LinkPort;
import dst.protocol.Prng;
import dst.protocol.fault.Fault.Direction;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a link: bytes in order or a break, in any pieces, after any delay; no more than TCP promises. Its event is
 * the arrival of the next piece, so a pipe without bytes costs nothing.
 */
final class Pipe extends Event {
    static final int TO_SERVER = 0;
    static final int TO_CLIENT = 1;

    /** The two ways, by these numbers. */
    static final List<Direction> LANES = List.of(Direction.TO_SERVER, Direction.TO_CLIENT);

    final int direction;
    final Direction lane;
    final Connection.End sender;
    final Connection.End receiver;
    final Connection link;
    private final Network network;
    private final Path path;
    private final Transit transit = new Transit();
    private final @Nullable KernelBuffer kernel;

    private long piece;
    private long pieceHash;
    private long lastArrival;
    private long freeAt;
    private boolean blocked;
    private boolean holed;
    private boolean wasFull;
    private @Nullable String finish;
    private long finishAt;
    private boolean finished;

    private long notBefore;

    Pipe(Network network, Connection link, Connection.End sender, Connection.End receiver, int direction) {
        this.network = network;
        this.link = link;
        this.path = link.path;
        this.sender = sender;
        this.receiver = receiver;
        this.direction = direction;
        this.lane = LANES.get(direction);
        this.kernel = path.plan.bufferBytes() == 0 ? null : new KernelBuffer(path.plan.bufferBytes());
    }

    /** Takes the bytes over, for delivery or not. */
    void send(ByteBuf bytes) {
        if (finish != null || !bytes.isReadable()) {
            bytes.release();
        } else if (kernel == null) {
            transit.append(bytes, network.scene.now());
            armIfNeeded();
        } else {
            kernel.send(bytes);
            fill(kernel);
        }
    }

    private void fill(KernelBuffer buffer) {
        int taken = buffer.fill(transit, network.scene.now());
        if (!buffer.hasAll() && !wasFull) {
            wasFull = true;
            network.scene.stood(Standing.KERNEL_BUFFERS, "what the " + sender.host.name + " sent waits for room");
        }
        if (taken > 0) {
            armIfNeeded();
            tellSent(taken);
        }
    }

    private void tellSent(int bytes) {
        if (sender.isOpen()) {
            sender.host.give(new LinkPort.Sent(sender.number, bytes));
        }
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
        dropUnsent();
        finish = reason;
        finishAt = at;
        truncate(holed ? 0 : keep);
        endSoon();
    }

    /** No more will be sent; what was sent still goes, and then the receiver is told why it is over. */
    void finishInOrder(String reason, long at) {
        if (finish == null) {
            finish = reason;
            finishAt = at;
            if (holed) {
                dropUnsent();
                truncate(0);
            }
            endSoon();
        }
    }

    private void endSoon() {
        if (transit.isEmpty()) {
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
        dropUnsent();
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
        if (kernel == null) {
            transit.copyAway();
        } else if (!kernel.hasAll()) {
            dropUnsent();
            endSoon();
        }
    }

    long bytes() {
        return transit.bytes();
    }

    boolean isIdle() {
        return transit.isEmpty() && !isScheduled() && hasSentAll();
    }

    private boolean hasSentAll() {
        return kernel == null || kernel.hasAll();
    }

    private void dropUnsent() {
        if (kernel != null) {
            kernel.drop();
        }
    }

    @Override
    void happen() {
        Scene scene = network.scene;
        long now = scene.now();
        long stalledUntil = link.befalls.stalledUntil(lane);
        if (now < stalledUntil) {
            scene.clock.schedule(this, stalledUntil);
        } else if (receiver.isOpen() && receiver.host.isPaused()) {
            // What arrives at a process that stands still waits in its kernel.
            scene.clock.schedule(this, receiver.host.pausedUntil());
        } else if (receiver.state == Connection.End.State.FORGOTTEN) {
            arriveAtStranger(now);
        } else if (transit.isEmpty()) {
            tellFinished(now);
        } else if (receiver.isOpen() && !receiver.reading) {
            blocked = true;
        } else {
            arrive(now);
        }
    }

    private void arrive(long now) {
        int length = transit.sentBefore(now - path.plan.delayNanosMin(), path.pieceSize(pieceHash, link.befalls, lane));
        lastArrival = now;
        freeAt = path.freeAfter(now, length, link.befalls, lane);
        piece++;
        ByteBuf bytes = null;
        if (receiver.takesBytes(now)) {
            Pages pages = receiver.host.pages();
            bytes = pages.room(length);
            transit.move(bytes, length);
            link.befalls.pass(lane, bytes, link.ordinal, piece);
        } else {
            transit.move(null, length);
        }
        armIfNeeded();
        if (bytes != null) {
            link.arrived(direction);
            receiver.host.give(new LinkPort.Received(receiver.number, bytes));
        }
        if (kernel == null) {
            tellSent(length);
        } else {
            kernel.left(length);
            fill(kernel);
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
        Host host = receiver.host;
        if (!host.isUp()) {
            network.scene.clock.schedule(this, Math.max(now + 1, host.upAt()));
            return;
        }
        boolean hadBytes = !transit.isEmpty();
        truncate(0);
        if (hadBytes && sender.isOpen()) {
            Pipe back = receiver.out();
            back.finished = false;
            back.finish = null;
            back.finish("connection reset by the peer", now + network.delay(back, 2), 0);
        }
        network.forgetIfOver(link);
    }

    private void armIfNeeded() {
        if (isScheduled() || blocked || holed) {
            return;
        }
        if (!transit.isEmpty()) {
            pieceHash = Prng.hash(network.source, link.ordinal, direction, piece);
            long at = transit.firstSentAt() + path.delay(pieceHash, link.befalls, lane);
            network.scene.clock.schedule(this, Math.max(Math.max(at, freeAt), Math.max(lastArrival, notBefore)));
        } else if (finish != null && !finished && hasSentAll()) {
            scheduleEnd();
        }
    }

    private void scheduleEnd() {
        network.scene.clock.schedule(this, Math.max(finishAt, Math.max(lastArrival, notBefore)));
    }

    private void truncate(long keep) {
        if (kernel != null) {
            kernel.left(Math.max(0, transit.bytes() - keep));
        }
        transit.truncate(keep);
        if (transit.isEmpty() && isScheduled() && finish != null) {
            scheduleEnd();
        }
    }
}
