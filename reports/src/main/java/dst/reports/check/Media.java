package dst.reports.check;

import dst.protocol.trace.Stamp;
import dst.protocol.trace.Stamp.Content;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/** What the media held in the end, by block: the place of an operation, or one of the words of {@link Operations}. */
final class Media {
    private long[] offsets = new long[64];
    private int[] found = new int[64];
    private long[] nanos = new long[64];
    private int count;

    void hold(long offset, int what, long now) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            found = Arrays.copyOf(found, 2 * count);
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        offsets[count] = offset;
        found[count] = what;
        nanos[count++] = now;
    }

    int count() {
        return count;
    }

    long offset(int index) {
        return offsets[index];
    }

    int found(int index) {
        return found[index];
    }

    long nanos(int index) {
        return nanos[index];
    }

    /** What a block's content says; if only its beginning is known, that is believed. */
    static Content content(long offset, byte[] held, int blockSize) {
        ByteBuf bytes = Unpooled.wrappedBuffer(held);
        if (held.length < Stamp.BYTES) {
            return new Content(Content.State.FOREIGN, 0, 0, 0);
        }
        if (held.length >= blockSize) {
            return Stamp.read(bytes, 0, blockSize, offset);
        }
        long tag = bytes.getLong(8);
        long wroteFor = bytes.getLong(16);
        if (tag == 0 && wroteFor == 0 && bytes.getLong(0) == 0 && bytes.getLong(24) == 0) {
            return Content.ZERO;
        }
        Content.State state = wroteFor == offset ? Content.State.WHOLE : Content.State.MISPLACED;
        return new Content(state, bytes.getLong(0), tag, wroteFor);
    }
}
