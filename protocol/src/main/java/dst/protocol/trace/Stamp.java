package dst.protocol.trace;

import dst.protocol.Prng;
import io.netty.buffer.ByteBuf;

/**
 * The evidence in a block: who wrote it, as which operation, for which place, and a checksum over all of it; so a misplaced,
 * torn, stale or foreign block names itself. The rest of the block is filled from the same numbers.
 */
public record Stamp(long writer, long tag, long offset) {
    /** A block is at least as large as its stamp. */
    public static final int BYTES = 32;

    /** Writes one whole block. */
    public static void write(ByteBuf out, long writer, long tag, long offset, int blockSize) {
        long check = check(writer, tag, offset, blockSize);
        out.writeLong(writer).writeLong(tag).writeLong(offset).writeLong(check);
        long fill = check;
        for (int i = BYTES; i < blockSize; i += 8) {
            fill += 0x9E3779B97F4A7C15L;
            out.writeLong(fill);
        }
    }

    /** What a block at {@code offset} holds: see {@link Content}. Reads {@code blockSize} bytes from {@code index} on. */
    public static Content read(ByteBuf in, int index, int blockSize, long offset) {
        long writer = in.getLong(index);
        long tag = in.getLong(index + 8);
        long wrote = in.getLong(index + 16);
        long check = in.getLong(index + 24);
        if (writer == 0 && tag == 0 && wrote == 0 && check == 0) {
            return allZero(in, index, blockSize) ? Content.ZERO : new Content(Content.State.TORN, 0, 0, 0);
        }
        if (check != check(writer, tag, wrote, blockSize)) {
            return new Content(Content.State.FOREIGN, writer, tag, wrote);
        }
        if (!filled(in, index, blockSize, check)) {
            return new Content(Content.State.TORN, writer, tag, wrote);
        }
        return new Content(wrote == offset ? Content.State.WHOLE : Content.State.MISPLACED, writer, tag, wrote);
    }

    private static boolean allZero(ByteBuf in, int index, int blockSize) {
        for (int i = BYTES; i < blockSize; i += 8) {
            if (in.getLong(index + i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean filled(ByteBuf in, int index, int blockSize, long check) {
        long fill = check;
        for (int i = BYTES; i < blockSize; i += 8) {
            fill += 0x9E3779B97F4A7C15L;
            if (in.getLong(index + i) != fill) {
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
