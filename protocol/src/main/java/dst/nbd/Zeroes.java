package dst.nbd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;

/** Zeros of any length, which take no memory: all are the same few. */
final class Zeroes {
    private static final int LENGTH = 1 << 16;

    private static final ByteBuf SAME =
            Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[LENGTH]).asReadOnly());

    private Zeroes() {}

    /** So many, which belong to the caller. */
    static ByteBuf of(int count) {
        CompositeByteBuf all = Unpooled.compositeBuffer(Integer.MAX_VALUE);
        for (int at = 0; at < count; at += LENGTH) {
            all.addComponent(true, SAME.slice(0, Math.min(LENGTH, count - at)));
        }
        return all;
    }
}
