package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.fault.Target;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import dst.sim.Counts.Item;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process for which there is no memory ends there and then, wherever it asked, and that is nobody's error. */
class MemoryExhaustedTest {
    private static final long SEEDS = 60;

    /** Sees where processes ask in vain, and that nothing comes of a step that was broken off. */
    private static final class Watched implements Machines, Tap {
        private boolean broken;
        private long brokenOff;
        private long crashed;

        @Override
        public Machine client(ClientSettings settings, ByteBufAllocator pages) {
            return new Observed(Plans.HONEST.client(settings, pages), this);
        }

        @Override
        public Machine server(ServerSettings settings, ByteBufAllocator pages) {
            return new Observed(Plans.HONEST.server(settings, pages), this);
        }

        @Override
        public void saw(long now, Layer layer, Object value) {
            if (value instanceof WorldEvent.ProcessCrashed) {
                crashed++;
                broken = false;
            }
            assertFalse(broken && !(value instanceof WorldEvent), "after a step that was broken off came " + value);
        }
    }

    private record Observed(Machine honest, Watched watched) implements Machine {
        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            try {
                honest.step(now, input, outbox);
            } catch (Pages.Exhausted exhausted) {
                watched.broken = true;
                watched.brokenOff++;
                throw exhausted;
            }
        }

        @Override
        public long nextDeadline() {
            return honest.nextDeadline();
        }

        @Override
        public long digest() {
            return honest.digest();
        }

        @Override
        public void discard() {
            honest.discard();
        }
    }

    @Test
    void processEndsWhereverItAsksForMemoryAndNobodyIsAccused() {
        for (Target node : List.of(Target.CLIENT, Target.SERVER)) {
            Watched watched = new Watched();
            Counts counts = new Counts();
            for (long seed = 1; seed <= SEEDS; seed++) {
                List<Fault> faults = List.of(
                        new Fault(new When.At(seed * 50 * Plans.MILLI), new Strike.MemoryExhausted(0), node),
                        new Fault(new When.At(6 * Plans.SECOND), new Strike.MemoryExhausted(Plans.SECOND), node),
                        new Fault(new When.At(6 * Plans.SECOND), new Strike.MemoryExhausted(Plans.SECOND), node));
                Run run = new World(Plans.of(seed, Plans.operations(seed, 60), faults), watched, watched).run();
                assertEquals(List.of(), run.findings(), node + ", seed " + seed);
                counts.add(run.counts());
            }
            assertEquals(3 * SEEDS, counts.struck().get("memory-exhausted"));
            assertEquals(3 * SEEDS, counts.total(Item.CRASHES));
            assertEquals(4 * SEEDS, counts.total(node.equals(Target.CLIENT) ? Item.CLIENT_STARTS : Item.SERVER_STARTS));
            assertEquals(3 * SEEDS, watched.crashed);
            assertTrue(watched.brokenOff > 10, node + ": " + watched.brokenOff + " within a step");
            assertTrue(watched.brokenOff < 3 * SEEDS - 10, node + ": " + watched.brokenOff + " within a step");
        }
    }

    @Test
    void processThatAsksForNothingLivesOn() {
        Fault late = new Fault(new When.At(19 * Plans.SECOND), new Strike.MemoryExhausted(0), Target.CLIENT);
        Plan quiet = Plans.of(1, List.of(), List.of(late));
        Run run = new World(quiet, Scripted.talking(1), (now, layer, value) -> {}).run();
        assertEquals(List.of(), run.findings());
        assertEquals(1L, run.counts().struck().get("memory-exhausted"));
        Fault healed = new Fault(new When.AtDiskWrite(1), new Strike.MemoryExhausted(0), Target.CLIENT);
        run = new World(Plans.of(1, List.of(), List.of(healed)), Scripted.talking(1), (now, layer, value) -> {}).run();
        assertEquals(Map.of(), run.counts().struck());
        assertEquals(Map.of("memory-exhausted", 1L), run.counts().missed());
    }
}
