package dst.sim;

import dst.protocol.Access;
import dst.protocol.ClientSettings;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.ServerSettings;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.client.Client;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.fault.Target;
import dst.protocol.server.Server;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.OperationPlan;
import dst.sim.Plan.PathPlan;
import dst.sim.Plan.WayPlan;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plans for tests, each a function of its seed. */
final class Plans {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000_000_000L;
    static final int BLOCK = 512;
    static final String CLIENT = "client";
    static final String SERVER = "server";
    static final String EXPORT = "disk";
    static final String DISK = "disk";
    static final String PATH = "path";
    private static final Target CLIENT_LINKS = new Target.Node(CLIENT);
    private static final WayPlan TO_SERVER = new WayPlan(SERVER, PATH);
    static final long SIZE = 64 * BLOCK;
    static final Machines HONEST = new Machines() {
        @Override
        public Machine client(ClientSettings settings, ByteBufAllocator pages) {
            return new Client(settings, pages);
        }

        @Override
        public Machine server(ServerSettings settings, ByteBufAllocator pages) {
            return new Server(settings, pages);
        }
    };

    private Plans() {}

    /** A small world without operations or faults. */
    static Plan quiet(long seed) {
        return of(seed, List.of(), List.of());
    }

    static Plan of(long seed, List<OperationPlan> operations, List<Fault> faults) {
        return world(
                seed,
                List.of(client(EXPORT), server(Machines.PRESENT)),
                List.of(export(EXPORT, 0)),
                operations,
                faults);
    }

    static Plan world(
            long seed,
            List<NodePlan> nodes,
            List<ExportPlan> exports,
            List<OperationPlan> operations,
            List<Fault> faults) {
        return new Plan(
                "test",
                seed,
                named(nodes),
                List.of(disk(DISK, exports)),
                List.of(new PathPlan(PATH, MILLI / 10, MILLI, 0, 16 << 10, 0)),
                operations,
                faults,
                20 * SECOND,
                120 * SECOND);
    }

    static Plan world(
            long seed,
            List<NodePlan> clients,
            List<NodePlan> servers,
            List<ExportPlan> exports,
            List<OperationPlan> operations,
            List<Fault> faults) {
        List<NodePlan> nodes = new ArrayList<>(clients);
        nodes.addAll(servers);
        return world(seed, nodes, exports, operations, faults);
    }

    /** The same world with other things done in it. */
    static Plan again(Plan plan, List<OperationPlan> operations, List<Fault> faults) {
        return plan.withOperations(operations).withFaults(faults);
    }

    static DiskPlan disk(String name, List<ExportPlan> exports) {
        return new DiskPlan(name, MILLI / 20, MILLI, MILLI, 5 * MILLI, exports);
    }

    /** Each of a kind is called as the n-th of it. */
    private static List<NodePlan> named(List<NodePlan> nodes) {
        Map<String, Integer> counts = new TreeMap<>();
        List<NodePlan> named = new ArrayList<>();
        for (NodePlan one : nodes) {
            int n = counts.merge(one.kind(), 1, Integer::sum) - 1;
            named.add(new NodePlan(
                    Plan.usualName(one.kind(), n),
                    one.kind(),
                    one.host(),
                    one.settings(),
                    one.startAt(),
                    one.ways(),
                    one.disks(),
                    one.buffers()));
        }
        return named;
    }

    static NodePlan client(String export) {
        return NodePlan.client(
                CLIENT, new HostPlan(512, 0, Machines.PRESENT), ClientSettings.of(export), 0, List.of(TO_SERVER), 0);
    }

    static NodePlan startingAt(NodePlan client, long at) {
        return client.with(at, client.buffers());
    }

    static NodePlan running(NodePlan node, String program) {
        return node.with(new HostPlan(node.host().pageSize(), node.host().clockPpm(), program));
    }

    static NodePlan connectingTo(String server, NodePlan client) {
        return client.with(List.of(new WayPlan(server, PATH)));
    }

    static NodePlan server(String program) {
        return NodePlan.server(SERVER, new HostPlan(4096, 0, program), ServerSettings.DEFAULT, List.of(DISK));
    }

    /** An export of its own identity at that place of the disk. */
    static ExportPlan export(String name, long start) {
        Device device = new Device(new Unique(7, 9 + start), SIZE, BLOCK, Permission.BOTH);
        return new ExportPlan(name, start, device, Terms.DEFAULT, false, Access.ofEverybody(Permission.BOTH));
    }

    /** With the first export changed. */
    static Plan withExports(Plan plan, List<ExportPlan> exports) {
        return plan.withDisks(List.of(plan.disks().getFirst().with(exports)));
    }

    static Plan with(Plan plan, HostPlan client, HostPlan server, PathPlan path) {
        return withPaths(
                plan.withNodes(List.of(
                        plan.nodes().getFirst().with(client),
                        plan.nodes().getLast().with(server))),
                List.of(path));
    }

    /** A client's slots take them in turn; each has the usual name of its place. */
    static Plan withPaths(Plan plan, List<PathPlan> unnamed) {
        List<PathPlan> paths = new ArrayList<>();
        for (PathPlan one : unnamed) {
            paths.add(new PathPlan(
                    Plan.usualName(PATH, paths.size()),
                    one.delayNanosMin(),
                    one.delayNanosMax(),
                    one.bytesPerSecond(),
                    one.splitMax(),
                    one.bufferBytes()));
        }
        List<NodePlan> nodes = new ArrayList<>();
        for (NodePlan node : plan.nodes()) {
            List<WayPlan> ways = new ArrayList<>();
            if (!node.ways().isEmpty()) {
                paths.forEach(
                        path -> ways.add(new WayPlan(node.ways().getFirst().to(), path.name())));
            }
            nodes.add(node.with(ways));
        }
        return new Plan(
                plan.scenario(),
                plan.seed(),
                nodes,
                plan.disks(),
                paths,
                plan.operations(),
                plan.faults(),
                plan.healAt(),
                plan.settleWithin());
    }

    /** The same operations for another client, under tags of their own. */
    static List<OperationPlan> forClient(int client, List<OperationPlan> operations, long tagsFrom) {
        return operations.stream()
                .map(one -> new OperationPlan(
                        one.tag() + tagsFrom,
                        Plan.usualName(CLIENT, client),
                        one.at(),
                        one.after() == OperationPlan.NOTHING ? OperationPlan.NOTHING : one.after() + tagsFrom,
                        one.kind(),
                        one.offset(),
                        one.length(),
                        one.durable()))
                .toList();
    }

    /** So many operations of every kind at drawn times within the faults' phase. */
    static List<OperationPlan> operations(long seed, int count) {
        Prng draws = new Prng(seed).split("operations");
        List<OperationPlan> operations = new ArrayList<>();
        for (int tag = 1; tag <= count; tag++) {
            int kind = (int) draws.below(10);
            long blocks = draws.between(1, 8);
            long offset = draws.below(SIZE / BLOCK - blocks) * BLOCK;
            int length = (int) blocks * BLOCK;
            boolean durable = draws.chance(1, 5);
            boolean follows = tag > 1 && draws.chance(1, 2);
            long after = follows ? draws.between(Math.max(1, tag - 8), tag - 1) : OperationPlan.NOTHING;
            long at = follows ? draws.below(20 * MILLI) : draws.below(15 * SECOND);
            operations.add(
                    switch (kind) {
                        case 0, 1, 2 -> new OperationPlan(tag, CLIENT, at, after, Kind.READ, offset, length, false);
                        case 3 -> new OperationPlan(tag, CLIENT, at, after, Kind.FLUSH, 0, 0, false);
                        case 4 -> new OperationPlan(tag, CLIENT, at, after, Kind.TRIM, offset, length, false);
                        case 5 -> new OperationPlan(tag, CLIENT, at, after, Kind.ZERO, offset, length, durable);
                        default -> new OperationPlan(tag, CLIENT, at, after, Kind.WRITE, offset, length, durable);
                    });
        }
        return operations;
    }

    /** One fault of each kind that the protocol promises to survive, and of the others too if asked for. */
    static List<Fault> faults(long seed, int count, boolean unsurvivable) {
        Prng draws = new Prng(seed).split("faults");
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            When when = switch ((int) draws.below(5)) {
                case 0 -> new When.AtMessage(direction(draws), draws.between(1, 200));
                case 1 -> new When.AtDiskWrite(draws.between(1, 50));
                case 2 -> new When.AtRecord(draws.between(1, 4));
                default -> new When.At(draws.below(20 * SECOND));
            };
            faults.add(strike(draws, unsurvivable, when));
        }
        return faults;
    }

    private static Direction direction(Prng draws) {
        return Direction.values()[(int) draws.below(3)];
    }

    private static Target node(Prng draws) {
        return draws.chance(1, 2) ? Target.CLIENT : Target.SERVER;
    }

    private static Target path(Prng draws) {
        return draws.chance(1, 2) ? new Target.Path(PATH) : CLIENT_LINKS;
    }

    private static Fault strike(Prng draws, boolean unsurvivable, When when) {
        long nanos = draws.chance(1, 10) ? Fault.FOR_GOOD : draws.below(3 * SECOND);
        int times = draws.chance(1, 10) ? Integer.MAX_VALUE : (int) draws.between(1, 3);
        return switch ((int) draws.below(unsurvivable ? 46 : 30)) {
            case 0 -> new Fault(when, new Strike.Cut());
            case 1 -> new Fault(when, new Strike.BlackHole(direction(draws), nanos));
            case 2 -> new Fault(when, new Strike.Stall(direction(draws), nanos));
            case 3 -> new Fault(when, new Strike.Delay(draws.below(SECOND), nanos));
            case 4 -> new Fault(when, new Strike.Slow(draws.between(100, 100_000), nanos));
            case 5 -> new Fault(when, new Strike.Split((int) draws.between(1, 64), nanos));
            case 6 -> new Fault(when, new Strike.Refuse(nanos));
            case 7 -> new Fault(when, new Strike.Flip(direction(draws)));
            case 8 -> new Fault(when, new Strike.CutLate(nanos));
            case 9 -> new Fault(when, new Strike.Crash(nanos), node(draws));
            case 10 -> new Fault(when, new Strike.PowerCut(nanos));
            case 11 -> new Fault(when, new Strike.Pause(nanos), node(draws));
            case 12 -> new Fault(when, new Strike.ClockJump(nanos == Fault.FOR_GOOD ? SECOND : nanos), node(draws));
            case 13 -> new Fault(when, new Strike.ClockDrift((int) draws.between(-100_000, 100_000)), node(draws));
            case 14 -> new Fault(when, new Strike.DiskSlow(draws.below(SECOND), nanos));
            case 15 -> new Fault(when, new Strike.DiskStall(nanos));
            case 16 -> new Fault(when, new Strike.ReadError(times));
            case 17 -> new Fault(when, new Strike.WriteError(times));
            case 18 -> new Fault(when, new Strike.FlushError(times));
            case 19 -> new Fault(when, new Strike.ShortTransfer(times));
            case 20 -> new Fault(when, new Strike.DiskFull(nanos));
            case 21 -> new Fault(when, new Strike.Rebind());
            case 22 -> new Fault(when, new Strike.MemoryExhausted(nanos), node(draws));
            case 23 -> new Fault(when, new Strike.DiskLimit((int) draws.between(1, 4) * BLOCK, nanos));
            case 24 -> new Fault(when, new Strike.Ciphers(draws.chance(1, 2) ? 0 : 8));
            case 25 -> new Fault(when, new Strike.Cut(), path(draws));
            case 26 -> new Fault(when, new Strike.BlackHole(direction(draws), nanos), path(draws));
            case 27 -> new Fault(when, new Strike.Delay(draws.below(SECOND), nanos), path(draws));
            case 28 -> new Fault(when, new Strike.StopClock(nanos), node(draws));
            case 29 -> new Fault(when, new Strike.Restart(draws.below(SECOND), nanos), node(draws));
            case 30 -> new Fault(when, new Strike.LyingFlush(nanos));
            case 31 -> new Fault(when, new Strike.Misdirect());
            case 32 -> new Fault(when, new Strike.LostWrite());
            case 33 -> new Fault(when, new Strike.BitRot(draws.below(SIZE / BLOCK) * BLOCK));
            case 34 -> new Fault(when, new Strike.OlderDisk());
            case 35 -> new Fault(when, new Strike.Resize(draws.below(SIZE / BLOCK + 8) * BLOCK));
            case 36 -> new Fault(when, new Strike.Permit(Permission.values()[(int) draws.below(4)]));
            case 37 -> new Fault(when, new Strike.Checksums(draws.chance(1, 2) ? 0 : 8));
            case 38 -> new Fault(when, new Strike.ReplaceDisk());
            case 39 -> new Fault(when, new Strike.OlderState());
            case 40 -> new Fault(when, new Strike.TornNeighbour());
            case 41 -> new Fault(when, new Strike.Share());
            case 42 -> new Fault(when, new Strike.BlockSize(BLOCK << draws.below(4)));
            case 43 -> // No smaller than the largest block: nobody could agree on that.
                new Fault(
                        when,
                        new Strike.Limits((int) draws.between(1, 16), 64 << 10, (int) draws.between(8, 16) * BLOCK));
            case 44 ->
                new Fault(when, new Strike.Access(Permission.values()[(int) draws.below(4)], nanos), Target.CLIENT);
            default ->
                draws.chance(1, 2)
                        ? new Fault(when, new Strike.RemoveExport(draws.below(3 * SECOND)))
                        : new Fault(when, new Strike.Detach(draws.below(3 * SECOND)), Target.CLIENT);
        };
    }
}
