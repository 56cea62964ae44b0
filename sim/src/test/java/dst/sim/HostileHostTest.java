package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Outcome;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.trace.WorldEvent;
import dst.sim.Counts.Item;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.OperationPlan;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of a host whose program is up to no good nothing is demanded, and everybody else is judged as always. */
class HostileHostTest {
    /** What a hostile machine does with what it is given. */
    private enum Vice {
        FALLS_OVER,
        NEVER_RESTS,
        SETTLES_WHAT_NOBODY_ASKED_FOR,
        SETTLES_NOTHING,
        LEAKS
    }

    private static Machines with(Vice vice) {
        return new Machines() {
            @Override
            public Machine client(ClientSettings settings, ByteBufAllocator pages) {
                return Plans.HONEST.client(settings, pages);
            }

            @Override
            public Machine server(ServerSettings settings, ByteBufAllocator pages) {
                return Plans.HONEST.server(settings, pages);
            }

            @Override
            public Machines variant(String name) {
                return name.equals(HostPlan.HOSTILE) ? hostile(vice) : this;
            }
        };
    }

    private static Machines hostile(Vice vice) {
        return new Machines() {
            @Override
            public Machine client(ClientSettings settings, ByteBufAllocator pages) {
                return new Hostile(Plans.HONEST.client(settings, pages), vice, pages) {
                    @Override
                    void settle(List<? super Signal> outbox) {
                        outbox.add(new BlockPort.Completed(77, new Outcome.Done(Unpooled.EMPTY_BUFFER)));
                    }

                    @Override
                    boolean settles(Object output) {
                        return output instanceof BlockPort.Completed || output instanceof ClientControl.Detached;
                    }
                };
            }

            @Override
            public Machine server(ServerSettings settings, ByteBufAllocator pages) {
                return new Hostile(Plans.HONEST.server(settings, pages), vice, pages) {
                    @Override
                    void settle(List<? super Signal> outbox) {}

                    @Override
                    boolean settles(Object output) {
                        return output instanceof LinkPort.Send;
                    }
                };
            }
        };
    }

    private abstract static class Hostile implements Machine {
        private final Machine honest;
        private final Vice vice;
        private final ByteBufAllocator pages;
        private long steps;
        private long now;

        Hostile(Machine honest, Vice vice, ByteBufAllocator pages) {
            this.honest = honest;
            this.vice = vice;
            this.pages = pages;
        }

        abstract void settle(List<? super Signal> outbox);

        abstract boolean settles(Object output);

        @Override
        public void step(long time, Signal input, List<? super Signal> outbox) {
            now = time;
            List<Signal> outputs = new ArrayList<>();
            honest.step(time, input, outputs);
            if (++steps > 20 && vice == Vice.FALLS_OVER) {
                throw new IllegalStateException("on purpose");
            }
            if (vice == Vice.SETTLES_WHAT_NOBODY_ASKED_FOR) {
                settle(outbox);
            }
            if (vice == Vice.LEAKS) {
                pages.buffer(10);
            }
            for (Signal output : outputs) {
                if (vice != Vice.SETTLES_NOTHING || steps < 20 || !settles(output)) {
                    outbox.add(output);
                }
            }
        }

        @Override
        public long nextDeadline() {
            return vice == Vice.NEVER_RESTS && steps > 20 ? now : honest.nextDeadline();
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

    /** The second client is hostile, on an export of its own. */
    private static Plan hostileClient(long seed) {
        List<OperationPlan> operations = new ArrayList<>(Plans.operations(seed, 40));
        operations.addAll(Plans.forClient(1, Plans.operations(seed + 1, 40), 1000));
        // One of the honest client's waits for one of the hostile one's.
        operations.add(new OperationPlan(3000, Plans.CLIENT, 0, 1040, Kind.FLUSH, 0, 0, false));
        return Plans.world(
                seed,
                List.of(Plans.client("one"), Plans.running(Plans.client("two"), HostPlan.HOSTILE)),
                List.of(Plans.server(Machines.PRESENT)),
                List.of(Plans.export("one", 0), Plans.export("two", Plans.SIZE)),
                operations,
                List.of());
    }

    @Test
    void whatAHostileClientDoesIsNotTheRunsFailureAndTheHonestOneGoesOn() {
        for (Vice vice : Vice.values()) {
            List<Outcome> honest = new ArrayList<>();
            long[] crashed = new long[1];
            Run run = new World(hostileClient(1), with(vice), (now, layer, value) -> {
                        if (value instanceof BlockPort.Completed(long _, Outcome outcome)
                                && layer.node().equals("client")) {
                            honest.add(outcome);
                        }
                        if (value instanceof WorldEvent.ProcessCrashed) {
                            assertEquals("client-2", layer.node());
                            crashed[0]++;
                        }
                    })
                    .run();
            assertEquals(List.of(), run.findings(), vice.toString());
            assertEquals(41, honest.size(), vice.toString());
            assertTrue(honest.stream().allMatch(Outcome.Done.class::isInstance), vice.toString());
            assertEquals(vice == Vice.FALLS_OVER || vice == Vice.NEVER_RESTS, crashed[0] > 1, vice.toString());
        }
    }

    @Test
    void hostileServerIsReplacedByAnHonestOneWhenTheFaultsEnd() {
        for (Vice vice : Vice.values()) {
            Plan plan = Plans.world(
                    1,
                    List.of(Plans.client(Plans.EXPORT)),
                    List.of(Plans.server(HostPlan.HOSTILE)),
                    List.of(Plans.export(Plans.EXPORT, 0)),
                    Plans.operations(1, 40),
                    List.of());
            Run run = new World(plan, with(vice), (now, layer, value) -> {}).run();
            assertEquals(List.of(), run.findings(), vice.toString());
            assertEquals(40, run.counts().total(Item.SUBMITTED), vice.toString());
            assertEquals(40, run.counts().latencies().getTotalCount(), vice.toString());
        }
    }

    @Test
    void planSaysWhoIsHonest() {
        Plan plan = hostileClient(1);
        assertTrue(plan.isHonest("client") && plan.isHonest("server"));
        assertFalse(plan.isHonest("client-2"));
    }
}
