package dst.protocol.client;

import dst.protocol.Boot;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What one acknowledged WRITE or ZERO left, as long as one of its blocks is retained (D2). */
final class Content {
    final long offset;
    final int length;

    /** Of all the data, for a digest. */
    private final int checksum;

    /** Null for a ZERO. */
    private @Nullable ByteBuf data;

    /** The boot it was last executed in, and its number there. */
    Boot boot;

    long execution;

    /** How many of its blocks are still retained. */
    int blocks;

    /** D3: all pieces of its replay have been sent. */
    boolean allSent;

    /** D3: pieces of its replay that are not answered, and the highest execution number among those that are. */
    int piecesOpen;

    long replayExecution;

    Content(Transaction wrote, @Nullable ByteBuf data, Boot boot, long execution) {
        this.offset = wrote.offset;
        this.length = wrote.length;
        this.checksum = wrote.checksum;
        this.data = data;
        this.boot = boot;
        this.execution = execution;
    }

    long end() {
        return offset + length;
    }

    boolean isZero() {
        return data == null;
    }

    /** A part of the data, for a replay. */
    ByteBuf slice(long from, int bytes) {
        if (data == null) {
            throw new IllegalStateException("a ZERO has no data");
        }
        return data.retainedSlice(data.readerIndex() + (int) (from - offset), bytes);
    }

    void release() {
        if (data != null) {
            data.release();
            data = null;
        }
    }

    void digest(StateDigest digest) {
        digest.add(offset)
                .add(length)
                .add(checksum)
                .add(isZero())
                .add(boot)
                .add(execution)
                .add(blocks)
                .add(allSent)
                .add(piecesOpen)
                .add(replayExecution);
    }
}
