package dst.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one direction of a link has taken over and not delivered, in order: a ring of buffers, and when each was sent. */
final class Transit {
    private ByteBuf[] buffers = new ByteBuf[8];
    private long[] sentAt = new long[8];
    private int first;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    long bytes() {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += buffers[place(i)].readableBytes();
        }
        return bytes;
    }

    long firstSentAt() {
        return sentAt[first];
    }

    void append(ByteBuf bytes, long now) {
        if (count == buffers.length) {
            grow();
        }
        int place = place(count);
        buffers[place] = bytes;
        sentAt[place] = now;
        count++;
    }

    /** How many bytes were sent at that time or before, but not more than the limit; the first buffer counts in any case. */
    int sentBefore(long time, int limit) {
        int length = buffers[first].readableBytes();
        for (int i = 1; i < count && length < limit; i++) {
            int place = place(i);
            if (sentAt[place] > time) {
                break;
            }
            length += buffers[place].readableBytes();
        }
        return Math.min(length, limit);
    }

    /** Moves so many bytes into {@code to}, or nowhere, and gives back what was emptied. */
    void move(@Nullable ByteBuf to, int length) {
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
                from.release();
                empty(first);
                first = place(1);
                count--;
            }
        }
    }

    /** Only so many bytes are left. */
    void truncate(long keep) {
        long left = keep;
        int kept = 0;
        while (kept < count && left > 0) {
            ByteBuf bytes = buffers[place(kept)];
            if (bytes.readableBytes() > left) {
                bytes.writerIndex(bytes.readerIndex() + (int) left);
            }
            left -= bytes.readableBytes();
            kept++;
        }
        while (count > kept) {
            count--;
            int place = place(count);
            buffers[place].release();
            empty(place);
        }
    }

    /** Everything moves into memory that is nobody's. */
    void copyAway() {
        for (int i = 0; i < count; i++) {
            int place = place(i);
            ByteBuf own = buffers[place];
            buffers[place] = Unpooled.buffer(own.readableBytes()).writeBytes(own);
            own.release();
        }
    }

    private int place(int nth) {
        return (first + nth) & (buffers.length - 1);
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

    @SuppressWarnings("NullAway") // an empty place of the ring
    private void empty(int place) {
        buffers[place] = null;
    }
}
