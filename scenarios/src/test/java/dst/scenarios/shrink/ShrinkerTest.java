package dst.scenarios.shrink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Access;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.fault.FaultKind;
import dst.scenarios.trial.Parts;
import dst.sim.Plan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.OperationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Failures whose causes are known: exactly they have to be left. */
class ShrinkerTest {
    private static final long MILLI = 1_000_000;

    private static OperationPlan operation(long tag, long at, long after, Kind kind) {
        return new OperationPlan(
                tag, "client", at, after, kind, 4096 * tag, kind == Kind.FLUSH ? 0 : 1024, tag % 2 == 0);
    }

    /** Thirty operations, each third one in a chain, and ten faults. */
    private static Plan plan() {
        List<OperationPlan> operations = new ArrayList<>();
        for (long tag = 1; tag <= 30; tag++) {
            long after = tag % 3 == 0 ? tag - 1 : OperationPlan.NOTHING;
            operations.add(operation(tag, tag * 1_234_567, after, tag % 5 == 0 ? Kind.FLUSH : Kind.WRITE));
        }
        List<Fault> faults = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            faults.add(new Fault(
                    new When.At(i * 7_654_321L), i == 4 ? new Strike.PowerCut(33_333_333) : new Strike.Cut()));
        }
        return Worlds.ordinary(operations, faults);
    }

    private static Plan shrunk(Predicate<Plan> fails) {
        Shrinker.Shrunk shrunk = Shrinker.shrink(plan(), fails, () -> true, _ -> {});
        assertTrue(shrunk.whole());
        assertTrue(fails.test(shrunk.plan()), "it still fails");
        return shrunk.plan();
    }

    @Test
    void whatFollowedAnOperationOfANodeThatIsGoneFollowsNothing() {
        OperationPlan follower = new OperationPlan(2, "client-2", 5, 1, Kind.FLUSH, 0, 0, false);
        Plan plan = Worlds.twoClients(List.of(operation(1, 7, OperationPlan.NOTHING, Kind.WRITE), follower));

        Plan left = Parts.withoutNode(plan, Objects.requireNonNull(plan.node("client")))
                .orElseThrow();

        assertEquals(
                List.of(new OperationPlan(2, "client-2", 12, OperationPlan.NOTHING, Kind.FLUSH, 0, 0, false)),
                left.operations());
    }

    private static boolean has(Plan plan, long offset) {
        return plan.operations().stream().anyMatch(one -> one.offset() == offset);
    }

    private static boolean cutsPower(Plan plan) {
        return plan.faults().stream().anyMatch(fault -> fault.kind().equals("power-cut"));
    }

    @Test
    void leavesWhatIsNeededAndNothingElse() {
        Plan small = shrunk(plan -> has(plan, 4096 * 7) && has(plan, 4096 * 21) && cutsPower(plan));
        assertEquals(2, small.operations().size());
        assertEquals(1, small.faults().size());
        assertEquals(
                List.of(1L, 2L),
                small.operations().stream().map(OperationPlan::tag).toList(),
                "counted anew");
    }

    @Test
    void leavesOutTwoThatNeedEachOther() {
        // Either both of these or none of them: no single one can go.
        Plan small = shrunk(plan -> has(plan, 4096 * 7) && has(plan, 4096 * 8) == has(plan, 4096 * 9));
        assertEquals(1, small.operations().size());
    }

    @Test
    void makesTimesAndSizesSmallWhereTheyDoNotMatter() {
        Plan small = shrunk(plan -> has(plan, 4096 * 8) && cutsPower(plan));
        OperationPlan left = small.operations().getFirst();
        assertEquals(0, left.at());
        assertEquals(512, left.length());
        assertFalse(left.durable());
        assertEquals(
                new Fault(new When.At(0), new Strike.PowerCut(0)),
                small.faults().getFirst());
    }

    @Test
    void keepsANumberThatIsNeededAndMakesItRound() {
        Plan small = shrunk(plan -> plan.faults().stream()
                .anyMatch(fault -> fault.when() instanceof When.At(long at) && at > 20 * MILLI && at < 60 * MILLI));
        assertTrue(small.operations().isEmpty());
        When.At when = (When.At) small.faults().getFirst().when();
        assertEquals(0, when.nanos() % (10 * MILLI), when.nanos() + " ns is round");
    }

    /** A fault whose time matters keeps a round one; one whose time does not matter loses it. */
    @Test
    void makesTheTimesOfEveryKindOfFaultSmallOrRound() {
        for (Strike strike : List.<Strike>of(
                new Strike.BlackHole(Fault.Direction.BOTH, 123_456_789),
                new Strike.Delay(123_456_789, 123_456_789),
                new Strike.StopClock(123_456_789),
                new Strike.DiskLimit(512, 123_456_789),
                new Strike.Access(Permission.READ, 123_456_789),
                new Strike.Restart(123_456_789, 123_456_789))) {
            FaultKind kind = FaultKind.of(strike);
            Plan plan = Worlds.ordinary(List.of(), List.of(new Fault(new When.At(0), strike)));
            assertEquals(0, last(small(plan, kind, 0)), kind.key());
            assertEquals(100 * MILLI, last(small(plan, kind, 50 * MILLI)), kind.key());
        }
    }

    /** What is left if it fails as long as the last of the fault's times is at least so long. */
    private static Plan small(Plan plan, FaultKind kind, long least) {
        Predicate<Plan> fails = one -> one.faults().stream()
                .anyMatch(fault -> FaultKind.of(fault.strike()) == kind && last(fault.strike()) >= least);
        return Shrinker.shrink(plan, fails, () -> true, _ -> {}).plan();
    }

    private static long last(Plan plan) {
        return last(plan.faults().getFirst().strike());
    }

    private static long last(Strike strike) {
        long[] numbers = FaultKind.numbers(strike);
        return numbers[numbers.length - 1];
    }

    @Test
    void keepsTheOneOddThingThatIsNeeded() {
        Plan odd = Worlds.odd(List.of(operation(1, 0, 0, Kind.WRITE)));
        assertTrue(Switches.of(odd).size() > 3, "much is out of the ordinary");
        Predicate<Plan> fails = plan -> plan.nodes().getFirst().host().pageSize() == 512;
        Plan small = Shrinker.shrink(odd, fails, () -> true, _ -> {}).plan();
        assertEquals(
                List.of("the client's page size, 512"),
                Switches.of(small).stream().map(Switch::what).toList());
    }

    /** Each thing of an export becomes as it usually is, unless it is needed or the others on the disk do not allow it. */
    @Test
    void makesAnExportOrdinary() {
        Device device = new Device(new Unique(1, 2), 1 << 20, 4096, Permission.READ);
        ExportPlan odd = new ExportPlan("disk", 0, device, Terms.DEFAULT, true, Access.NOBODY);
        Plan plan = Worlds.ordinary(List.of(operation(1, 0, 0, Kind.READ)), List.of());
        DiskPlan disk = plan.disks().getFirst();
        Plan alone = plan.withDisks(List.of(disk.with(List.of(odd))));
        String whose = "the export disk's ";

        assertEquals(
                List.of("size, 1 MiB", "block size, 4 KiB", "shared, true", "rules of access, {}"),
                Switches.of(alone).stream()
                        .map(Switch::what)
                        .filter(what -> what.startsWith(whose))
                        .limit(4)
                        .map(what -> what.substring(whose.length()))
                        .toList());
        ExportPlan small = Shrinker.shrink(
                        alone,
                        one -> !one.disks()
                                .getFirst()
                                .exports()
                                .getFirst()
                                .device()
                                .permission()
                                .writes(),
                        () -> true,
                        _ -> {})
                .plan()
                .disks()
                .getFirst()
                .exports()
                .getFirst();
        assertEquals(new Device(new Unique(1, 2), 1 << 16, 512, Permission.READ), small.device());
        assertFalse(small.shared());

        ExportPlan behind = new ExportPlan("next", 1 << 20, device, Terms.DEFAULT, true, Access.NOBODY);
        Plan two = plan.withDisks(List.of(disk.with(List.of(odd, behind))));
        assertTrue(Switches.of(two).stream().noneMatch(one -> one.what().contains("block size")));
    }

    @Test
    void leavesOutHostsThatAreNotNeeded() {
        Plan two = Worlds.twoClients(List.of(operation(1, 0, 0, Kind.WRITE)));
        Plan small = Shrinker.shrink(two, plan -> has(plan, 4096), () -> true, _ -> {})
                .plan();
        assertEquals(
                List.of("client", "server"),
                small.nodes().stream().map(Plan.NodePlan::name).toList());
        assertEquals(1, small.disks().getFirst().exports().size());
        assertEquals(1, small.paths().size());
    }

    @Test
    void whatFollowedAnOperationThatIsGoneFollowsWhatThatFollowed() {
        Plan chain = Worlds.ordinary(
                List.of(
                        operation(1, 10, 0, Kind.WRITE),
                        operation(2, 20, 1, Kind.WRITE),
                        operation(3, 30, 2, Kind.WRITE)),
                List.of());
        OperationPlan third =
                Parts.withoutOperations(chain, Set.of(1L, 2L)).operations().getFirst();
        assertEquals(60, third.at());
        assertEquals(OperationPlan.NOTHING, third.after());
        assertEquals(
                1,
                Parts.withoutOperations(chain, Set.of(2L))
                        .operations()
                        .getLast()
                        .after());
    }

    @Test
    void stopsWhenThereIsNoTimeLeftAndSaysSo() {
        AtomicInteger left = new AtomicInteger(20);
        Shrinker.Shrunk shrunk =
                Shrinker.shrink(plan(), plan -> has(plan, 4096 * 7), () -> left.decrementAndGet() > 0, _ -> {});
        assertFalse(shrunk.whole());
        assertTrue(has(shrunk.plan(), 4096 * 7), "what it has still fails");
    }
}
