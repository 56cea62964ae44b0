package dst.realnode.disk;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Several pieces of native memory on their way into one place of a file. */
final class Gathering {
    /** As many as the kernel takes at once are 1024; more than a few are rare. */
    private static final int AT_ONCE = 128;

    private final ByteBuffer[] pieces;
    private int piece;
    private long within;

    Gathering(ByteBuffer[] pieces) {
        this.pieces = pieces;
    }

    /** The bytes written, or an error if there were none. */
    long write(Native kernel, int descriptor, long offset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment vector = arena.allocate(16L * Math.min(AT_ONCE, pieces.length), 8);
            long done = 0;
            while (piece < pieces.length) {
                long written = kernel.gather(descriptor, vector, fill(vector), offset + done);
                if (written <= 0) {
                    return done > 0 ? done : written < 0 ? written : -Errno.IO_ERROR;
                }
                done += written;
                advance(written);
            }
            return done;
        }
    }

    private int fill(MemorySegment vector) {
        int count = Math.min(AT_ONCE, pieces.length - piece);
        for (int i = 0; i < count; i++) {
            long skipped = i == 0 ? within : 0;
            vector.set(JAVA_LONG, 16L * i, Addresses.of(pieces[piece + i]) + skipped);
            vector.set(JAVA_LONG, 16L * i + 8, pieces[piece + i].remaining() - skipped);
        }
        return count;
    }

    private void advance(long written) {
        within += written;
        while (piece < pieces.length && within >= pieces[piece].remaining()) {
            within -= pieces[piece].remaining();
            piece++;
        }
    }
}
