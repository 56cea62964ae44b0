package dst.nbd.rules;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A request of the peer, as the server received it, and what has come of it by now. */
final class Asked {
    static final int READ = 0;
    static final int WRITE = 1;
    static final int DISC = 2;
    static final int FLUSH = 3;
    static final int TRIM = 4;
    static final int WRITE_ZEROES = 6;
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

    boolean isDurable() {
        return (flags & FUA) != 0;
    }

    /** Whether it is one for which the device is asked to do something. */
    boolean needsTheDevice() {
        return command == READ || command == WRITE || command == FLUSH || command == TRIM || command == WRITE_ZEROES;
    }

    boolean isLike(Asked other) {
        return command == other.command && flags == other.flags && offset == other.offset && length == other.length;
    }

    /** All that the device was asked for is done: the next piece may be asked for. */
    boolean isIdle() {
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
