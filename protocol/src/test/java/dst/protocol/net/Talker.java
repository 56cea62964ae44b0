package dst.protocol.net;

import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Prng;
import dst.protocol.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One end of one link. It sends numbered bytes, checks those that it gets, and complains of whatever its host may not do. Tests say
 * what it does when.
 */
public class Talker implements Machine {
    /** Its only one, as it calls it. */
    public static final long LINK = 1;

    private static final int PIECE_MAX = 512;

    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final long stream;
    private final long peersStream;
    private ByteBufAllocator pages = UnpooledByteBufAllocator.DEFAULT;
    private List<? super Signal> outbox = List.of();
    private long now;
    private long deadline = NEVER;
    private boolean reading = true;
    private boolean closedHere;

    // Read by the test while it waits for something.
    private volatile boolean opened;
    private volatile long submitted;
    private volatile long left;
    private volatile long arrived;
    private volatile int ends;
    private volatile int timers;

    /** Each end has a stream of its own: what it sends is another one's than what it gets. */
    public Talker(long stream, long peersStream) {
        this.stream = stream;
        this.peersStream = peersStream;
    }

    /** Where its host has its memory from. */
    public final void takeMemoryFrom(ByteBufAllocator allocator) {
        pages = allocator;
    }

    // What tests say.

    protected void opened() {}

    protected void received(int bytes) {}

    protected void fired() {}

    // What they can have done.

    protected final void send(int bytes) {
        for (int done = 0; done < bytes; ) {
            int part = Math.min(PIECE_MAX, bytes - done);
            ByteBuf piece = pages.buffer(part);
            for (int i = 0; i < part; i++) {
                piece.writeByte(at(stream, submitted + i));
            }
            submitted += part;
            done += part;
            outbox.add(new LinkPort.Send(LINK, piece));
        }
    }

    protected final void reading(boolean wanted) {
        reading = wanted;
        outbox.add(new LinkPort.Reading(LINK, wanted));
    }

    protected final void close() {
        closedHere = true;
        outbox.add(new LinkPort.Close(LINK, Closing.of(Closing.Cause.DONE, "over")));
    }

    /** The only timer, as a machine's: what is said last counts. */
    protected final void timer(long at) {
        deadline = at;
    }

    protected final long now() {
        return now;
    }

    // What has become of it.

    public final boolean isOpened() {
        return opened;
    }

    public final long submitted() {
        return submitted;
    }

    public final long left() {
        return left;
    }

    public final long arrived() {
        return arrived;
    }

    public final int ends() {
        return ends;
    }

    public final int timers() {
        return timers;
    }

    public final List<String> complaints() {
        return complaints;
    }

    protected final void complain(String what) {
        if (complaints.size() < 10) {
            complaints.add(what);
        }
    }

    @Override
    public final void step(long at, Signal input, List<? super Signal> said) {
        if (at < now) {
            complain("the time fell from " + now + " to " + at);
        }
        now = at;
        outbox = said;
        switch (input) {
            case LinkPort.Opened _ -> {
                opened = true;
                opened();
            }
            case LinkPort.Received(long _, ByteBuf bytes) -> take(bytes);
            case LinkPort.Sent(long _, long bytes) -> {
                left += bytes;
                if (left > submitted) {
                    complain(left + " bytes have left of " + submitted);
                }
            }
            case LinkPort.Closed(long _, String reason) -> {
                ends++;
                Objects.requireNonNull(reason);
                if (closedHere || ends > 1) {
                    complain("an end that was known was told");
                }
            }
            case Control.TimerFired _ -> fire();
            default -> throw Signal.misplaced(input);
        }
    }

    private void take(ByteBuf bytes) {
        int length = bytes.readableBytes();
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != at(peersStream, arrived + i)) {
                complain("byte " + (arrived + i) + " is not the one that was sent");
            }
        }
        bytes.release();
        if (closedHere) {
            return;
        }
        if (!reading) {
            complain("bytes came although they were not wanted");
        }
        if (ends > 0) {
            complain("bytes came after the end");
        }
        arrived += length;
        received(length);
    }

    private void fire() {
        if (deadline == NEVER) {
            complain("a timer fired that was not set");
        } else if (now < deadline) {
            complain("a timer fired " + (deadline - now) + " ns early");
        } else {
            deadline = NEVER;
            timers++;
            fired();
        }
    }

    private static byte at(long stream, long position) {
        return (byte) Prng.hash(stream, position, 0, 0);
    }

    @Override
    public final long nextDeadline() {
        return deadline;
    }

    @Override
    public final long digest() {
        return arrived;
    }

    @Override
    public final void discard() {}
}
