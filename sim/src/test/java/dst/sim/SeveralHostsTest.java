package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.DiskPort;
import dst.protocol.DiskResult;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machines;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.fault.Target;
import dst.protocol.trace.Digest;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Stamp;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import dst.sim.Counts.Item;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.OperationPlan;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Several clients, exports and servers in one world: each lives its own life, and what they share they share. */
class SeveralHostsTest {
    private static final Tap NOBODY = (now, layer, value) -> {};
    private static final List<String> NAMES = List.of("one", "two", "three");

    private static OperationPlan write(long tag, int client, long at, long after) {
        return new OperationPlan(
                tag, Plan.usualName(Plans.CLIENT, client), at, after, Kind.WRITE, 0, Plans.BLOCK, true);
    }

    /** Three clients, each on an export of its own. */
    private static Plan apart(long seed, int operations, List<Fault> faults) {
        List<NodePlan> clients = new ArrayList<>();
        List<ExportPlan> exports = new ArrayList<>();
        List<OperationPlan> all = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            clients.add(Plans.startingAt(Plans.client(NAMES.get(i)), i * Plans.SECOND));
            exports.add(Plans.export(NAMES.get(i), i * Plans.SIZE));
            all.addAll(Plans.forClient(i, Plans.operations(seed + i, operations), i * 1000L));
        }
        return Plans.world(seed, clients, List.of(Plans.server(Machines.PRESENT)), exports, all, faults);
    }

    /** Two clients on one export, the second of which comes later and takes it. */
    private static Plan takeover(long seed, List<OperationPlan> operations, List<Fault> faults) {
        return Plans.world(
                seed,
                List.of(Plans.client(Plans.EXPORT), Plans.startingAt(Plans.client(Plans.EXPORT), 5 * Plans.SECOND)),
                List.of(Plans.server(Machines.PRESENT)),
                List.of(Plans.export(Plans.EXPORT, 0)),
                operations,
                faults);
    }

    /** What each operation came to, by its tag, and what the media held. */
    private static final class Watched implements Tap {
        private final TreeMap<Long, Outcome> outcomes = new TreeMap<>();
        private final TreeMap<Long, Long> settledAt = new TreeMap<>();
        private final TreeMap<Long, String> submittedTo = new TreeMap<>();
        private final TreeMap<Long, Long> media = new TreeMap<>();

        @Override
        public void saw(long now, Layer layer, Object value) {
            switch (value) {
                case BlockPort.Submit(long tag, var _) -> submittedTo.put(tag, layer.node());
                case BlockPort.Completed(long tag, Outcome outcome) -> {
                    outcomes.put(tag, outcome);
                    settledAt.put(tag, now);
                }
                case WorldEvent.MediaHolds(int _, long offset, byte[] content) ->
                    media.put(
                            offset,
                            Stamp.read(Unpooled.wrappedBuffer(content), 0, content.length, offset)
                                    .tag());
                default -> {}
            }
        }
    }

    @Test
    void clientsOnExportsOfTheirOwnDoNotSeeEachOther() {
        Watched watched = new Watched();
        Run run = new World(apart(1, 60, List.of()), Plans.HONEST, watched).run();
        assertEquals(List.of(), run.findings());
        assertEquals(180, watched.outcomes.size());
        assertTrue(watched.outcomes.values().stream().allMatch(Outcome.Done.class::isInstance));
        watched.submittedTo.forEach(
                (tag, node) -> assertEquals(Plan.usualName(Plans.CLIENT, (int) (tag / 1000)), node));
        watched.media.forEach((offset, tag) ->
                assertTrue(tag == 0 || tag / 1000 == offset / Plans.SIZE, "operation " + tag + " wrote at " + offset));
        assertEquals(3, run.counts().total(Item.EPOCHS));
        assertEquals(0, run.counts().total(Item.TAKEOVERS));
    }

    @Test
    void oneWhoTakesAnExportEndsTheOthersDevice() {
        List<OperationPlan> operations =
                List.of(write(1, 0, 0, 0), write(2, 1, 6 * Plans.SECOND, 0), write(3, 0, 8 * Plans.SECOND, 0));
        Watched watched = new Watched();
        Run run = new World(takeover(1, operations, List.of()), Plans.HONEST, watched).run();
        assertEquals(List.of(), run.findings());
        assertEquals(2, run.counts().total(Item.EPOCHS));
        assertEquals(1, run.counts().total(Item.TAKEOVERS));
        assertEquals(1, run.counts().total(Item.DEVICES_REPLACED));
        assertTrue(watched.outcomes.get(2L) instanceof Outcome.Done);
        assertTrue(watched.outcomes.get(3L) instanceof Outcome.Refused(Problem problem, String _)
                && problem == Problem.DEVICE_FAILED);
        assertEquals(2, watched.media.get(0L));
    }

    @Test
    void operationFollowsOneOfAnotherClientHoweverThatEnds() {
        List<OperationPlan> operations =
                List.of(write(1, 0, Plans.SECOND, 0), write(2, 1, Plans.SECOND, 1), write(3, 1, 2 * Plans.SECOND, 1));
        Watched watched = new Watched();
        Plan plan = apart(1, 0, List.of());
        plan = Plans.again(plan, operations, List.of());
        new World(plan, Plans.HONEST, watched).run();
        assertEquals(3, watched.outcomes.size());
        assertTrue(watched.settledAt.get(2L) >= watched.settledAt.get(1L) + Plans.SECOND);
        // The first one is lost with its process, which never comes back before the healing.
        Fault crash = new Fault(new When.AtDiskWrite(1), new Strike.Crash(Fault.FOR_GOOD), Target.CLIENT);
        plan = Plans.again(plan, operations, List.of(crash));
        Run run = new World(plan, Plans.HONEST, watched).run();
        assertEquals(List.of(), run.findings());
        assertEquals(1, run.counts().total(Item.LOST));
        assertEquals(3, run.counts().total(Item.SUBMITTED));
    }

    @Test
    void aFaultHitsTheNodeThatItNames() {
        List<Long> startsOfSecond = new ArrayList<>();
        Fault crash =
                new Fault(new When.At(4 * Plans.SECOND), new Strike.Crash(Plans.SECOND), new Target.Node("client-2"));
        Fault pause =
                new Fault(new When.At(6 * Plans.SECOND), new Strike.Pause(Plans.SECOND), new Target.Node("client-3"));
        Fault missed = new Fault(
                new When.At(6 * Plans.SECOND), new Strike.ClockJump(Plans.SECOND), new Target.Node("server-2"));
        Run run = new World(apart(1, 10, List.of(crash, pause, missed)), Plans.HONEST, (now, layer, value) -> {
                    if (value instanceof WorldEvent.ProcessStarted
                            && layer.node().equals("client-2")) {
                        startsOfSecond.add(now);
                    }
                })
                .run();
        assertEquals(List.of(), run.findings());
        assertEquals(List.of(Plans.SECOND, 5 * Plans.SECOND), startsOfSecond);
        assertEquals(Map.of("crash", 1L, "pause", 1L), run.counts().struck());
        assertEquals(Map.of("clock-jump", 1L), run.counts().missed());
    }

    @Test
    void samePlanOfSeveralClientsGivesTheSameValues() {
        TreeSet<Long> digests = new TreeSet<>();
        for (long seed = 1; seed <= 20; seed++) {
            Plan apart = apart(seed, 20, Plans.faults(seed, 8, true));
            assertEquals(digest(apart), digest(apart), "seed " + seed);
            List<OperationPlan> operations = new ArrayList<>(Plans.operations(seed, 20));
            operations.addAll(Plans.forClient(1, Plans.operations(seed + 100, 20), 1000));
            Plan takeover = takeover(seed, operations, Plans.faults(seed, 8, true));
            assertEquals(digest(takeover), digest(takeover), "seed " + seed);
            digests.add(digest(takeover));
        }
        assertEquals(20, digests.size());
    }

    private static long digest(Plan plan) {
        Digest digest = new Digest();
        Run run = new World(plan, Plans.HONEST, digest).run();
        assertEquals(List.of(), run.findings());
        return digest.value();
    }

    /** Two servers with the same disk, and a client at each. */
    private static Plan twoServers(List<OperationPlan> operations, List<Fault> faults) {
        NodePlan other = Plans.startingAt(Plans.client(Plans.EXPORT), 2 * Plans.SECOND);
        return Plans.world(
                1,
                List.of(Plans.client(Plans.EXPORT), Plans.connectingTo("server-2", other)),
                List.of(Plans.server(Machines.PRESENT), Plans.server(Machines.PRESENT)),
                List.of(Plans.export(Plans.EXPORT, 0)),
                operations,
                faults);
    }

    @Test
    void twoServersOnOneDiskEachBelieveThatTheyHaveIt() {
        List<OperationPlan> operations = List.of(
                write(1, 0, Plans.SECOND, 0),
                write(2, 1, 3 * Plans.SECOND, 0),
                new OperationPlan(3, Plans.CLIENT, 4 * Plans.SECOND, 0, Kind.READ, 0, Plans.BLOCK, false));
        Watched watched = new Watched();
        List<Long> read = new ArrayList<>();
        Run run = new World(twoServers(operations, List.of()), Plans.HONEST, (now, layer, value) -> {
                    watched.saw(now, layer, value);
                    if (value instanceof BlockPort.Completed(long tag, Outcome.Done(var data)) && tag == 3) {
                        read.add(Stamp.read(data, data.readerIndex(), Plans.BLOCK, 0)
                                .tag());
                    }
                })
                .run();
        assertEquals(List.of(), run.findings());
        // The first server's client holds its epoch all the time, and reads what somebody else wrote.
        assertEquals(List.of(2L), read);
        assertEquals(0, run.counts().total(Item.TAKEOVERS));
        assertEquals(2, run.counts().total(Item.EPOCHS));
        assertEquals(1, run.counts().struck().get(Storage.TWO_SERVERS));
    }

    @Test
    void bothServersOfADiskLosePowerTogetherAndCrashAlone() {
        TreeMap<String, List<Class<?>>> ends = new TreeMap<>();
        Tap tap = (now, layer, value) -> {
            if (value instanceof WorldEvent.PowerCut || value instanceof WorldEvent.ProcessCrashed) {
                ends.computeIfAbsent(layer.node(), unused -> new ArrayList<>()).add(value.getClass());
            }
        };
        List<OperationPlan> operations = new ArrayList<>(Plans.operations(1, 40));
        operations.addAll(Plans.forClient(1, Plans.operations(2, 40), 1000));
        Fault cut = new Fault(new When.At(4 * Plans.SECOND), new Strike.PowerCut(Plans.SECOND));
        Fault crash =
                new Fault(new When.At(8 * Plans.SECOND), new Strike.Crash(Plans.SECOND), new Target.Node("server-2"));
        Run run = new World(twoServers(operations, List.of(cut, crash)), Plans.HONEST, tap).run();
        assertEquals(List.of(), run.findings());
        assertEquals(List.of(WorldEvent.PowerCut.class), ends.get("server"));
        assertEquals(List.of(WorldEvent.PowerCut.class, WorldEvent.ProcessCrashed.class), ends.get("server-2"));
    }

    @Test
    void eachClientIsDetachedWhenItsOwnWorkIsOverAndNotBefore() {
        TreeMap<String, Long> asked = new TreeMap<>();
        List<OperationPlan> operations = List.of(
                write(1, 0, Plans.SECOND, 0), write(2, 1, 50 * Plans.SECOND, 0), write(3, 2, 30 * Plans.SECOND, 0));
        Plan plan = apart(1, 0, List.of());
        plan = Plans.again(plan, operations, List.of());
        Run run = new World(plan, Plans.HONEST, (now, layer, value) -> {
                    if (value instanceof ClientControl.Detach) {
                        asked.put(layer.node(), now / Plans.SECOND);
                    }
                })
                .run();
        assertEquals(List.of(), run.findings());
        assertEquals(Map.of("client", 20L, "client-2", 50L, "client-3", 30L), asked);
    }

    @Test
    void principalOfALinkIsTheClientsNode() {
        TreeSet<String> principals = new TreeSet<>();
        new World(apart(1, 1, List.of()), Plans.HONEST, (now, layer, value) -> {
                    if (value instanceof LinkPort.Accepted opened) {
                        principals.add(opened.principal());
                    }
                })
                .run();
        assertEquals(new TreeSet<>(List.of("client", "client-2", "client-3")), principals);
    }

    @Test
    void operationForAClientThatThereIsNotIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Plans.of(1, List.of(write(1, 1, 0, 0)), List.of()));
        assertEquals("operation 1 is for the node client-2, and only [client] can be asked", refused.getMessage());
    }

    /** Two servers with disks of their own, and a client at each. */
    private static Plan twoDisks(List<OperationPlan> operations, List<Fault> faults) {
        Plan plan = twoServers(operations, faults);
        List<ExportPlan> exports = List.of(Plans.export(Plans.EXPORT, 0));
        List<NodePlan> nodes = new ArrayList<>(plan.nodes());
        nodes.set(nodes.size() - 1, nodes.getLast().withDisks(List.of("disk-2")));
        // A plan is checked as it is made: the disk is there before somebody has it.
        return plan.withDisks(List.of(Plans.disk(Plans.DISK, exports), Plans.disk("disk-2", exports)))
                .withNodes(nodes);
    }

    @Test
    void serversWithDisksOfTheirOwnShareNothing() {
        List<OperationPlan> operations = List.of(
                write(1, 0, Plans.SECOND, 0),
                write(2, 1, 3 * Plans.SECOND, 0),
                new OperationPlan(3, Plans.CLIENT, 4 * Plans.SECOND, 0, Kind.READ, 0, Plans.BLOCK, false));
        List<Long> read = new ArrayList<>();
        TreeMap<String, Long> held = new TreeMap<>();
        Run run = new World(twoDisks(operations, List.of()), Plans.HONEST, (now, layer, value) -> {
                    if (value instanceof BlockPort.Completed(long tag, Outcome.Done(var data)) && tag == 3) {
                        read.add(Stamp.read(data, data.readerIndex(), Plans.BLOCK, 0)
                                .tag());
                    } else if (value instanceof WorldEvent.MediaHolds(int _, long _, byte[] content)) {
                        held.put(
                                layer.node(),
                                Stamp.read(Unpooled.wrappedBuffer(content), 0, Plans.BLOCK, 0)
                                        .tag());
                    }
                })
                .run();
        assertEquals(List.of(), run.findings());
        assertEquals(List.of(1L), read);
        assertEquals(Map.of("server", 1L, "server-2", 2L), held);
        assertEquals(Map.of(), run.counts().struck());
    }

    /** Where a fault has a target, nothing else is hit. */
    @Test
    void oneOfTwoLosesPowerItsDiskFailsAndItsLinksBreak() {
        TreeMap<String, List<String>> hit = new TreeMap<>();
        Tap tap = (now, layer, value) -> {
            if (value instanceof WorldEvent.PowerCut || value instanceof LinkPort.Closed) {
                hit.computeIfAbsent(layer.node(), _ -> new ArrayList<>())
                        .add(value.getClass().getSimpleName());
            } else if (value instanceof DiskPort.Ended(int _, long _, DiskResult.Failed _)) {
                hit.computeIfAbsent(layer.node(), _ -> new ArrayList<>()).add("failed");
            }
        };
        List<OperationPlan> operations = new ArrayList<>(Plans.operations(1, 40));
        operations.addAll(Plans.forClient(1, Plans.operations(2, 40), 1000));
        Target second = new Target.Node("server-2");
        List<Fault> faults = List.of(
                new Fault(new When.At(4 * Plans.SECOND), new Strike.PowerCut(Plans.SECOND), second),
                new Fault(new When.At(8 * Plans.SECOND), new Strike.Cut(), new Target.Node("client-2")),
                new Fault(new When.At(9 * Plans.SECOND), new Strike.ReadError(1), new Target.Disk("disk-2")),
                new Fault(new When.At(9 * Plans.SECOND), new Strike.WriteError(1), new Target.Disk("disk-3")));
        Run run = new World(twoDisks(operations, faults), Plans.HONEST, tap).run();
        assertEquals(List.of(), run.findings());
        assertEquals(Map.of("write-error", 1L), run.counts().missed());
        assertEquals(
                Map.of("power-cut", 1L, "cut", 1L, "read-error", 1L),
                run.counts().struck());
        assertTrue(hit.get("server-2").containsAll(List.of("PowerCut", "failed")), hit::toString);
        assertEquals(Set.of("client-2", "server-2"), hit.keySet());
    }
}
