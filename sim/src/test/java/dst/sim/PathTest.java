package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.LinkPort;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.fault.Target;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.sim.Plan.PathPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each slot's link goes over a path of its own, and what befalls one path leaves the others alone. */
class PathTest {
    private static final int SLOTS = 4;
    private static final Target FIRST_PATH = new Target.Path(Plans.PATH);
    private static final Target SECOND_PATH = new Target.Path(Plans.PATH + "-2");
    private static final PathPlan NEAR = new PathPlan("near", Plans.MILLI / 10, Plans.MILLI, 0, 16 << 10, 0);
    private static final PathPlan FAR = new PathPlan("far", 50 * Plans.MILLI, 60 * Plans.MILLI, 0, 16 << 10, 0);

    /** What became of the link of each slot; link 1 is slot 0's. */
    private static final class Watched implements Tap {
        private final TreeMap<Long, Long> slotOf = new TreeMap<>();
        private final TreeMap<Long, Long> askedAt = new TreeMap<>();
        private final TreeMap<Long, Long> openedAfter = new TreeMap<>();
        private final TreeMap<Long, String> closed = new TreeMap<>();
        private final TreeMap<Long, Long> clientLinks = new TreeMap<>();
        private final TreeMap<Long, Long> lastToServer = new TreeMap<>();
        private final TreeMap<Long, List<Long>> arrivals = new TreeMap<>();

        @Override
        public void saw(long now, Layer layer, Object value) {
            switch (value) {
                case LinkPort.Connect(long link, int slot) -> {
                    slotOf.put(link, (long) slot);
                    askedAt.put(link, now);
                }
                case LinkPort.Opened(long link) -> openedAfter.put(link, now - askedAt.get(link));
                case LinkPort.Closed(long link, String reason) when layer.is(Layer.CLIENT) -> closed.put(link, reason);
                case LinkPort.Accepted(long link, String peer, String _) ->
                    clientLinks.put(link, Long.parseLong(peer.substring(peer.lastIndexOf('/') + 1)));
                case LinkPort.Received(long link, var _)
                when layer.is(Layer.SERVER) -> {
                    lastToServer.put(clientLinks.get(link), now);
                    arrivals.computeIfAbsent(clientLinks.get(link), unused -> new ArrayList<>())
                            .add(now);
                }
                default -> {}
            }
        }
    }

    private static Run run(Watched watched, List<PathPlan> paths, Fault... faults) {
        Plan plan = Plans.withPaths(Plans.of(1, List.of(), List.of(faults)), paths);
        Run run = new World(plan, Scripted.onSlots(SLOTS), watched).run();
        assertEquals(List.of(), run.findings());
        return run;
    }

    private static Fault at(long nanos, Strike strike, Target target) {
        return new Fault(new When.At(nanos), strike, target);
    }

    private static Fault at(long nanos, Strike strike) {
        return new Fault(new When.At(nanos), strike);
    }

    @Test
    void slotsTakeThePathsInTurnAndEachPathHasItsOwnDelay() {
        Watched watched = new Watched();
        Run run = run(watched, List.of(NEAR, FAR));
        for (long link = 1; link <= SLOTS; link++) {
            boolean far = watched.slotOf.get(link) % 2 == 1;
            long took = watched.openedAfter.get(link);
            assertTrue(far ? took >= 100 * Plans.MILLI : took <= 2 * Plans.MILLI, "link " + link + ": " + took);
        }
        assertEquals(Map.of(0, 2L, 1, 2L), run.counts().openedByPath());
    }

    @Test
    void cutOfOnePathIsHeardOnThatPathOnly() {
        Watched watched = new Watched();
        Run run = run(watched, List.of(NEAR, NEAR), at(Plans.SECOND, new Strike.Cut(), SECOND_PATH));
        assertEquals(Map.of(2L, "connection reset", 4L, "connection reset"), watched.closed);
        assertEquals(Map.of("cut", 1L), run.counts().struck());
    }

    @Test
    void holeInOnePathSilencesItsLinksAndNobodyIsTold() {
        Watched watched = new Watched();
        run(
                watched,
                List.of(NEAR, NEAR),
                at(Plans.SECOND, new Strike.BlackHole(Direction.TO_SERVER, Plans.SECOND), FIRST_PATH));
        assertEquals(Map.of(), watched.closed);
        for (long link = 1; link <= SLOTS; link++) {
            boolean holed = watched.slotOf.get(link) % 2 == 0;
            assertEquals(holed, watched.lastToServer.get(link) <= Plans.SECOND, "link " + link);
        }
    }

    @Test
    void onePathIsSlowerForAWhileAndThenAsBefore() {
        Watched watched = new Watched();
        long extra = 400 * Plans.MILLI;
        run(watched, List.of(NEAR, NEAR), at(Plans.SECOND, new Strike.Delay(extra, Plans.SECOND), SECOND_PATH));
        for (long link = 1; link <= SLOTS; link++) {
            List<Long> arrivals = watched.arrivals.get(link);
            boolean silent = arrivals.stream()
                    .noneMatch(at -> at > Plans.SECOND + 10 * Plans.MILLI && at < Plans.SECOND + extra);
            assertEquals(watched.slotOf.get(link) % 2 == 1, silent, "link " + link);
            assertTrue(watched.lastToServer.get(link) > 10 * Plans.SECOND);
        }
    }

    @Test
    void faultOnAPathThatThereIsNotIsMissed() {
        Watched watched = new Watched();
        Run run = run(
                watched,
                List.of(NEAR),
                at(Plans.SECOND, new Strike.Cut(), SECOND_PATH),
                at(Plans.SECOND, new Strike.BlackHole(Direction.BOTH, Plans.SECOND), new Target.Path("path-7")),
                at(Plans.SECOND, new Strike.Delay(1, Plans.SECOND), new Target.Node("client-7")));
        assertEquals(
                Map.of("cut", 1L, "black-hole", 1L, "delay", 1L), run.counts().missed());
        assertFalse(run.counts().struck().containsKey("cut"));
    }

    @Test
    void faultOfAllPathsHitsThemAll() {
        Watched watched = new Watched();
        run(watched, List.of(NEAR, FAR), at(Plans.SECOND, new Strike.Cut()));
        assertEquals(SLOTS, watched.closed.size());
    }
}
