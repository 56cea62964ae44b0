package dst.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;

/** CRC32C of buffers, in one piece or many, without moving an index; used again and again by its one owner. */
public final class Checksum {
    private static final int CHUNK_BYTES = 2048;
    private static final byte[] NO_CHUNK = new byte[0];

    private final CRC32C sum = new CRC32C();
    private byte[] chunk = NO_CHUNK;

    /** The checksum of the readable bytes. */
    public static int of(ByteBuf bytes) {
        return new Checksum().over(bytes);
    }

    /** The checksum of the readable bytes; what was added before is forgotten. */
    public int over(ByteBuf bytes) {
        begin();
        add(bytes);
        return value();
    }

    public void begin() {
        sum.reset();
    }

    public void add(byte[] bytes, int from, int length) {
        sum.update(bytes, from, length);
    }

    public void add(ByteBuf bytes) {
        int from = bytes.readerIndex();
        int length = bytes.readableBytes();
        if (length == 0) {
            return;
        }
        if (bytes.hasArray()) {
            sum.update(bytes.array(), bytes.arrayOffset() + from, length);
        } else if (bytes.nioBufferCount() == 1) {
            sum.update(bytes.nioBuffer(from, length));
        } else {
            addScattered(bytes, from, from + length);
        }
    }

    public int value() {
        return (int) sum.getValue();
    }

    /** Copying is quicker than making a view of each piece, and allocates nothing after the first time. */
    private void addScattered(ByteBuf bytes, int from, int end) {
        if (chunk.length == 0) {
            chunk = new byte[CHUNK_BYTES];
        }
        for (int at = from; at < end; at += CHUNK_BYTES) {
            int length = Math.min(CHUNK_BYTES, end - at);
            bytes.getBytes(at, chunk, 0, length);
            sum.update(chunk, 0, length);
        }
    }
}
