package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Access;
import dst.protocol.BlockPort;
import dst.protocol.DiskPort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Machines;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.ServerControl;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.fault.Target;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Stamp;
import dst.protocol.trace.Tap;
import dst.sim.Plan.OperationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What an operator changes is so from the server's next start on, or at once. */
class ConfigurationTest {
    private static final long RESTART = 5 * Plans.SECOND;

    /** What servers were told of their exports, and how operations settled. */
    private static final class Watched implements Tap {
        private final List<Export> exports = new ArrayList<>();
        private final List<Holder> holders = new ArrayList<>();
        private final List<Long> boots = new ArrayList<>();
        private final TreeMap<Long, Access> changes = new TreeMap<>();
        private final TreeMap<Long, Outcome> outcomes = new TreeMap<>();

        @Override
        public void saw(long now, Layer layer, Object value) {
            switch (value) {
                case DiskPort.Opened opened -> boots.add(opened.boot().counter());
                case ServerControl.ExportOpened(Export export, Holder holder, Access _) -> {
                    exports.add(export);
                    holders.add(holder);
                }
                case ServerControl.AccessChanged changed -> changes.put(now, changed.access());
                case BlockPort.Completed(long tag, Outcome outcome) -> outcomes.put(tag, outcome);
                default -> {}
            }
        }

        private Export last() {
            return exports.getLast();
        }
    }

    private static Fault at(long nanos, Strike strike, Target target) {
        return new Fault(new When.At(nanos), strike, target);
    }

    private static Fault at(long nanos, Strike strike) {
        return new Fault(new When.At(nanos), strike);
    }

    private static OperationPlan operation(long tag, Kind kind, long at, long offset, int length) {
        return new OperationPlan(tag, Plans.CLIENT, at, 0, kind, offset, length, false);
    }

    /** The strike, and later a crash of the server: with the first operations before both, and others after them. */
    private static Run restarted(Watched watched, Strike strike, OperationPlan... operations) {
        Plan plan = Plans.of(
                1,
                List.of(operations),
                List.of(at(2 * Plans.SECOND, strike), at(RESTART, new Strike.Crash(0), Target.SERVER)));
        Run run = new World(plan, Plans.HONEST, watched).run();
        assertEquals(List.of(), run.findings());
        assertEquals(2, watched.exports.size());
        return run;
    }

    @Test
    void exportIsSharedFromTheNextStartOn() {
        Watched watched = new Watched();
        Run run = restarted(watched, new Strike.Share());
        assertFalse(watched.exports.getFirst().shared());
        assertTrue(watched.last().shared());
        assertEquals(Permission.READ, watched.last().device().permission());
        assertEquals(1L, run.counts().struck().get("share"));
    }

    @Test
    void limitsAreOthersFromTheNextStartOn() {
        Watched watched = new Watched();
        restarted(watched, new Strike.Limits(3, 4096, 8192));
        assertEquals(3, watched.last().terms().transactionsMax());
        assertEquals(8192, watched.last().terms().largestTransfer());
        // What is in flight is never less than one transfer.
        assertEquals(8192, watched.last().terms().bytesMax());
    }

    @Test
    void diskHasOtherBlocksFromTheNextStartOnAndHoldsWhatItHeld() {
        for (int size : new int[] {Plans.BLOCK / 4, 8 * Plans.BLOCK}) {
            Watched watched = new Watched();
            TreeMap<Long, Integer> read = new TreeMap<>();
            OperationPlan write = operation(1, Kind.WRITE, Plans.SECOND, 8 * Plans.BLOCK, 8 * Plans.BLOCK);
            OperationPlan flush = operation(2, Kind.FLUSH, 3 * Plans.SECOND / 2, 0, 0);
            OperationPlan reading = operation(3, Kind.READ, 7 * Plans.SECOND, 8 * Plans.BLOCK, 8 * Plans.BLOCK);
            OperationPlan unaligned = operation(4, Kind.READ, 7 * Plans.SECOND, 9 * Plans.BLOCK, Plans.BLOCK);
            Plan plan = Plans.of(
                    1,
                    List.of(write, flush, reading, unaligned),
                    List.of(
                            at(2 * Plans.SECOND, new Strike.BlockSize(size)),
                            at(RESTART, new Strike.Crash(0), Target.SERVER)));
            Run run = new World(plan, Plans.HONEST, (now, layer, value) -> {
                        watched.saw(now, layer, value);
                        if (value instanceof BlockPort.Completed(long tag, Outcome.Done(var data)) && tag == 3) {
                            for (int i = 0; i < 8; i++) {
                                long offset = (8L + i) * Plans.BLOCK;
                                var stamp = Stamp.read(data, data.readerIndex() + i * Plans.BLOCK, Plans.BLOCK, offset);
                                assertEquals(Stamp.Content.State.WHOLE, stamp.state(), "block " + i);
                                read.merge(stamp.tag(), 1, Integer::sum);
                            }
                        }
                    })
                    .run();
            assertEquals(List.of(), run.findings());
            assertEquals(size, watched.last().device().blockSize());
            assertEquals(Map.of(1L, 8), read, size + " bytes");
            assertEquals(size > Plans.BLOCK, watched.outcomes.get(4L) instanceof Outcome.Refused);
        }
    }

    @Test
    void blocksThatNoExportCouldLieOnAreMissed() {
        for (int size : new int[] {0, 3 * Plans.BLOCK, 2 * (int) Plans.SIZE}) {
            Watched watched = new Watched();
            Run run = restarted(watched, new Strike.BlockSize(size));
            assertEquals(Map.of("block-size", 1L), run.counts().missed());
            assertEquals(Plans.BLOCK, watched.last().device().blockSize());
        }
    }

    @Test
    void exportDoesNotGrowIntoItsNeighbourAndWhatItLosesIsGone() {
        Watched watched = new Watched();
        Plan plan = Plans.world(
                1,
                List.of(Plans.client("one")),
                List.of(Plans.server(Machines.PRESENT)),
                List.of(Plans.export("one", 0), Plans.export("two", Plans.SIZE + Plans.BLOCK)),
                List.of(),
                List.of(
                        at(2 * Plans.SECOND, new Strike.Resize(10 * Plans.SIZE)),
                        at(RESTART, new Strike.Crash(0), Target.SERVER)));
        Run run = new World(plan, Plans.HONEST, watched).run();
        assertEquals(List.of(), run.findings());
        assertEquals(Plans.SIZE + Plans.BLOCK, watched.exports.get(2).device().size());
        assertEquals(Plans.SIZE, watched.exports.get(3).device().size());
    }

    @Test
    void accessChangesAtOnceAndIsWhatItWasAfterAWhile() {
        Watched watched = new Watched();
        Plan plan = Plans.of(
                1,
                List.of(
                        operation(1, Kind.WRITE, Plans.SECOND, 0, 512),
                        // H6: what it has not flushed ends a device that may not write any more.
                        operation(5, Kind.FLUSH, 3 * Plans.SECOND / 2, 0, 0),
                        operation(2, Kind.WRITE, 3 * Plans.SECOND, 0, 512),
                        operation(3, Kind.READ, 3 * Plans.SECOND, 512, 512),
                        operation(4, Kind.WRITE, 6 * Plans.SECOND, 0, 512)),
                List.of(
                        at(2 * Plans.SECOND, new Strike.Access(Permission.READ, 2 * Plans.SECOND), Target.CLIENT),
                        at(2 * Plans.SECOND + 1, new Strike.Access(Permission.READ, Plans.SECOND), Target.CLIENT),
                        at(2 * Plans.SECOND, new Strike.Access(Permission.READ, 0), new Target.Node("client-2"))));
        Run run = new World(plan, Plans.HONEST, watched).run();
        assertEquals(List.of(), run.findings());
        assertEquals(
                List.of(2 * Plans.SECOND, 4 * Plans.SECOND),
                watched.changes.keySet().stream().toList());
        assertEquals(Permission.READ, watched.changes.firstEntry().getValue().of("client"));
        assertEquals(Permission.BOTH, watched.changes.firstEntry().getValue().of("client-2"));
        assertEquals(Permission.BOTH, watched.changes.lastEntry().getValue().of("client"));
        assertEquals(Map.of("access", 1L), run.counts().struck());
        assertEquals(Map.of("access", 2L), run.counts().missed());
        assertInstanceOf(Outcome.Refused.class, watched.outcomes.get(2L));
        assertInstanceOf(Outcome.Done.class, watched.outcomes.get(3L));
        assertInstanceOf(Outcome.Done.class, watched.outcomes.get(4L));
    }

    @Test
    void accessThatIsChangedForGoodStaysSo() {
        Watched watched = new Watched();
        Fault fault = at(2 * Plans.SECOND, new Strike.Access(Permission.NONE, Fault.FOR_GOOD), Target.CLIENT);
        new World(Plans.of(1, List.of(), List.of(fault)), Plans.HONEST, watched).run();
        assertEquals(1, watched.changes.size());
    }

    @Test
    void restoredStateIsAnEarlierHolderAndBootBesideThePresentDisk() {
        boolean seen = false;
        for (long seed = 1; seed <= 10; seed++) {
            Watched watched = new Watched();
            List<Fault> faults = List.of(
                    at(2 * Plans.SECOND, new Strike.Crash(0), Target.SERVER),
                    at(RESTART, new Strike.OlderState()),
                    at(RESTART + 1, new Strike.Crash(0), Target.SERVER));
            Run run = new World(Plans.of(seed, Plans.operations(seed, 10), faults), Plans.HONEST, watched).run();
            assertEquals(List.of(), run.findings(), "seed " + seed);
            assertEquals(1L, run.counts().struck().get("older-state"));
            // Boots 1 and 2 were, so the next one is 3; unless all that is forgotten.
            assertEquals(List.of(1L, 2L), watched.boots.subList(0, 2));
            assertTrue(watched.boots.get(2) <= 2, watched.boots.toString());
            seen |= watched.holders.get(2).equals(Holder.NOBODY);
        }
        assertTrue(seen, "never was the holder forgotten");
    }

    @Test
    void stateThatHasNoEarlierOneIsMissed() {
        Run run = new World(
                        Plans.of(1, List.of(), List.of(at(Plans.SECOND, new Strike.OlderState()))),
                        Plans.HONEST,
                        (now, layer, value) -> {})
                .run();
        assertEquals(Map.of("older-state", 1L), run.counts().missed());
    }

    @Test
    void faultStrikesAsTheServerAsksForADurableRecordBeforeItIs() {
        boolean kept = false;
        boolean lost = false;
        for (long seed = 1; seed <= 20; seed++) {
            Watched watched = new Watched();
            Fault crash = new Fault(new When.AtRecord(1), new Strike.Crash(Plans.SECOND), Target.SERVER);
            Run run = new World(Plans.of(seed, List.of(), List.of(crash)), Plans.HONEST, watched).run();
            assertEquals(List.of(), run.findings());
            assertEquals(1L, run.counts().struck().get("crash"));
            assertEquals(Holder.NOBODY, watched.holders.getFirst());
            kept |= watched.holders.getLast().epoch() == 1;
            lost |= watched.holders.getLast().equals(Holder.NOBODY);
        }
        assertTrue(kept && lost, "what was being made durable is there or not");
    }
}
