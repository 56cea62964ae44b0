package dst.realnode.guard;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files and sockets the kernel lets this process have at once. */
public final class Descriptors {
    /** For disks, their state, the operator, metrics, and this process itself. */
    private static final int RESERVE = 160;

    /** What an event loop needs for itself. */
    private static final int OF_A_LOOP = 4;

    private static final int LEAST = 16;

    /** Who was turned away has a descriptor until the connection is closed. */
    private static final int CLOSING = 16;

    private Descriptors() {}

    /** So many connections leave enough for everything else (R7). */
    public static int forConnections() {
        long most = Integer.MAX_VALUE;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            most = Math.min(most, system.getMaxFileDescriptorCount());
        }
        return (int) Math.max(
                LEAST, most - RESERVE - (long) OF_A_LOOP * Runtime.getRuntime().availableProcessors());
    }

    /** NBD connections, in a server that has links as well. */
    public static int forNbd() {
        return forConnections() - forLinks();
    }

    /** Links of the protocol. */
    public static int forLinks() {
        return Math.max(1, forConnections() / 4);
    }

    /** What one of so many listeners may have open of a share. */
    public static int ofEach(int share, int listeners) {
        return share / Math.max(1, listeners) + CLOSING;
    }
}
