package dst.protocol.trace;

import dst.protocol.Prng;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The evidence in a block: who wrote it, as which operation, for which place, and a checksum over all of it; so a misplaced,
 * torn, stale or foreign block names itself. The rest of the block is filled from the same numbers.
 */
public record Stamp(long writer, long tag, long offset) {
    /** A block is at least as large as its stamp. */
    public static final int BYTES = 32;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long STEP = 0x9E3779B97F4A7C15L;

    /** Writes one whole block. */
    public static void write(ByteBuf out, long writer, long tag, long offset, int blockSize) {
        long check = check(writer, tag, offset, blockSize);
        if (out.hasArray()) {
            out.ensureWritable(blockSize);
            int from = out.writerIndex();
            fill(out.array(), out.arrayOffset() + from, blockSize, check);
            out.setLong(from, writer).setLong(from + 8, tag).setLong(from + 16, offset);
            out.writerIndex(from + blockSize);
        } else {
            byte[] block = new byte[blockSize];
            fill(block, 0, blockSize, check);
            out.writeLong(writer).writeLong(tag).writeLong(offset).writeBytes(block, 24, blockSize - 24);
        }
    }

    /** What a block at {@code offset} holds: see {@link Content}. Reads {@code blockSize} bytes from {@code index} on. */
    public static Content read(ByteBuf in, int index, int blockSize, long offset) {
        long writer = in.getLong(index);
        long tag = in.getLong(index + 8);
        long wrote = in.getLong(index + 16);
        long check = in.getLong(index + 24);
        boolean zero = writer == 0 && tag == 0 && wrote == 0 && check == 0;
        if (!zero && check != check(writer, tag, wrote, blockSize)) {
            return new Content(Content.State.FOREIGN, writer, tag, wrote);
        }
        if (!goesOn(in, index, blockSize, check, zero ? 0 : STEP)) {
            return new Content(Content.State.TORN, writer, tag, wrote);
        }
        if (zero) {
            return Content.ZERO;
        }
        return new Content(wrote == offset ? Content.State.WHOLE : Content.State.MISPLACED, writer, tag, wrote);
    }

    private static void fill(byte[] block, int from, int blockSize, long check) {
        long fill = check;
        for (int i = BYTES - 8; i < blockSize; i += 8) {
            LONGS.set(block, from + i, fill);
            fill += STEP;
        }
    }

    /** Whether the rest of the block is what its beginning says: each number larger than the one before by that much. */
    private static boolean goesOn(ByteBuf in, int index, int blockSize, long check, long step) {
        if (in.hasArray()) {
            Objects.checkFromIndexSize(index, blockSize, in.capacity());
            return goesOn(in.array(), in.arrayOffset() + index, blockSize, check, step);
        }
        byte[] block = new byte[blockSize];
        in.getBytes(index, block);
        return goesOn(block, 0, blockSize, check, step);
    }

    private static boolean goesOn(byte[] block, int from, int blockSize, long check, long step) {
        long fill = check;
        for (int i = BYTES; i < blockSize; i += 8) {
            fill += step;
            if ((long) LONGS.get(block, from + i) != fill) {
                return false;
            }
        }
        return true;
    }

    private static long check(long writer, long tag, long offset, int blockSize) {
        return Prng.hash(blockSize, writer, tag, offset) | 1;
    }

    /** What was found in a block. */
    public record Content(State state, long writer, long tag, long wroteFor) {
        public static final Content ZERO = new Content(State.ZERO, 0, 0, 0);

        public enum State {
            /** Never written, zeroed or trimmed. */
            ZERO,
            /** One operation's block, where it belongs. */
            WHOLE,
            /** One operation's block that belongs elsewhere. */
            MISPLACED,
            /** Begins as one thing and goes on as another. */
            TORN,
            /** Nothing that a workload wrote. */
            FOREIGN
        }
    }
}
