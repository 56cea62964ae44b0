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
import dst.protocol.fault.Fault.Node;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.server.Server;
import dst.sim.Plan.ClientPlan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.LinkPlan;
import dst.sim.Plan.OperationPlan;
import dst.sim.Plan.ServerPlan;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Plans for tests, each a function of its seed. */
final class Plans {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000_000_000L;
    static final int BLOCK = 512;
    static final String EXPORT = "disk";
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
                List.of(client(EXPORT)),
                List.of(server(Machines.PRESENT)),
                List.of(export(EXPORT, 0)),
                operations,
                faults);
    }

    static Plan world(
            long seed,
            List<ClientPlan> clients,
            List<ServerPlan> servers,
            List<ExportPlan> exports,
            List<OperationPlan> operations,
            List<Fault> faults) {
        return new Plan(
                "test",
                seed,
                clients,
                servers,
                exports,
                new DiskPlan(MILLI / 20, MILLI, MILLI, 5 * MILLI),
                List.of(new LinkPlan(MILLI / 10, MILLI, 0, 16 << 10, 0)),
                operations,
                faults,
                20 * SECOND,
                120 * SECOND);
    }

    static ClientPlan client(String export) {
        return new ClientPlan(new HostPlan(512, 0, Machines.PRESENT), ClientSettings.of(export), 0, 0, 0);
    }

    static ClientPlan startingAt(ClientPlan client, long at) {
        return new ClientPlan(client.host(), client.settings(), at, client.server(), client.buffers());
    }

    static ClientPlan running(ClientPlan client, String program) {
        HostPlan host = new HostPlan(client.host().pageSize(), client.host().clockPpm(), program);
        return new ClientPlan(host, client.settings(), client.startAt(), client.server(), client.buffers());
    }

    static ServerPlan server(String program) {
        return new ServerPlan(new HostPlan(4096, 0, program), ServerSettings.DEFAULT);
    }

    /** An export of its own identity at that place of the disk. */
    static ExportPlan export(String name, long start) {
        Device device = new Device(new Unique(7, 9 + start), SIZE, BLOCK, Permission.BOTH);
        return new ExportPlan(name, start, device, Terms.DEFAULT, false, Access.ofEverybody(Permission.BOTH));
    }

    static Plan with(Plan plan, HostPlan client, HostPlan server, LinkPlan link) {
        ClientPlan before = plan.clients().getFirst();
        return new Plan(
                plan.scenario(),
                plan.seed(),
                List.of(new ClientPlan(client, before.settings(), 0, 0, before.buffers())),
                List.of(new ServerPlan(server, ServerSettings.DEFAULT)),
                plan.exports(),
                plan.disk(),
                List.of(link),
                plan.operations(),
                plan.faults(),
                plan.healAt(),
                plan.settleWithin());
    }

    static Plan withPaths(Plan plan, List<LinkPlan> paths) {
        return new Plan(
                plan.scenario(),
                plan.seed(),
                plan.clients(),
                plan.servers(),
                plan.exports(),
                plan.disk(),
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
                        client,
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
                        case 0, 1, 2 -> new OperationPlan(tag, 0, at, after, Kind.READ, offset, length, false);
                        case 3 -> new OperationPlan(tag, 0, at, after, Kind.FLUSH, 0, 0, false);
                        case 4 -> new OperationPlan(tag, 0, at, after, Kind.TRIM, offset, length, false);
                        case 5 -> new OperationPlan(tag, 0, at, after, Kind.ZERO, offset, length, durable);
                        default -> new OperationPlan(tag, 0, at, after, Kind.WRITE, offset, length, durable);
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
            faults.add(new Fault(when, strike(draws, unsurvivable)));
        }
        return faults;
    }

    private static Direction direction(Prng draws) {
        return Direction.values()[(int) draws.below(3)];
    }

    private static Node node(Prng draws) {
        return draws.chance(1, 2) ? Node.CLIENT : Node.SERVER;
    }

    private static Strike strike(Prng draws, boolean unsurvivable) {
        long nanos = draws.chance(1, 10) ? Fault.FOR_GOOD : draws.below(3 * SECOND);
        int times = draws.chance(1, 10) ? Integer.MAX_VALUE : (int) draws.between(1, 3);
        return switch ((int) draws.below(unsurvivable ? 46 : 30)) {
            case 0 -> new Strike.Cut();
            case 1 -> new Strike.BlackHole(direction(draws), nanos);
            case 2 -> new Strike.Stall(direction(draws), nanos);
            case 3 -> new Strike.Delay(draws.below(SECOND), nanos);
            case 4 -> new Strike.Slow(draws.between(100, 100_000), nanos);
            case 5 -> new Strike.Split((int) draws.between(1, 64), nanos);
            case 6 -> new Strike.Refuse(nanos);
            case 7 -> new Strike.Flip(direction(draws));
            case 8 -> new Strike.CutLate(nanos);
            case 9 -> new Strike.Crash(node(draws), nanos);
            case 10 -> new Strike.PowerCut(nanos);
            case 11 -> new Strike.Pause(node(draws), nanos);
            case 12 -> new Strike.ClockJump(node(draws), nanos == Fault.FOR_GOOD ? SECOND : nanos);
            case 13 -> new Strike.ClockDrift(node(draws), (int) draws.between(-100_000, 100_000));
            case 14 -> new Strike.DiskSlow(draws.below(SECOND), nanos);
            case 15 -> new Strike.DiskStall(nanos);
            case 16 -> new Strike.ReadError(times);
            case 17 -> new Strike.WriteError(times);
            case 18 -> new Strike.FlushError(times);
            case 19 -> new Strike.ShortTransfer(times);
            case 20 -> new Strike.DiskFull(nanos);
            case 21 -> new Strike.Rebind();
            case 22 -> new Strike.MemoryExhausted(node(draws), nanos);
            case 23 -> new Strike.DiskLimit((int) draws.between(1, 4) * BLOCK, nanos);
            case 24 -> new Strike.Ciphers(draws.chance(1, 2) ? 0 : 8);
            case 25 -> new Strike.CutPath(0);
            case 26 -> new Strike.HolePath(0, direction(draws), nanos);
            case 27 -> new Strike.DelayPath(0, draws.below(SECOND), nanos);
            case 28 -> new Strike.StopClock(node(draws), nanos);
            case 29 -> new Strike.Restart(node(draws), draws.below(SECOND), nanos);
            case 30 -> new Strike.LyingFlush(nanos);
            case 31 -> new Strike.Misdirect();
            case 32 -> new Strike.LostWrite();
            case 33 -> new Strike.BitRot(draws.below(SIZE / BLOCK) * BLOCK);
            case 34 -> new Strike.OlderDisk();
            case 35 -> new Strike.Resize(draws.below(SIZE / BLOCK + 8) * BLOCK);
            case 36 -> new Strike.Permit(Permission.values()[(int) draws.below(4)]);
            case 37 -> new Strike.Checksums(draws.chance(1, 2) ? 0 : 8);
            case 38 -> new Strike.ReplaceDisk();
            case 39 -> new Strike.OlderState();
            case 40 -> new Strike.TornNeighbour();
            case 41 -> new Strike.Share();
            case 42 -> new Strike.BlockSize(BLOCK << draws.below(4));
            case 43 -> // No smaller than the largest block: nobody could agree on that.
                new Strike.Limits((int) draws.between(1, 16), 64 << 10, (int) draws.between(8, 16) * BLOCK);
            case 44 -> new Strike.Access(Node.CLIENT, Permission.values()[(int) draws.below(4)], nanos);
            default ->
                draws.chance(1, 2)
                        ? new Strike.RemoveExport(draws.below(3 * SECOND))
                        : new Strike.Detach(Node.CLIENT, draws.below(3 * SECOND));
        };
    }
}
