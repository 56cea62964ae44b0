package dst.realnode.guard;

import com.sun.management.OperatingSystemMXBean;
import dst.realnode.Amounts;
import dst.realnode.WrongInput;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;

/** What this process may use for the contents that it has under way for others, on this machine (R7). */
public final class ProcessMemory {
    /** The largest payload has room in it. */
    private static final long LEAST = 64L << 20;

    /** More under way makes nothing faster. */
    private static final long MOST = 1L << 30;

    private ProcessMemory() {}

    /** What {@code --memory} says, or what fits here. */
    public static long budget(String text) {
        long bytes = Amounts.byteCount(text);
        if (bytes < LEAST) {
            throw new WrongInput("--memory is at least " + Amounts.bytes(LEAST)
                    + ", so that the largest write has room, not " + text);
        }
        checkFits("--memory " + Amounts.bytes(bytes), bytes);
        return bytes;
    }

    /** A part of what the machine, its container or this process has, whichever is least. */
    public static long usualBudget() {
        return usualBudget(machine(), forBuffers());
    }

    static long usualBudget(long machine, long forBuffers) {
        return Math.clamp(Math.min(machine / 16, forBuffers / 4), Math.min(LEAST, forBuffers / 2), MOST);
    }

    /** Fails if there is not so much; what the kernel hands over and what is on its way out needs some as well. */
    public static void checkFits(String what, long bytes) {
        long most = forBuffers() / 4 * 3;
        if (bytes > most) {
            throw new WrongInput(what + " does not fit in the memory of this process: " + Amounts.bytes(most)
                    + " of its buffers can be used for that. Say less, or give it more: the environment variable"
                    + " DST_JAVA_OPTIONS=-XX:MaxDirectMemorySize=SIZE");
        }
    }

    private static long forBuffers() {
        return PlatformDependent.maxDirectMemory();
    }

    /** A container's limit counts as the machine's memory. */
    private static long machine() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Long.MAX_VALUE;
    }
}
