package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.BlockPort;
import dst.protocol.ClientSettings;
import dst.protocol.DiskPort;
import dst.protocol.Finding;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Rules;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.fault.Target;
import dst.protocol.trace.WorldEvent;
import dst.sim.Counts.Item;
import dst.sim.Plan.OperationPlan;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the world itself finds wrong with a process, each planted once; and that it accuses nobody else. */
class HostTest {
    private static final OperationPlan WRITE = new OperationPlan(1, Plans.CLIENT, 0, 0, Kind.WRITE, 0, 512, false);

    /** The honest server behind something that goes wrong. */
    private abstract static class Wrapped implements Machine {
        final Machine honest;
        final ByteBufAllocator pages;

        Wrapped(ByteBufAllocator pages) {
            this.honest = Plans.HONEST.server(ServerSettings.DEFAULT, pages);
            this.pages = pages;
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
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

    private static Machines with(ServerMaker server) {
        return new Machines() {
            @Override
            public Machine client(ClientSettings settings, ByteBufAllocator pages) {
                return Plans.HONEST.client(settings, pages);
            }

            @Override
            public Machine server(ServerSettings settings, ByteBufAllocator pages) {
                return server.make(pages);
            }
        };
    }

    private interface ServerMaker {
        Machine make(ByteBufAllocator pages);
    }

    private static Finding only(Run run) {
        assertEquals(1, run.findings().size(), run.findings().toString());
        return run.findings().getFirst();
    }

    private static Run run(Machines machines, List<OperationPlan> operations, List<Fault> faults) {
        return new World(Plans.of(1, operations, faults), machines, (now, layer, value) -> {}).run();
    }

    @Test
    void pageThatNeverComesBackIsFoundAtACrash() {
        Machines leaking = with(pages -> new Wrapped(pages) {
            @Override
            public void discard() {
                pages.buffer(100);
                super.discard();
            }
        });
        Fault crash = new Fault(new When.At(Plans.SECOND), new Strike.Crash(Plans.SECOND), Target.SERVER);
        Run run = run(leaking, List.of(WRITE), List.of(crash));
        assertEquals(2, run.findings().size());
        assertEquals(Rules.R7, run.findings().get(0).rule());
        assertEquals(Side.SERVER, run.findings().get(0).side());
        assertEquals(Plans.SECOND, run.findings().get(0).at());
    }

    @Test
    void machineThatNeverComesToRestIsFound() {
        Machines restless = with(pages -> new Wrapped(pages) {
            private long now;

            @Override
            public void step(long time, Signal input, List<? super Signal> outbox) {
                now = time;
                super.step(time, input, outbox);
            }

            @Override
            public long nextDeadline() {
                return now;
            }
        });
        Finding finding = only(run(restless, List.of(WRITE), List.of()));
        assertEquals(Rules.G6, finding.rule());
        assertEquals(Side.SERVER, finding.side());
    }

    @Test
    void machineThatFallsOverIsFound() {
        Machines falling = with(pages -> new Wrapped(pages) {
            @Override
            public void step(long now, Signal input, List<? super Signal> outbox) {
                if (input instanceof LinkPort.Received) {
                    pages.buffer(8192);
                }
                super.step(now, input, outbox);
            }
        });
        Finding finding = only(run(falling, List.of(WRITE), List.of()));
        assertEquals(Rules.G8, finding.rule());
        assertEquals(Side.SERVER, finding.side());
        assertTrue(finding.sentence().contains("8192 bytes"), finding.sentence());
    }

    @Test
    void operationThatHangsIsNamed() {
        Machines deaf = with(pages -> new Wrapped(pages) {
            @Override
            public void step(long now, Signal input, List<? super Signal> outbox) {
                if (!(input instanceof DiskPort.Ended)) {
                    super.step(now, input, outbox);
                }
            }
        });
        Run run = run(deaf, List.of(WRITE), List.of());
        Finding finding = run.findings().getFirst();
        assertEquals(Rules.G6, finding.rule());
        assertEquals(Side.OPEN, finding.side());
        assertTrue(finding.sentence().contains("operation 1 (write 0+512)"), finding.sentence());
    }

    @Test
    void outcomeForNobodyIsFound() {
        Machines twice = new Machines() {
            @Override
            public Machine client(ClientSettings settings, ByteBufAllocator pages) {
                return new Twice(Plans.HONEST.client(settings, pages));
            }

            @Override
            public Machine server(ServerSettings settings, ByteBufAllocator pages) {
                return Plans.HONEST.server(ServerSettings.DEFAULT, pages);
            }
        };
        Finding finding = only(run(twice, List.of(WRITE), List.of()));
        assertEquals(Rules.G5, finding.rule());
        assertEquals(Side.CLIENT, finding.side());
    }

    /** Says each outcome twice. */
    private record Twice(Machine honest) implements Machine {
        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            List<Signal> outputs = new ArrayList<>();
            honest.step(now, input, outputs);
            for (Signal output : outputs) {
                outbox.add(output);
                if (output instanceof BlockPort.Completed(long tag, dst.protocol.Outcome.Done(var data))) {
                    outbox.add(new BlockPort.Completed(tag, new dst.protocol.Outcome.Done(data.retainedSlice())));
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

    private static OperationPlan read(long tag, long at, long after) {
        return new OperationPlan(tag, Plans.CLIENT, at, after, Kind.READ, 0, Plans.BLOCK, false);
    }

    @Test
    void whatComesAsAPauseEndsComesAfterWhatWaitedForItsEnd() {
        List<Long> order = new ArrayList<>();
        // The last one's time is in the queue before the pause begins, so before its end.
        OperationPlan before = read(1, Plans.SECOND / 2, OperationPlan.NOTHING);
        OperationPlan during = read(2, Plans.SECOND, 1);
        OperationPlan atTheEnd = read(3, 2 * Plans.SECOND, OperationPlan.NOTHING);
        Fault pause = new Fault(new When.At(Plans.SECOND), new Strike.Pause(Plans.SECOND), Target.CLIENT);
        Plan plan = Plans.of(1, List.of(before, during, atTheEnd), List.of(pause));
        new World(plan, Plans.HONEST, (now, layer, value) -> {
                    if (value instanceof BlockPort.Submit submitted) {
                        order.add(submitted.tag());
                    }
                })
                .run();
        assertEquals(List.of(1L, 2L, 3L), order);
    }

    @Test
    void operationsWaitForAClientThatIsDownAndFollowersOfLostOnesStillStart() {
        List<OperationPlan> operations = List.of(
                new OperationPlan(1, Plans.CLIENT, 2 * Plans.SECOND, 0, Kind.WRITE, 0, 512, false),
                new OperationPlan(2, Plans.CLIENT, 3 * Plans.SECOND, 0, Kind.READ, 0, 512, false),
                new OperationPlan(3, Plans.CLIENT, 0, 1, Kind.FLUSH, 0, 0, false));
        Fault crash = new Fault(new When.AtDiskWrite(1), new Strike.Crash(4 * Plans.SECOND), Target.CLIENT);
        Run run = run(Plans.HONEST, operations, List.of(crash));
        assertEquals(List.of(), run.findings());
        assertEquals(3, run.counts().total(Item.SUBMITTED));
        assertEquals(1, run.counts().total(Item.LOST));
        assertEquals(1L, run.counts().view().get("read done"));
        assertEquals(1L, run.counts().view().get("flush done"));
        assertEquals(2, run.counts().total(Item.CLIENT_STARTS));
    }

    @Test
    void crashForGoodLastsUntilHealed() {
        Fault crash = new Fault(new When.At(Plans.SECOND), new Strike.Crash(Fault.FOR_GOOD), Target.SERVER);
        List<Long> starts = new ArrayList<>();
        new World(Plans.of(1, List.of(WRITE), List.of(crash)), Plans.HONEST, (now, layer, value) -> {
                    if (layer.node().equals("server") && value instanceof WorldEvent.ProcessStarted) {
                        starts.add(now);
                    }
                })
                .run();
        assertEquals(List.of(0L, 20 * Plans.SECOND), starts);
    }

    @Test
    void faultsThatFindNothingAreMissedAndNotStruck() {
        List<Fault> faults = List.of(
                new Fault(new When.AtDiskWrite(100), new Strike.Cut()),
                new Fault(new When.At(0), new Strike.ReadError(1)),
                new Fault(new When.At(30 * Plans.SECOND), new Strike.PowerCut(0)));
        Run run = run(Plans.HONEST, List.of(WRITE), faults);
        assertEquals(Map.of(), run.counts().struck());
        assertEquals(
                Map.of("cut", 1L, "read-error", 1L, "power-cut", 1L),
                run.counts().missed());
    }

    @Test
    void badRequestsDoNotBreakTheWorld() {
        List<OperationPlan> operations = List.of(
                new OperationPlan(1, Plans.CLIENT, 0, 0, Kind.WRITE, 100, 777, false),
                new OperationPlan(2, Plans.CLIENT, 0, 0, Kind.READ, Plans.SIZE, 512, false),
                new OperationPlan(3, Plans.CLIENT, 0, 0, Kind.WRITE, Plans.SIZE - 512, 4096, true),
                new OperationPlan(4, Plans.CLIENT, 0, 0, Kind.TRIM, 1, 1, false),
                new OperationPlan(5, Plans.CLIENT, 0, 0, Kind.WRITE, 0, 2 << 20, false));
        Run run = run(Plans.HONEST, operations, List.of());
        assertEquals(List.of(), run.findings());
        assertEquals(5, run.counts().total(Item.SUBMITTED));
        assertEquals(null, run.counts().view().get("write done"));
    }
}
