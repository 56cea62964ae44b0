package dst.protocol.trace;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C over the readable bytes of a buffer however it is laid out; moves no index and copies nothing. */
public final class ByteSum {
    private final CRC32C sum = new CRC32C();

    /** Over everything readable. */
    public int of(ByteBuf bytes) {
        return of(bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    /** Over {@code length} bytes from {@code index} on. */
    public int of(ByteBuf bytes, int index, int length) {
        sum.reset();
        add(bytes, index, length);
        return (int) sum.getValue();
    }

    public int of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    public int of(byte[] bytes, int index, int length) {
        sum.reset();
        sum.update(bytes, index, length);
        return (int) sum.getValue();
    }

    private void add(ByteBuf bytes, int index, int length) {
        if (length == 0) {
            return;
        }
        if (bytes.hasArray()) {
            sum.update(bytes.array(), bytes.arrayOffset() + index, length);
        } else if (bytes instanceof CompositeByteBuf composite) {
            addParts(composite, index, length);
        } else if (bytes.nioBufferCount() == 1) {
            sum.update(bytes.nioBuffer(index, length));
        } else {
            for (ByteBuffer part : bytes.nioBuffers(index, length)) {
                sum.update(part);
            }
        }
    }

    private void addParts(CompositeByteBuf composite, int index, int length) {
        int end = index + length;
        int part = composite.toComponentIndex(index);
        int at = index;
        while (at < end) {
            int start = composite.toByteIndex(part);
            ByteBuf bytes = composite.internalComponent(part);
            int skipped = at - start;
            int here = Math.min(bytes.capacity() - skipped, end - at);
            add(bytes, skipped, here);
            at += here;
            part++;
        }
    }
}
