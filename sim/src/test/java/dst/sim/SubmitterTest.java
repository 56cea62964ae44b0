package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.BlockPort;
import dst.protocol.ClientSettings;
import dst.protocol.Kind;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Operation;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.fault.Target;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.sim.Counts.Item;
import dst.sim.Counts.Peak;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.OperationPlan;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** A submitter with few buffers waits for one to come back, with everything that comes after it. */
class SubmitterTest {
    private static Plan plan(int buffers, List<OperationPlan> operations, List<Fault> faults) {
        NodePlan client = Plans.client(Plans.EXPORT);
        return Plans.world(
                1,
                List.of(client.with(0, buffers)),
                List.of(Plans.server(Machines.PRESENT)),
                List.of(Plans.export(Plans.EXPORT, 0)),
                operations,
                faults);
    }

    /** Writes to one place and reads of another, all at once. */
    private static List<OperationPlan> burst(int count) {
        List<OperationPlan> operations = new ArrayList<>();
        for (int tag = 1; tag <= count; tag++) {
            boolean read = tag % 4 == 0;
            operations.add(new OperationPlan(
                    tag, Plans.CLIENT, Plans.SECOND, 0, read ? Kind.READ : Kind.WRITE, read ? 4096 : 0, 512, false));
        }
        return operations;
    }

    /** The most writes that were with the machine at once, and the order of submissions. */
    private static final class Watched implements Tap {
        private final List<Long> writes = new ArrayList<>();
        private final List<Long> order = new ArrayList<>();
        private int most;

        @Override
        public void saw(long now, Layer layer, Object value) {
            switch (value) {
                case BlockPort.Submit(long tag, Operation operation) -> {
                    order.add(tag);
                    if (operation instanceof Operation.Write) {
                        writes.add(tag);
                        most = Math.max(most, writes.size());
                    }
                }
                case BlockPort.Completed(long tag, var _) -> writes.remove(tag);
                case BlockPort.Copied(long tag) -> writes.remove(tag);
                default -> {}
            }
        }
    }

    @Test
    void noMoreWritesAreWithTheMachineThanThereAreBuffersAndOrderIsKept() {
        for (int buffers : new int[] {1, 3, 0}) {
            Watched watched = new Watched();
            Run run = new World(plan(buffers, burst(24), List.of()), Plans.HONEST, watched).run();
            assertEquals(List.of(), run.findings());
            assertEquals(buffers == 0 ? 18 : buffers, watched.most);
            assertEquals(watched.most, run.counts().peak(Peak.BUFFERS));
            assertEquals(watched.order.stream().sorted().toList(), watched.order);
            assertEquals(24, run.counts().latencies().getTotalCount());
        }
    }

    @Test
    void latencyCountsFromThePlannedTimeSoThatWaitingForABufferIsSeen() {
        Histogram many = new World(plan(0, burst(24), List.of()), Plans.HONEST, (now, layer, value) -> {})
                .run()
                .counts()
                .latencies();
        Histogram one = new World(plan(1, burst(24), List.of()), Plans.HONEST, (now, layer, value) -> {})
                .run()
                .counts()
                .latencies();
        // Reads overtake what they do not overlap, unless they wait behind a write for its buffer.
        assertTrue(one.getValueAtPercentile(20) > 2 * many.getValueAtPercentile(20));
        assertTrue(many.getMean() * many.getTotalCount() >= many.getValueAtPercentile(1) * 20);
        assertTrue(many.getMaxValue() >= many.getValueAtPercentile(99)
                && many.getValueAtPercentile(100) == many.getMaxValue());
    }

    @Test
    void buffersOfAProcessThatCrashedAreFree() {
        Fault crash = new Fault(new When.AtDiskWrite(2), new Strike.Crash(Plans.SECOND), Target.CLIENT);
        Run run = new World(plan(2, burst(24), List.of(crash)), Plans.HONEST, (now, layer, value) -> {}).run();
        assertEquals(List.of(), run.findings());
        assertEquals(24, run.counts().total(Item.SUBMITTED));
        assertTrue(run.counts().total(Item.LOST) > 0);
    }

    @Test
    void copiedContentGivesTheBufferBackAndIsCounted() {
        Watched watched = new Watched();
        Run run = new World(plan(1, burst(24), List.of()), copying(1), watched).run();
        assertEquals(List.of(), run.findings());
        assertEquals(1, watched.most);
        assertEquals(18 * 512, run.counts().total(Item.BYTES_COPIED));
        assertEquals(18 * 512, run.counts().peak(Peak.COPIED_BYTES));
        assertTrue(run.counts().peak(Peak.CLIENT_MEMORY) >= 18 * 512);
    }

    @Test
    void bufferThatIsGivenBackTwiceIsFound() {
        Run run = new World(plan(1, burst(1), List.of()), copying(2), (now, layer, value) -> {}).run();
        assertEquals(
                List.of("T6"),
                run.findings().stream().map(finding -> finding.rule().name()).toList());
    }

    /** Clients that say of each write at once, so many times, that they have copied it. */
    private static Machines copying(int times) {
        return new Machines() {
            @Override
            public Machine client(ClientSettings settings, ByteBufAllocator pages) {
                return new Copying(Plans.HONEST.client(settings, pages), times);
            }

            @Override
            public Machine server(ServerSettings settings, ByteBufAllocator pages) {
                return Plans.HONEST.server(settings, pages);
            }
        };
    }

    private record Copying(Machine honest, int times) implements Machine {
        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            for (int i = 0; i < times; i++) {
                if (input instanceof BlockPort.Submit(long tag, Operation.Write _)) {
                    outbox.add(new BlockPort.Copied(tag));
                }
            }
            honest.step(now, input, outbox);
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
}
