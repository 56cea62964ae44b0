package dst.nbd.rules;

import dst.protocol.Kind;
import dst.protocol.Operation;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** A request of the peer, as the server received it, and what has come of it by now. */
final class Asked {
    static final int READ = 0;
    private static final int WRITE = 1;
    static final int DISC = 2;
    private static final int FLUSH = 3;
    private static final int TRIM = 4;
    private static final int WRITE_ZEROES = 6;
    private static final int FUA = 1;

    final long cookie;
    final int command;
    final long offset;
    final long length;
    private final int flags;

    /** How much of it the device was asked for, and how much of that is done. */
    long asked;

    private long done;

    /** A FLUSH of it was asked for, and is done. */
    boolean flushAsked;

    private boolean flushed;

    /** It is not seen which of several requests an operation is for: this one is not judged. */
    boolean doubtful;

    private final CRC32C data = new CRC32C();

    Asked(long cookie, int command, int flags, long offset, long length) {
        this.cookie = cookie;
        this.command = command;
        this.flags = flags;
        this.offset = offset;
        this.length = length;
    }

    private boolean isDurable() {
        return (flags & FUA) != 0;
    }

    /** As what the device may be asked for it; as nothing, if it is done without the device. */
    private List<Kind> kinds() {
        return switch (command) {
            case READ -> List.of(Kind.READ);
            case WRITE -> List.of(Kind.WRITE);
            case FLUSH -> List.of(Kind.FLUSH);
            case TRIM -> List.of(Kind.TRIM);
            case WRITE_ZEROES -> List.of(Kind.WRITE, Kind.ZERO);
            default -> List.of();
        };
    }

    /** Whether it is one for which the device is asked to do something. */
    boolean needsTheDevice() {
        return !kinds().isEmpty();
    }

    /** Whether content goes one way or the other. */
    boolean carries() {
        return command == READ || command == WRITE;
    }

    /** How much content comes with it. */
    long payload() {
        return command == WRITE ? length : 0;
    }

    /** Whether what the device does for it has to be durable itself: behind a TRIM comes a flush. */
    boolean wantsDurable() {
        return isDurable() && command != READ && command != TRIM;
    }

    /** Whether that can be what comes next of it. */
    boolean fits(Operation operation) {
        if (!isIdle()) {
            return false;
        }
        if (operation.kind() == Kind.FLUSH) {
            return !flushAsked && (command == FLUSH || (command == TRIM && isDurable() && asked == length));
        }
        return kinds().contains(operation.kind())
                && offset + asked == operation.offset()
                && operation.length() <= length - asked;
    }

    boolean isLike(Asked other) {
        return command == other.command && flags == other.flags && offset == other.offset && length == other.length;
    }

    /** All that the device was asked for is done: the next piece may be asked for. */
    private boolean isIdle() {
        return asked == done && flushAsked == flushed;
    }

    void done(long bytes, ByteBuf content) {
        done += bytes;
        add(data, content, content.readerIndex(), content.readableBytes());
    }

    void flushed() {
        flushed = true;
    }

    boolean isDone() {
        boolean flushes = command == FLUSH || (command == TRIM && isDurable());
        return command == FLUSH ? flushed : done == length && (flushed || !flushes);
    }

    /** Whether this is what the device gave for it. */
    boolean isWhatWasRead(ByteBuf bytes, int index, int count) {
        CRC32C sum = new CRC32C();
        add(sum, bytes, index, count);
        return count == length && sum.getValue() == data.getValue();
    }

    private static void add(CRC32C sum, ByteBuf bytes, int index, int count) {
        if (count > 0) {
            for (ByteBuffer part : bytes.nioBuffers(index, count)) {
                sum.update(part);
            }
        }
    }
}
