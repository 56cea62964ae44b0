package dst.sim;

import dst.protocol.Access;
import dst.protocol.ClientSettings;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.ServerSettings;
import dst.protocol.Terms;
import dst.protocol.fault.Fault;
import dst.protocol.trace.Layer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run, explicit and printable: a world's make, every operation and every fault. A run is a function of the code and this.
 * Whatever is not written here (each delay, each split) is drawn from the seed and a stable name, so that removing one line
 * changes nobody else's luck.
 *
 * @param disks with what is exported of them; a disk that several nodes have is one that two servers believe to have alone, an
 *     assumption that is broken on purpose
 * @param paths what links lead over; any number of nodes may share one
 * @param standing what of the make is itself a fault that is asked for
 * @param healAt from here on no fault strikes and those that last are lifted; operations may still follow
 * @param settleWithin how long after healing and the last operation everything has to be settled (G6)
 */
public record Plan(
        String scenario,
        long seed,
        List<NodePlan> nodes,
        List<DiskPlan> disks,
        List<PathPlan> paths,
        List<OperationPlan> operations,
        List<Fault> faults,
        List<Standing> standing,
        long healAt,
        long settleWithin) {
    public Plan {
        if (nodes.isEmpty() || disks.isEmpty() || paths.isEmpty()) {
            throw new IllegalArgumentException("a world needs a node, a disk and a path");
        }
        nodes = List.copyOf(nodes);
        disks = List.copyOf(disks);
        paths = List.copyOf(paths);
        standing = List.copyOf(standing);
        checkDisks(disks);
        checkNodes(nodes, names(disks, DiskPlan::name, "disks"), paths);
        checkAsked(nodes, operations);
    }

    /** One of whose make nothing is a fault. */
    public Plan(
            String scenario,
            long seed,
            List<NodePlan> nodes,
            List<DiskPlan> disks,
            List<PathPlan> paths,
            List<OperationPlan> operations,
            List<Fault> faults,
            long healAt,
            long settleWithin) {
        this(scenario, seed, nodes, disks, paths, operations, faults, List.of(), healAt, settleWithin);
    }

    private static <T> Set<String> names(List<T> all, Function<T, String> nameOf, String what) {
        Set<String> names = new TreeSet<>();
        for (T one : all) {
            String name = nameOf.apply(one);
            if (!names.add(name)) {
                throw new IllegalArgumentException("two " + what + " have the name " + name);
            }
        }
        return names;
    }

    private static void checkNodes(List<NodePlan> nodes, Set<String> disks, List<PathPlan> paths) {
        Set<String> names = names(nodes, NodePlan::name, "nodes");
        Set<String> ways = names(paths, PathPlan::name, "paths");
        for (NodePlan node : nodes) {
            for (WayPlan way : node.ways) {
                if (!names.contains(way.to) || !ways.contains(way.path)) {
                    throw new IllegalArgumentException(node.name + " has a way to " + way.to + " over " + way.path
                            + ", and there is no such thing");
                }
            }
            if (!disks.containsAll(node.disks)) {
                throw new IllegalArgumentException(
                        node.name + " has the disks " + node.disks + ", and there are " + disks);
            }
        }
    }

    private static void checkAsked(List<NodePlan> nodes, List<OperationPlan> operations) {
        Set<String> askable = new TreeSet<>();
        for (NodePlan node : nodes) {
            if (!node.isA(Layer.SERVER)) {
                askable.add(node.name);
            }
        }
        String known = "";
        for (OperationPlan operation : operations) {
            // Mostly it is the one of the operation before.
            if (!operation.node.equals(known) && !askable.contains(operation.node)) {
                throw new IllegalArgumentException("operation " + operation.tag + " is for the node " + operation.node
                        + ", and only " + askable + " can be asked");
            }
            known = operation.node;
        }
    }

    private static void checkDisks(List<DiskPlan> disks) {
        int blockSize = disks.getFirst().blockSize();
        for (DiskPlan disk : disks) {
            for (ExportPlan one : disk.exports) {
                if (one.device().blockSize() != blockSize) {
                    throw new IllegalArgumentException("exports on one disk, and all disks, have blocks of one size");
                }
                for (ExportPlan other : disk.exports) {
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
    }

    public Plan withNodes(List<NodePlan> others) {
        return new Plan(scenario, seed, others, disks, paths, operations, faults, standing, healAt, settleWithin);
    }

    public Plan withDisks(List<DiskPlan> others) {
        return new Plan(scenario, seed, nodes, others, paths, operations, faults, standing, healAt, settleWithin);
    }

    public Plan withPaths(List<PathPlan> others) {
        return new Plan(scenario, seed, nodes, disks, others, operations, faults, standing, healAt, settleWithin);
    }

    public Plan withOperations(List<OperationPlan> others) {
        return new Plan(scenario, seed, nodes, disks, paths, others, faults, standing, healAt, settleWithin);
    }

    public Plan withFaults(List<Fault> others) {
        return new Plan(scenario, seed, nodes, disks, paths, operations, others, standing, healAt, settleWithin);
    }

    /** Whether anything that goes wrong is asked for. */
    public boolean asksForFaults() {
        return !faults.isEmpty() || !standing.isEmpty();
    }

    /** What the n-th of its kind is called if nobody says otherwise, 0 the first: {@code client}, {@code client-2}. */
    public static String usualName(String kind, int n) {
        return n == 0 ? kind : kind + "-" + (n + 1);
    }

    /** Null if there is none of that name. */
    public @Nullable NodePlan node(String name) {
        for (NodePlan node : nodes) {
            if (node.name.equals(name)) {
                return node;
            }
        }
        return null;
    }

    public DiskPlan disk(String name) {
        return disks.stream().filter(disk -> disk.name.equals(name)).findFirst().orElseThrow();
    }

    /** Whether the program of a node keeps to the protocol: of one that is up to no good nothing is demanded, until the healing. */
    public boolean isHonest(String name) {
        NodePlan node = node(name);
        return node == null || node.host.isHonest();
    }

    /** The block size of everything. */
    public int blockSize() {
        return disks.getFirst().blockSize();
    }

    /**
     * One node.
     *
     * @param kind what it is, by the name of its kind; what runs there is made of that and the settings
     * @param startAt when its process starts for the first time
     * @param ways where its links lead: slot n takes the n-th, or begins anew; empty: it opens none
     * @param disks those that it has, by their names; to its machine they are numbers, 0 the first
     * @param buffers how many of its submitter's write buffers may be with the machine at once; whatever comes after that waits in
     *     order; 0: as many as it likes
     */
    public record NodePlan(
            String name,
            String kind,
            HostPlan host,
            Record settings,
            long startAt,
            List<WayPlan> ways,
            List<String> disks,
            int buffers) {
        public NodePlan {
            ways = List.copyOf(ways);
            disks = List.copyOf(disks);
        }

        public static NodePlan client(
                String name, HostPlan host, ClientSettings settings, long startAt, List<WayPlan> ways, int buffers) {
            return new NodePlan(name, Layer.CLIENT, host, settings, startAt, ways, List.of(), buffers);
        }

        public static NodePlan server(String name, HostPlan host, ServerSettings settings, List<String> disks) {
            return new NodePlan(name, Layer.SERVER, host, settings, 0, List.of(), disks, 0);
        }

        public NodePlan called(String other) {
            return new NodePlan(other, kind, host, settings, startAt, ways, disks, buffers);
        }

        public boolean isA(String otherKind) {
            return kind.equals(otherKind);
        }

        public NodePlan with(HostPlan other) {
            return new NodePlan(name, kind, other, settings, startAt, ways, disks, buffers);
        }

        public NodePlan with(Record others) {
            return new NodePlan(name, kind, host, others, startAt, ways, disks, buffers);
        }

        public NodePlan with(List<WayPlan> others) {
            return new NodePlan(name, kind, host, settings, startAt, others, disks, buffers);
        }

        public NodePlan withDisks(List<String> others) {
            return new NodePlan(name, kind, host, settings, startAt, ways, others, buffers);
        }

        public NodePlan with(long start, int bufferCount) {
            return new NodePlan(name, kind, host, settings, start, ways, disks, bufferCount);
        }
    }

    /** Where links lead: to that node, over that path. */
    public record WayPlan(String to, String path) {}

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

        public ExportPlan with(Terms others) {
            return new ExportPlan(name, start, device, others, shared, access);
        }

        public ExportPlan with(Access other) {
            return new ExportPlan(name, start, device, terms, shared, other);
        }
    }

    /**
     * A disk, and what is exported of it by whoever has it. How long each operation takes is drawn in between; size and block size
     * are those of the exported devices.
     *
     * @param exports the first one is the one that faults of the configuration change
     */
    public record DiskPlan(
            String name,
            long latencyNanosMin,
            long latencyNanosMax,
            long flushNanosMin,
            long flushNanosMax,
            List<ExportPlan> exports) {
        public DiskPlan {
            if (exports.isEmpty()) {
                throw new IllegalArgumentException("nothing is exported of " + name);
            }
            exports = List.copyOf(exports);
        }

        public int blockSize() {
            return exports.getFirst().device().blockSize();
        }

        /** One that takes no time. */
        public static DiskPlan of(String name, List<ExportPlan> exports) {
            return new DiskPlan(name, 0, 0, 0, 0, exports);
        }

        public DiskPlan called(String other) {
            return new DiskPlan(other, latencyNanosMin, latencyNanosMax, flushNanosMin, flushNanosMax, exports);
        }

        public DiskPlan with(List<ExportPlan> others) {
            return new DiskPlan(name, latencyNanosMin, latencyNanosMax, flushNanosMin, flushNanosMax, others);
        }

        public DiskPlan withLatency(long min, long max) {
            return new DiskPlan(name, min, max, flushNanosMin, flushNanosMax, exports);
        }

        public DiskPlan withFlush(long min, long max) {
            return new DiskPlan(name, latencyNanosMin, latencyNanosMax, min, max, exports);
        }
    }

    /**
     * A link's delay each way, drawn in between; bytes per second (0: unlimited); the largest piece that arrives at once; and how
     * many bytes each way the two kernels hold that the peer's process has not received (0: as many as there are, and what is
     * sent leaves its process as it arrives).
     */
    public record PathPlan(
            String name, long delayNanosMin, long delayNanosMax, long bytesPerSecond, int splitMax, int bufferBytes) {
        /** One in which nothing takes time and nothing is cut. */
        public static PathPlan called(String name) {
            return new PathPlan(name, 0, 0, 0, Integer.MAX_VALUE, 0);
        }

        public PathPlan withDelay(long min, long max) {
            return new PathPlan(name, min, max, bytesPerSecond, splitMax, bufferBytes);
        }
    }

    /**
     * One operation that is submitted to a node: {@code at} nanoseconds after the start or, if {@code after} names an
     * earlier one's tag, that long after it has settled. Tags are positive and unique. A write's content is its stamp (see
     * {@code Stamp}).
     */
    public record OperationPlan(
            long tag, String node, long at, long after, Kind kind, long offset, int length, boolean durable) {
        public static final long NOTHING = 0;
    }
}
