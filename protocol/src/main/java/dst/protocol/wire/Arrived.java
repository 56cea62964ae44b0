package dst.protocol.wire;

import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The bytes of a link that arrived and were not read yet, in their order; it owns each buffer until its last byte is taken. */
final class Arrived {
    private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>();
    private int count;

    /** How many there are. */
    int bytes() {
        return count;
    }

    void add(ByteBuf bytes) {
        count += bytes.readableBytes();
        if (bytes.isReadable()) {
            buffers.add(bytes);
        } else {
            bytes.release();
        }
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
            if (first.hasArray()) {
                // As readBytes does, which asks more questions; three decoders read each message.
                System.arraycopy(first.array(), first.arrayOffset() + first.readerIndex(), into, at, length);
                first.skipBytes(length);
            } else {
                first.readBytes(into, at, length);
            }
            count -= length;
            at += length;
            if (!first.isReadable()) {
                buffers.remove().release();
            }
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
        if (!composite.isReadable()) {
            buffers.remove().release();
        }
        return taken;
    }

    void digest(StateDigest digest) {
        digest.add(buffers);
    }

    void discard() {
        for (ByteBuf bytes : buffers) {
            bytes.release();
        }
        buffers.clear();
        count = 0;
    }
}
