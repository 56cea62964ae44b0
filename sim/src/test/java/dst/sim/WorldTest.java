package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Machines;
import dst.protocol.fault.Fault;
import dst.protocol.trace.Digest;
import dst.protocol.trace.WorldEvent;
import dst.sim.Counts.Item;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.PathPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WorldTest {
    @Test
    void everyOperationOfAPeacefulPlanIsDone() {
        Plan plan = Plans.of(1, Plans.operations(1, 200), List.of());
        Run run = new World(plan, Plans.HONEST, (now, layer, value) -> {}).run();
        assertEquals(List.of(), run.findings(), run.counts().toString());
        assertEquals(200, run.counts().total(Item.SUBMITTED));
        Map<String, Long> view = run.counts().view();
        assertEquals(
                200,
                view.get("read done")
                        + view.get("write done")
                        + view.get("flush done")
                        + view.get("trim done")
                        + view.get("zero done"));
    }

    @Test
    void samePlanGivesTheSameValues() {
        for (long seed = 1; seed <= 20; seed++) {
            Plan plan = Plans.of(seed, Plans.operations(seed, 60), Plans.faults(seed, 12, true));
            assertEquals(digest(plan), digest(plan), "seed " + seed);
        }
    }

    @Test
    void anotherSeedGivesOtherDelays() {
        List<Plan.OperationPlan> operations = Plans.operations(1, 20);
        assertNotEquals(digest(Plans.of(1, operations, List.of())), digest(Plans.of(2, operations, List.of())));
    }

    @Test
    void mediaHoldWhatWasWrittenWhenTheClientHadDetached() {
        Plan plan = Plans.of(3, Plans.operations(3, 50), List.of());
        List<WorldEvent.MediaHolds> held = new ArrayList<>();
        new World(plan, Plans.HONEST, (now, layer, value) -> {
                    if (value instanceof WorldEvent.MediaHolds holds) {
                        held.add(holds);
                    }
                })
                .run();
        assertTrue(held.size() > 10);
        for (int i = 1; i < held.size(); i++) {
            assertTrue(held.get(i - 1).offset() < held.get(i).offset());
        }
    }

    @Test
    void neitherSideKnowsTheOthersPageSize() {
        int[] sizes = {512, 1000, 4096, 65_536};
        for (int clientPage : sizes) {
            for (int serverPage : sizes) {
                Plan plan = Plans.with(
                        Plans.of(7, Plans.operations(7, 60), List.of()),
                        new HostPlan(clientPage, 50, Machines.PRESENT),
                        new HostPlan(serverPage, -50, Machines.PRESENT),
                        new PathPlan(Plans.PATH, Plans.MILLI / 10, Plans.MILLI, 0, 700, 0));
                Run run = new World(plan, Plans.HONEST, (now, layer, value) -> {}).run();
                assertEquals(List.of(), run.findings(), clientPage + " and " + serverPage);
                assertEquals(60, run.counts().total(Item.SUBMITTED));
            }
        }
    }

    @Test
    void everyKindOfFaultStrikesSomethingAndTheWorldAccusesNobody() {
        Counts counts = new Counts();
        Set<String> planned = new TreeSet<>();
        for (long seed = 1; seed <= 250; seed++) {
            List<Fault> faults = Plans.faults(seed, 12, true);
            faults.forEach(fault -> planned.add(fault.kind()));
            Run run = new World(
                            Plans.of(seed, Plans.operations(seed, 60), faults), Plans.HONEST, (now, layer, value) -> {})
                    .run();
            assertEquals(List.of(), run.findings(), "seed " + seed);
            counts.add(run.counts());
        }
        assertEquals(44, planned.size());
        assertEquals(planned, counts.struck().keySet());
        assertEquals(250, counts.total(Item.RUNS));
    }

    private static long digest(Plan plan) {
        Digest digest = new Digest();
        new World(plan, Plans.HONEST, digest).run();
        return digest.value();
    }
}
