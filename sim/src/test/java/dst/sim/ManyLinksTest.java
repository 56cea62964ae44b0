package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Holding;
import dst.protocol.Machines;
import dst.protocol.Overlap;
import dst.protocol.fault.Fault;
import dst.sim.Counts.Item;
import dst.sim.Counts.Peak;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.OperationPlan;
import dst.sim.Plan.PathPlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The honest machines with several links, over several paths, whatever befalls some of them. */
class ManyLinksTest {
    private static final ClientPolicy THREE_LINKS =
            new ClientPolicy(3, Overlap.COPY, 8 << 10, Holding.TAKE, Integer.MAX_VALUE);

    private static NodePlan client(ClientPolicy policy, long startAt, int buffers) {
        NodePlan client = Plans.client(Plans.EXPORT);
        return client.with(ClientSettings.of(Plans.EXPORT).with(policy)).with(startAt, buffers);
    }

    private static List<PathPlan> paths(int buffer) {
        return List.of(
                new PathPlan("near", Plans.MILLI / 10, Plans.MILLI, 0, 16 << 10, buffer),
                new PathPlan("far", 10 * Plans.MILLI, 20 * Plans.MILLI, 1 << 20, 4096, buffer),
                new PathPlan("in pieces", Plans.MILLI, 2 * Plans.MILLI, 0, 100, buffer));
    }

    private static Plan plan(long seed, int buffer, List<NodePlan> clients, List<Fault> faults) {
        List<OperationPlan> operations = new ArrayList<>(Plans.operations(seed, 60));
        if (clients.size() > 1) {
            operations.addAll(Plans.forClient(1, Plans.operations(seed + 1000, 60), 1000));
        }
        return Plans.withPaths(
                Plans.world(
                        seed,
                        clients,
                        List.of(Plans.server(Machines.PRESENT)),
                        List.of(Plans.export(Plans.EXPORT, 0)),
                        operations,
                        faults),
                paths(buffer));
    }

    @Test
    void peacefulWorldUsesAllPathsAndEverythingIsDone() {
        for (int buffer : new int[] {0, 400}) {
            Run run = new World(
                            plan(1, buffer, List.of(client(THREE_LINKS, 0, 2)), List.of()),
                            Plans.HONEST,
                            (now, layer, value) -> {})
                    .run();
            assertEquals(List.of(), run.findings());
            assertEquals(3, run.counts().openedByPath().size(), run.counts().toString());
            assertEquals(60, run.counts().latencies().getTotalCount());
            assertTrue(run.counts().peak(Peak.BUFFERS) <= 2);
        }
    }

    @Test
    void everythingSettlesWhateverBefallsThePaths() {
        Counts counts = new Counts();
        for (long seed = 1; seed <= 60; seed++) {
            Plan plan = plan(
                    seed,
                    seed % 2 == 0 ? 0 : 700,
                    List.of(client(THREE_LINKS, 0, 4), client(THREE_LINKS, 8 * Plans.SECOND, 0)),
                    Plans.faults(seed, 10, true));
            Run run = new World(plan, Plans.HONEST, (now, layer, value) -> {}).run();
            assertEquals(List.of(), run.findings(), "seed " + seed);
            counts.add(run.counts());
        }
        assertTrue(counts.total(Item.TAKEOVERS) > 30, counts.toString());
        assertTrue(counts.total(Item.DEVICES_REPLACED) > 20, counts.toString());
        assertTrue(counts.total(Item.BYTES_COPIED) > 0, counts.toString());
    }

    @Test
    void oneWhoWaitsForAnExportGetsItWhenTheOtherHasDetached() {
        ClientPolicy waiting = new ClientPolicy(1, Overlap.WAIT, 0, Holding.WAIT, Integer.MAX_VALUE);
        Run run = new World(
                        plan(
                                3,
                                0,
                                List.of(client(ClientPolicy.ORDINARY, 0, 0), client(waiting, Plans.SECOND, 0)),
                                List.of()),
                        Plans.HONEST,
                        (now, layer, value) -> {})
                .run();
        assertEquals(List.of(), run.findings());
        assertEquals(120, run.counts().latencies().getTotalCount());
        assertEquals(0, run.counts().total(Item.DEVICES_FAILED));
        assertEquals(2, run.counts().total(Item.EPOCHS));
        assertEquals(0, run.counts().total(Item.TAKEOVERS));
    }
}
