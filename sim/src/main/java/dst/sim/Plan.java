package dst.sim;

import dst.protocol.Access;
import dst.protocol.ClientSettings;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.ServerSettings;
import dst.protocol.Terms;
import dst.protocol.fault.Fault;
import java.util.List;

/**
 * One run, explicit and printable: a world's make, every operation and every fault. A run is a function of the code and this.
 * Whatever is not written here (each delay, each split) is drawn from the seed and a stable name, so that removing one line
 * changes nobody else's luck.
 *
 * @param servers mostly one; of several each has the same disk and believes to be alone, an assumption that is broken on purpose
 * @param exports what each server exports, all on one disk; the first one is the one that faults of the configuration change
 * @param paths the ways between a client and its server; a client's slot n takes the n-th, or begins anew
 * @param standing what of the make is itself a fault that is asked for
 * @param healAt from here on no fault strikes and those that last are lifted; operations may still follow
 * @param settleWithin how long after healing and the last operation everything has to be settled (G6)
 */
public record Plan(
        String scenario,
        long seed,
        List<ClientPlan> clients,
        List<ServerPlan> servers,
        List<ExportPlan> exports,
        DiskPlan disk,
        List<LinkPlan> paths,
        List<OperationPlan> operations,
        List<Fault> faults,
        List<Standing> standing,
        long healAt,
        long settleWithin) {
    public Plan {
        if (clients.isEmpty() || servers.isEmpty() || exports.isEmpty() || paths.isEmpty()) {
            throw new IllegalArgumentException("a world needs a client, a server, an export and a path");
        }
        checkDisk(exports);
        clients = List.copyOf(clients);
        servers = List.copyOf(servers);
        exports = List.copyOf(exports);
        paths = List.copyOf(paths);
        standing = List.copyOf(standing);
    }

    /** One of whose make nothing is a fault. */
    public Plan(
            String scenario,
            long seed,
            List<ClientPlan> clients,
            List<ServerPlan> servers,
            List<ExportPlan> exports,
            DiskPlan disk,
            List<LinkPlan> paths,
            List<OperationPlan> operations,
            List<Fault> faults,
            long healAt,
            long settleWithin) {
        this(
                scenario,
                seed,
                clients,
                servers,
                exports,
                disk,
                paths,
                operations,
                faults,
                List.of(),
                healAt,
                settleWithin);
    }

    private static void checkDisk(List<ExportPlan> exports) {
        for (ExportPlan one : exports) {
            if (one.device().blockSize() != exports.getFirst().device().blockSize()) {
                throw new IllegalArgumentException("exports on one disk have blocks of one size");
            }
            for (ExportPlan other : exports) {
                boolean ahead = one.start() <= other.start();
                if (!one.equals(other)
                        && ahead
                        && other.start() < one.start() + one.device().size()) {
                    throw new IllegalArgumentException(
                            "exports " + one.name() + " and " + other.name() + " share a part of the disk");
                }
            }
        }
    }

    public Plan withFaults(List<Fault> others) {
        return new Plan(
                scenario,
                seed,
                clients,
                servers,
                exports,
                disk,
                paths,
                operations,
                others,
                standing,
                healAt,
                settleWithin);
    }

    public Plan withOperations(List<OperationPlan> others) {
        return new Plan(
                scenario, seed, clients, servers, exports, disk, paths, others, faults, standing, healAt, settleWithin);
    }

    /** Whether anything that goes wrong is asked for. */
    public boolean asksForFaults() {
        return !faults.isEmpty() || !standing.isEmpty();
    }

    /** What traces and reports call a client, 0 the first. */
    public static String clientName(int client) {
        return client == 0 ? "client" : "client-" + (client + 1);
    }

    /** What traces and reports call a server, 0 the first. */
    public static String serverName(int server) {
        return server == 0 ? "server" : "server-" + (server + 1);
    }

    /** Whether the program of a node keeps to the protocol: of one that is up to no good nothing is demanded, until the healing. */
    public boolean isHonest(String node) {
        for (int i = 0; i < clients.size(); i++) {
            if (node.equals(clientName(i))) {
                return clients.get(i).host().isHonest();
            }
        }
        for (int i = 0; i < servers.size(); i++) {
            if (node.equals(serverName(i))) {
                return servers.get(i).host().isHonest();
            }
        }
        return true;
    }

    /** The block size of everything: all exports lie on one disk. */
    public int blockSize() {
        return exports.getFirst().device().blockSize();
    }

    /**
     * A host's page size in bytes, 512 to 65536, how many parts per million its clock runs fast, and the program that runs on it
     * (see {@code Machines.variant}).
     */
    public record HostPlan(int pageSize, int clockPpm, String program) {
        /** The present program, with NBD between a client and who submits to it. */
        public static final String ATTACHED = "attached";

        /** The program that keeps to nothing. */
        public static final String HOSTILE = "hostile";

        public boolean isHonest() {
            return !program.equals(HOSTILE);
        }
    }

    /**
     * One client.
     *
     * @param startAt when its process starts for the first time
     * @param server which server it connects to, 0 the first
     * @param buffers how many of its submitter's write buffers may be with the machine at once; whatever comes after that waits in
     *     order; 0: as many as it likes
     */
    public record ClientPlan(HostPlan host, ClientSettings settings, long startAt, int server, int buffers) {}

    public record ServerPlan(HostPlan host, ServerSettings settings) {}

    /** What a server exports under a name, from that place of the disk on; principals are the clients' node names. */
    public record ExportPlan(String name, long start, Device device, Terms terms, boolean shared, Access access) {
        public ExportPlan {
            if (shared && device.permission().writes()) {
                throw new IllegalArgumentException("export " + name + " cannot be shared and be written to");
            }
            if (start < 0 || start % device.blockSize() != 0) {
                throw new IllegalArgumentException("export " + name + " does not begin with a block");
            }
        }
    }

    /** How long each disk operation takes, drawn in between; size and block size are the exported device's. */
    public record DiskPlan(long latencyNanosMin, long latencyNanosMax, long flushNanosMin, long flushNanosMax) {}

    /**
     * A link's delay each way, drawn in between; bytes per second (0: unlimited); the largest piece that arrives at once; and how
     * many bytes each way the two kernels hold that the peer's process has not received (0: as many as there are, and what is
     * sent leaves its process as it arrives).
     */
    public record LinkPlan(
            long delayNanosMin, long delayNanosMax, long bytesPerSecond, int splitMax, int bufferBytes) {}

    /**
     * One operation of one client (0 the first): submitted {@code at} nanoseconds after the start or, if {@code after} names an
     * earlier one's tag, that long after it has settled. Tags are positive and unique. A write's content is its stamp (see
     * {@code Stamp}).
     */
    public record OperationPlan(
            long tag, int client, long at, long after, Kind kind, long offset, int length, boolean durable) {
        public static final long NOTHING = 0;
    }
}
