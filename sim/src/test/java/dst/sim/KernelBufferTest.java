package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientSettings;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Rules;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.OperationPlan;
import dst.sim.Plan.PathPlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What two kernels hold of a link is limited, and the rest stays with who sends (L4, R7). */
class KernelBufferTest {
    private static final int BUFFER = 300;

    private static Plan tiny(Plan plan, int bufferBytes) {
        return Plans.with(
                plan,
                new HostPlan(512, 0, Machines.PRESENT),
                new HostPlan(4096, 0, Machines.PRESENT),
                new PathPlan(Plans.PATH, Plans.MILLI / 10, Plans.MILLI, 0, 16 << 10, bufferBytes));
    }

    /** What has left the clients' processes and has not come to a server's: at most what kernels hold. */
    private static final class Held implements Tap {
        private final TreeMap<Long, Long> sent = new TreeMap<>();
        private final TreeMap<Long, Long> unsent = new TreeMap<>();
        private final TreeMap<Long, Long> clientLinks = new TreeMap<>();
        private long most;
        private long mostUnsent;

        @Override
        public void saw(long now, Layer layer, Object value) {
            switch (value) {
                case LinkPort.Accepted(long link, String peer, String _) ->
                    clientLinks.put(link, Long.parseLong(peer.substring(peer.lastIndexOf('/') + 1)));
                case LinkPort.Send(long link, ByteBuf bytes)
                when layer.is(Layer.CLIENT) -> {
                    long waiting = unsent.merge(link, (long) bytes.readableBytes(), Long::sum);
                    mostUnsent = Math.max(mostUnsent, waiting);
                }
                case LinkPort.Sent(long link, long bytes)
                when layer.is(Layer.CLIENT) -> {
                    assertTrue(unsent.merge(link, -bytes, Long::sum) >= 0, "more left than was sent");
                    most = Math.max(most, sent.merge(link, bytes, Long::sum));
                }
                case LinkPort.Received(long link, ByteBuf bytes)
                when layer.is(Layer.SERVER) ->
                    sent.merge(clientLinks.get(link), -(long) bytes.readableBytes(), Long::sum);
                default -> {}
            }
        }
    }

    @Test
    void kernelsHoldNoMoreThanTheirBuffersAndTheRestStaysWithItsProcess() {
        for (long seed = 1; seed <= 10; seed++) {
            List<Fault> faults = new ArrayList<>(Plans.faults(seed, 6, false));
            // A second process numbers its links anew.
            faults.removeIf(fault -> fault.strike() instanceof Strike.MemoryExhausted
                    || fault.strike() instanceof Strike.Crash
                    || fault.strike() instanceof Strike.Flip);
            Held held = new Held();
            Run run = new World(tiny(Plans.of(seed, List.of(), faults), BUFFER), Scripted.talking(seed), held).run();
            assertEquals(List.of(), run.findings(), "seed " + seed);
            assertTrue(held.most > BUFFER / 2 && held.most <= BUFFER, held.most + " bytes in the kernels");
            assertTrue(held.mostUnsent > 2 * BUFFER, held.mostUnsent + " bytes in the process");
        }
    }

    @Test
    void whatIsInTheProcessIsLostWithItAndWhatTheKernelHasArrives() {
        for (long seed = 1; seed <= 25; seed++) {
            Run run = new World(
                            tiny(Plans.of(seed, List.of(), Plans.faults(seed, 12, true)), 100),
                            Scripted.talking(seed),
                            (now, layer, value) -> {})
                    .run();
            // No page is lost, however links and processes end.
            assertEquals(List.of(), run.findings(), "seed " + seed);
        }
    }

    private static final List<OperationPlan> BOTH_WAYS = bothWays();

    private static List<OperationPlan> bothWays() {
        List<OperationPlan> operations = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean write = i % 2 == 0;
            operations.add(new OperationPlan(
                    i + 1,
                    Plans.CLIENT,
                    0,
                    0,
                    write ? Kind.WRITE : Kind.READ,
                    (write ? 0 : 32L) * 512,
                    32 * 512,
                    false));
        }
        return operations;
    }

    @Test
    void honestMachinesGoOnWithTinyBuffersBothWays() {
        for (int buffer : new int[] {20, 64, 300}) {
            Run run = new World(
                            tiny(Plans.of(1, BOTH_WAYS, List.of()), buffer), Plans.HONEST, (now, layer, value) -> {})
                    .run();
            assertEquals(List.of(), run.findings(), buffer + " bytes");
            assertEquals(20, run.counts().settled(Kind.READ, Counts.Result.DONE));
            assertEquals(20, run.counts().settled(Kind.WRITE, Counts.Result.DONE));
        }
    }

    // L4, planted: both sides receive only when everything that they sent has been taken.
    @Test
    void machinesThatDoNotReceiveWhileTheirSendIsNotTakenHang() {
        Machines stubborn = new Machines() {
            @Override
            public Machine client(ClientSettings settings, ByteBufAllocator pages) {
                return new StubbornClient(Plans.HONEST.client(settings, pages));
            }

            @Override
            public Machine server(ServerSettings settings, ByteBufAllocator pages) {
                return new StubbornServer(Plans.HONEST.server(settings, pages));
            }
        };
        Run wide =
                new World(tiny(Plans.of(1, BOTH_WAYS, List.of()), 1 << 20), stubborn, (now, layer, value) -> {}).run();
        assertEquals(List.of(), wide.findings());
        Run run = new World(tiny(Plans.of(1, BOTH_WAYS, List.of()), BUFFER), stubborn, (now, layer, value) -> {}).run();
        assertEquals(Rules.G6, run.findings().getFirst().rule());
        assertTrue(
                run.findings().getFirst().sentence().contains("operation 1 "),
                run.findings().toString());
    }

    /** Which links have something unsent, so that nothing is received on them. */
    private static final class Unsent {
        private final TreeMap<Long, Long> bytes = new TreeMap<>();

        /** Whether the link changes from taken to not taken, or back. */
        boolean changes(long link, long by) {
            long before = bytes.getOrDefault(link, 0L);
            bytes.put(link, before + by);
            return (before == 0) != (before + by == 0);
        }
    }

    private record StubbornClient(Machine honest, Unsent unsent) implements Machine {
        StubbornClient(Machine honest) {
            this(honest, new Unsent());
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            if (input instanceof LinkPort.Sent(long link, long bytes) && unsent.changes(link, -bytes)) {
                outbox.add(new LinkPort.Reading(link, true));
            }
            List<Signal> outputs = new ArrayList<>();
            honest.step(now, input, outputs);
            for (Signal output : outputs) {
                outbox.add(output);
                if (output instanceof LinkPort.Send(long link, ByteBuf bytes)
                        && unsent.changes(link, bytes.readableBytes())) {
                    outbox.add(new LinkPort.Reading(link, false));
                }
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

    private record StubbornServer(Machine honest, Unsent unsent) implements Machine {
        StubbornServer(Machine honest) {
            this(honest, new Unsent());
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            if (input instanceof LinkPort.Sent(long link, long bytes) && unsent.changes(link, -bytes)) {
                outbox.add(new LinkPort.Reading(link, true));
            }
            List<Signal> outputs = new ArrayList<>();
            honest.step(now, input, outputs);
            for (Signal output : outputs) {
                outbox.add(output);
                if (output instanceof LinkPort.Send(long link, ByteBuf bytes)
                        && unsent.changes(link, bytes.readableBytes())) {
                    outbox.add(new LinkPort.Reading(link, false));
                }
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
}
