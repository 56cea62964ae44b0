package dst.protocol.trace;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.util.zip.CRC32C;

/** CRC32C over the readable bytes of a buffer however it is laid out; moves no index. */
public final class ByteSum {
    private static final byte[] NOTHING = new byte[0];
    private static final int COPY_BYTES = 4096;

    private final CRC32C sum = new CRC32C();
    private byte[] copy = NOTHING;

    /** Over everything readable. */
    public int of(ByteBuf bytes) {
        return of(bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    /** Over {@code length} bytes from {@code index} on. */
    public int of(ByteBuf bytes, int index, int length) {
        begin();
        add(bytes, index, length);
        return value();
    }

    /** What was added before is forgotten. */
    public void begin() {
        sum.reset();
    }

    /** Over everything that was added since it began. */
    public int value() {
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

    /** {@code length} more bytes, from {@code index} on. */
    public void add(ByteBuf bytes, int index, int length) {
        if (length == 0) {
            return;
        }
        if (bytes.hasArray()) {
            sum.update(bytes.array(), bytes.arrayOffset() + index, length);
        } else if (bytes instanceof CompositeByteBuf composite) {
            addParts(composite, index, length);
        } else if (bytes.isContiguous()) {
            sum.update(bytes.nioBuffer(index, length));
        } else {
            addCopy(bytes, index, length);
        }
    }

    /** A part of something scattered: cheaper to copy than to ask for its pieces. */
    private void addCopy(ByteBuf bytes, int index, int length) {
        if (copy.length == 0) {
            copy = new byte[COPY_BYTES];
        }
        for (int at = 0; at < length; at += copy.length) {
            int here = Math.min(copy.length, length - at);
            bytes.getBytes(index + at, copy, 0, here);
            sum.update(copy, 0, here);
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
