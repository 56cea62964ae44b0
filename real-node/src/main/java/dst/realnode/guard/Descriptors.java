package dst.realnode.guard;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files and sockets the kernel lets this process have at once. */
public final class Descriptors {
    /** For disks, their state, the operator, and this process itself. */
    private static final int RESERVE = 160;

    private static final int LEAST = 16;

    private Descriptors() {}

    /** So many connections leave enough for everything else (R7). */
    public static int forConnections() {
        long most = Integer.MAX_VALUE;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            most = Math.min(most, system.getMaxFileDescriptorCount());
        }
        return (int) Math.max(LEAST, most - RESERVE);
    }
}
