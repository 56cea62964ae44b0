package dst.nbd.rules;

import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Sentence.Crossing;
import dst.protocol.trace.ByteSum;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of the peer, as the server received it, and what has come of it by now. */
final class Asked {
    static final int READ = 0;
    static final int WRITE = 1;
    static final int DISC = 2;
    static final int FLUSH = 3;
    static final int TRIM = 4;
    static final int WRITE_ZEROES = 6;
    static final int FUA = 1;

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

    /** The answer says that it came to nothing. */
    boolean failed;

    /** It is not seen which of several requests an operation is for: this one is not judged. */
    boolean doubtful;

    /** Of what the device gave for it. */
    private @Nullable ByteSum data;

    /** By what it came. */
    final Crossing at;

    Asked(long cookie, int command, int flags, long offset, long length, Crossing at) {
        this.cookie = cookie;
        this.command = command;
        this.flags = flags;
        this.offset = offset;
        this.length = length;
        this.at = at;
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

    /** Whether content comes with such a command. */
    static boolean brings(int command) {
        return command == WRITE;
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
        if (content.isReadable()) {
            ByteSum sum = data;
            if (sum == null) {
                sum = new ByteSum();
                data = sum;
            }
            sum.add(content, content.readerIndex(), content.readableBytes());
        }
    }

    void flushed() {
        flushed = true;
    }

    boolean isDone() {
        boolean flushes = command == FLUSH || (command == TRIM && isDurable());
        return command == FLUSH ? flushed : done == length && (flushed || !flushes);
    }

    /** Whether this is what the device gave for it. */
    boolean isWhatWasRead(long count, int sum) {
        ByteSum given = data;
        return count == length && sum == (given == null ? 0 : given.value());
    }
}
