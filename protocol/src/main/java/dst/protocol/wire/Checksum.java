package dst.protocol.wire;

import io.netty.buffer.ByteBuf;

/** CRC32C of buffers, in one piece or many, without moving an index. */
public final class Checksum {
    private Checksum() {}

    /** The checksum of the readable bytes. */
    public static int of(ByteBuf bytes) {
        throw new UnsupportedOperationException();
    }
}
