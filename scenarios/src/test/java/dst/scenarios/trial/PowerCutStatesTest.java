package dst.scenarios.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Kind;
import dst.protocol.Prng;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.fault.Target;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Stamp;
import dst.protocol.trace.Stamp.Content;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import dst.reports.check.Checked;
import dst.reports.check.CrashStates;
import dst.reports.check.Ledger;
import dst.reports.check.Unknowns;
import dst.scenarios.library.Library;
import dst.sim.Plan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the simulated disk leaves after a power cut is one of the states that may be left after what it was asked for. */
final class PowerCutStatesTest {
    private static final int RUNS = 200;
    private static final long RESTART = 5_000_000;

    private final Library library = new Library();
    private final SystemUnderTest honest = new SystemUnderTest(library, Optional.empty());

    /** Client and server die at the same moment, so that nobody writes anything again. */
    @Test
    void aPowerCutLeavesOnlyLegalStatesAndManyDifferentOnes() {
        int several = 0;
        Set<String> survivals = new HashSet<>();
        for (long seed = 1; seed <= RUNS; seed++) {
            DiskLog log = run(seed, cuts(seed, 1, Fault.FOR_GOOD));
            CrashStates states = CrashStates.of(log.ledger);
            int[] left = log.left(states.offsets());
            assertEquals(List.of(), states.judge(left).findings(), "seed " + seed);
            several += states.count().compareTo(BigInteger.ONE) > 0 ? 1 : 0;
            survivals.add(survival(states, left));
        }
        assertTrue(several > RUNS / 3, several + " runs with more than one legal state");
        assertEquals(Set.of("only one", "least", "most", "between"), survivals);
    }

    private static String survival(CrashStates states, int[] left) {
        boolean least = true;
        boolean most = true;
        for (int i = 0; i < left.length; i++) {
            int[] legal = states.legal(states.offsets()[i]);
            least &= left[i] == legal[0];
            most &= left[i] == legal[legal.length - 1];
        }
        return least && most ? "only one" : least ? "least" : most ? "most" : "between";
    }

    /** Each life begins with what the cuts before left, and that is read. */
    @Test
    void soDoSeveralPowerCutsOneAfterTheOther() {
        long lives = 0;
        for (long seed = 1; seed <= RUNS; seed++) {
            DiskLog log = run(seed, cuts(seed, 3, RESTART));
            CrashStates states = CrashStates.of(log.ledger);
            assertEquals(List.of(), states.judge(log.left(states.offsets())).findings(), "seed " + seed);
            Checked checked = log.ledger.check(Unknowns.OVER_WHEN_TOLD);
            assertTrue(
                    checked.findings().stream()
                            .allMatch(finding -> finding.rule().name().equals("G6")),
                    () -> checked.findings().toString());
            assertTrue(checked.unknown().isEmpty(), () -> checked.unknown().toString());
            lives += checked.counts().eras();
        }
        assertTrue(lives > 2 * RUNS, lives + " lives");
    }

    /** A disk that says that it has flushed, and has not. */
    @Test
    void aDiskThatLiesIsFoundOut() {
        int found = 0;
        for (long seed = 1; seed <= RUNS; seed++) {
            List<Fault> faults = new ArrayList<>(cuts(seed, 1, Fault.FOR_GOOD));
            faults.add(new Fault(new When.At(0), new Strike.LyingFlush(1_000_000_000)));
            DiskLog log = run(seed, faults);
            CrashStates states = CrashStates.of(log.ledger);
            Checked checked = states.judge(log.left(states.offsets()));
            found += checked.clean() ? 0 : 1;
            assertTrue(checked.evidence().stream()
                    .allMatch(each -> !each.tags().isEmpty() && each.tags().size() <= 4));
        }
        assertTrue(found > RUNS / 4, found + " of " + RUNS + " found");
    }

    private static List<Fault> cuts(long seed, int times, long clientRestart) {
        Prng prng = new Prng(seed).split("cuts");
        List<Fault> faults = new ArrayList<>();
        long write = 0;
        for (int i = 0; i < times; i++) {
            write += prng.between(1, 25);
            When when = new When.AtDiskWrite(write);
            faults.add(new Fault(when, new Strike.Crash(clientRestart), Target.CLIENT));
            faults.add(new Fault(when, new Strike.PowerCut(RESTART)));
        }
        return faults;
    }

    private DiskLog run(long seed, List<Fault> faults) {
        Plan plan = library.scenario("both-crash").plan(seed).withFaults(faults);
        DiskLog log = new DiskLog(plan.blockSize());
        honest.run(plan, Optional.empty(), log);
        return log;
    }

    /** Tells a ledger what a server asks of its disk and is answered. Of what is written each content is new: nobody is left who replays. */
    private static final class DiskLog implements Tap {
        private final Ledger ledger;
        private final int blockSize;
        private final Map<Long, Integer> running = new HashMap<>();
        private final Map<Long, Integer> writers = new HashMap<>();
        private final Map<Long, Content> media = new HashMap<>();
        private final Map<Integer, Long> offsets = new HashMap<>();
        private boolean cut;
        private long tags;

        DiskLog(int blockSize) {
            this.blockSize = blockSize;
            this.ledger = Ledger.ofOneClient(blockSize, 0);
        }

        @Override
        public void saw(long now, Layer layer, Object value) {
            switch (value) {
                case DiskPort.Start it -> start(now, it.request());
                case DiskPort.Ended it -> end(now, it.ticket(), it.result());
                case WorldEvent.PowerCut _ -> {
                    ledger.powerCut();
                    running.clear();
                    cut = true;
                }
                case WorldEvent.MediaHolds it ->
                    media.put(it.offset(), content(Unpooled.wrappedBuffer(it.content()), 0, it.offset()));
                default -> {}
            }
        }

        private void start(long now, DiskRequest request) {
            if (cut) {
                ledger.restarted();
                cut = false;
            }
            switch (request) {
                case DiskRequest.Read it -> submit(now, it, Kind.READ, false, it.offset(), it.length());
                case DiskRequest.Write it -> {
                    int place = submit(
                            now,
                            it,
                            Kind.WRITE,
                            it.durable(),
                            it.offset(),
                            it.data().readableBytes());
                    Content content = content(it.data(), it.data().readerIndex(), it.offset());
                    assertEquals(Content.State.WHOLE, content.state());
                    Integer before = writers.put(content.tag(), place);
                    assertTrue(before == null, () -> "the content of " + content.tag() + " is written twice");
                }
                case DiskRequest.Zero it -> submit(now, it, Kind.ZERO, it.durable(), it.offset(), it.length());
                case DiskRequest.Trim it -> submit(now, it, Kind.TRIM, false, it.offset(), it.length());
                case DiskRequest.Flush it -> submit(now, it, Kind.FLUSH, false, 0, 0);
                case DiskRequest.Forget _ -> {}
            }
        }

        private int submit(long now, DiskRequest request, Kind kind, boolean durable, long offset, int length) {
            int place = ledger.submitted(++tags, kind, durable, offset, length, now);
            running.put(request.ticket(), place);
            offsets.put(place, offset);
            return place;
        }

        private void end(long now, long ticket, DiskResult result) {
            Integer place = running.remove(ticket);
            if (place == null) {
                return; // a FORGET
            }
            switch (result) {
                case DiskResult.Transferred _ -> ledger.done(place, now);
                case DiskResult.Failed _ -> ledger.unknown(place, now);
                case DiskResult.Data it -> {
                    ledger.done(place, now);
                    long offset = offsets.getOrDefault(place, 0L);
                    for (int at = 0; at < it.data().readableBytes(); at += blockSize) {
                        ledger.found(place, writer(content(it.data(), it.data().readerIndex() + at, offset + at)));
                    }
                }
            }
        }

        private Content content(ByteBuf data, int index, long offset) {
            return Stamp.read(data, index, blockSize, offset);
        }

        private int writer(Content content) {
            return switch (content.state()) {
                case ZERO -> Ledger.ZERO;
                case WHOLE -> writers.getOrDefault(content.tag(), Ledger.NOTHING);
                case MISPLACED, TORN, FOREIGN -> Ledger.NOTHING;
            };
        }

        private int[] left(long[] blocks) {
            int[] left = new int[blocks.length];
            for (int i = 0; i < left.length; i++) {
                left[i] = writer(media.getOrDefault(blocks[i], Content.ZERO));
            }
            return left;
        }
    }
}
