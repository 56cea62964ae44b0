package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.trace.Digest;
import dst.protocol.trace.WorldEvent;
import dst.sim.Counts.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorldTest {
    @Test
    void everyOperationOfAPeacefulPlanIsDone() {
        Plan plan = Plans.of(1, Plans.operations(1, 200), List.of());
        Run run = new World(plan, Plans.HONEST, (now, node, value) -> {}).run();
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
        new World(plan, Plans.HONEST, (now, node, value) -> {
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

    private static long digest(Plan plan) {
        Digest digest = new Digest();
        new World(plan, Plans.HONEST, digest).run();
        return digest.value();
    }
}
