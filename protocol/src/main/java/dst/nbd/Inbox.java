package dst.nbd;

import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The bytes of a connection that arrived and were not taken yet, in their order; it owns each buffer until its last byte is taken. */
final class Inbox {
    /** No head of anything is longer. */
    private static final int HEAD_MAX = Nbd.REQUEST_BYTES;

    /** Pieces that together are no longer are copied together. */
    private static final int SMALL = 128;

    private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>();

    /** A head that lies in several buffers is copied together here. */
    private final ByteBuf joined = Unpooled.buffer(HEAD_MAX, HEAD_MAX);

    private long count;

    long bytes() {
        return count;
    }

    void add(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            bytes.release();
            return;
        }
        count += bytes.readableBytes();
        ByteBuf last = buffers.peekLast();
        if (last != null && last.readableBytes() + bytes.readableBytes() <= SMALL) {
            buffers.removeLast();
            buffers.add(together(last, bytes));
        } else {
            buffers.add(bytes);
        }
    }

    /** R7: a peer that sends a byte at a time gets no page for each. */
    private static ByteBuf together(ByteBuf front, ByteBuf back) {
        ByteBuf both = Unpooled.buffer(front.readableBytes() + back.readableBytes());
        both.writeBytes(front).writeBytes(back);
        front.release();
        back.release();
        return both;
    }

    /**
     * A buffer in which so many bytes lie together from its reader index on; null if fewer have arrived. It is only to be looked at,
     * and before anything is taken.
     */
    @Nullable ByteBuf head(int length) {
        ByteBuf first = buffers.peek();
        if (first != null && first.readableBytes() >= length) {
            return first;
        }
        if (count < length) {
            return null;
        }
        joined.clear();
        for (ByteBuf one : buffers) {
            int part = Math.min(length - joined.writerIndex(), one.readableBytes());
            one.getBytes(one.readerIndex(), joined, part);
            if (joined.writerIndex() == length) {
                break;
            }
        }
        return joined;
    }

    /** Lets go of so many bytes at most; returns how many there were. */
    long skip(long most) {
        long skipped = Math.min(most, count);
        count -= skipped;
        long left = skipped;
        while (left > 0) {
            ByteBuf first = buffers.element();
            int length = (int) Math.min(left, first.readableBytes());
            left -= length;
            first.skipBytes(length);
            dropIfRead(first);
        }
        return skipped;
    }

    /** Copies what there is into the array from one place to another at most; returns how far it came. */
    int copy(byte[] into, int from, int end) {
        int at = from;
        while (at < end) {
            ByteBuf first = buffers.peek();
            if (first == null) {
                break;
            }
            int length = Math.min(end - at, first.readableBytes());
            first.readBytes(into, at, length);
            count -= length;
            at += length;
            dropIfRead(first);
        }
        return at;
    }

    /** The next bytes as they lie, no more than {@code most}; null if there are none. They belong to the caller. */
    @Nullable ByteBuf take(int most) {
        ByteBuf first = buffers.peek();
        if (first == null) {
            return null;
        }
        int length = Math.min(most, first.readableBytes());
        count -= length;
        if (first instanceof CompositeByteBuf composite) {
            return takeParts(composite, length);
        }
        if (length < first.readableBytes()) {
            return first.readRetainedSlice(length);
        }
        buffers.remove();
        return first.readerIndex() == 0 ? first : first.slice();
    }

    /** Only the parts that are wanted are kept, so that the rest of the composite can go. */
    private ByteBuf takeParts(CompositeByteBuf composite, int length) {
        CompositeByteBuf taken = new CompositeByteBuf(composite.alloc(), composite.isDirect(), Integer.MAX_VALUE);
        for (ByteBuf part : composite.decompose(composite.readerIndex(), length)) {
            taken.addFlattenedComponents(true, part.retain());
        }
        composite.skipBytes(length);
        dropIfRead(composite);
        return taken;
    }

    private void dropIfRead(ByteBuf first) {
        if (!first.isReadable()) {
            buffers.remove().release();
        }
    }

    void digest(StateDigest digest) {
        digest.add(count).add(buffers);
    }

    void discard() {
        for (ByteBuf bytes : buffers) {
            bytes.release();
        }
        buffers.clear();
        count = 0;
    }
}
