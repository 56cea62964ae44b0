package dst.protocol.hostile;

import java.lang.management.ManagementFactory;

/**
 * How much this thread has allocated, whatever became of it. A step may allocate in proportion to the bytes that it was given;
 * memory for a length that was only spoken of shows here (R1).
 */
public final class Meter {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** For what a step builds that does not depend on its input: outputs, texts, tables that grow. */
    private static final long FREE = 64 << 10;

    /** A Ping of 32 bytes makes a Pong with its buffer, page and output. */
    private static final long PER_BYTE = 64;

    /** Code that runs for the first time is linked then, which takes memory once, but never this much. */
    private static final long LINKING = 1 << 20;

    private static final int FIRST_TIMES_MOST = 400;

    private static int firstTimes;

    private long before;
    private long most;

    public void begin() {
        before = THREADS.getCurrentThreadAllocatedBytes();
    }

    /** The step that was given so many bytes has ended. */
    public void end(long bytes) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        long allowed = FREE + PER_BYTE * bytes;
        if (allocated > allowed && (allocated > allowed + LINKING || ++firstTimes > FIRST_TIMES_MOST)) {
            throw new AssertionError("R1: " + allocated + " bytes were allocated in a step that was given " + bytes);
        }
        most = Math.max(most, allocated);
    }

    public long most() {
        return most;
    }
}
