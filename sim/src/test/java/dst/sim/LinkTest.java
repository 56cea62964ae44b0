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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How links break: what each end hears of it, and when. */
class LinkTest {
    private static final long SECOND = Plans.SECOND;

    /** When things happened to the links; those of the client and those of the server bear the same numbers here. */
    private static final class Watched implements Tap {
        final Map<Long, Long> openedAt = new HashMap<>();
        final Map<Long, Long> clientClosedAt = new HashMap<>();
        final Map<Long, String> reasons = new HashMap<>();
        final Map<Long, Long> serverClosedAt = new HashMap<>();
        final Map<Long, Long> lastToServer = new HashMap<>();
        final Map<Long, Long> lastToClient = new HashMap<>();
        final Set<Long> closedByMachine = new HashSet<>();
        long late;
        long longestSilence;
        private long lastReceived;

        @Override
        public void saw(long now, Layer layer, Object value) {
            switch (value) {
                case LinkPort.Opened(long link) -> openedAt.put(link, now);
                case LinkPort.Closed(long link, String reason)
                when layer.is(Layer.CLIENT) -> {
                    assertFalse(closedByMachine.contains(link), "told of a link that the machine had closed");
                    clientClosedAt.put(link, now);
                    reasons.put(link, reason);
                }
                case LinkPort.Closed(long link, String _) -> serverClosedAt.put(link, now);
                case LinkPort.Close(long link, var _) when layer.is(Layer.CLIENT) -> closedByMachine.add(link);
                case LinkPort.Received(long link, var _)
                when layer.is(Layer.CLIENT) -> {
                    late += closedByMachine.contains(link) ? 1 : 0;
                    lastToClient.put(link, now);
                }
                case LinkPort.Received(long link, var _) -> {
                    longestSilence = Math.max(longestSilence, now - lastReceived);
                    lastReceived = now;
                    lastToServer.put(link, now);
                }
                default -> {}
            }
        }
    }

    private static Watched watch(long seed, Fault... faults) {
        Watched watched = new Watched();
        Run run = new World(Plans.of(seed, List.of(), List.of(faults)), Scripted.talking(seed), watched).run();
        assertEquals(List.of(), run.findings());
        return watched;
    }

    private static Fault at(long nanos, Strike strike, Target target) {
        return new Fault(new When.At(nanos), strike, target);
    }

    private static Fault at(long nanos, Strike strike) {
        return new Fault(new When.At(nanos), strike);
    }

    @Test
    void lateBytesOfALinkThatTheClientClosedComeNowAndThen() {
        long closed = 0;
        long late = 0;
        for (long seed = 1; seed <= 30; seed++) {
            Watched watched = watch(seed);
            closed += watched.closedByMachine.size();
            late += watched.late;
        }
        assertTrue(late > 0 && late < closed, late + " late pieces of " + closed + " links");
    }

    @Test
    void bytesOfTheOldConnectionReachTheServerAfterTheClientHasANewOne() {
        Fault cut = new Fault(new When.AtMessage(Direction.TO_SERVER, 20), new Strike.CutLate(2 * SECOND));
        Watched watched = watch(1, cut);
        long gone = watched.clientClosedAt.get(1L);
        assertTrue(watched.openedAt.get(2L) > gone);
        assertTrue(watched.lastToServer.get(1L) > gone + SECOND);
        assertTrue(watched.serverClosedAt.get(1L) >= watched.lastToServer.get(1L));
    }

    @Test
    void afterAPowerCutThereIsSilenceUntilTheRestartedHostAnswersWithAReset() {
        Watched watched = watch(2, at(SECOND, new Strike.PowerCut(3 * SECOND)));
        assertTrue(watched.clientClosedAt.get(1L) >= 4 * SECOND);
        assertTrue(watched.clientClosedAt.get(1L) < 5 * SECOND);
        assertEquals("connection reset by the peer", watched.reasons.get(1L));
        assertFalse(watched.serverClosedAt.containsKey(1L));
    }

    @Test
    void afterACrashTheKernelTellsThePeerAndRefusesConnects() {
        Watched watched = watch(2, at(SECOND, new Strike.Crash(SECOND), Target.SERVER));
        assertTrue(watched.clientClosedAt.get(1L) < SECOND + 10 * Plans.MILLI);
        assertEquals("connection refused", watched.reasons.get(2L));
        assertTrue(watched.openedAt.values().stream().anyMatch(at -> at >= 2 * SECOND));
    }

    @Test
    void nothingComesOutOfABlackHoleAndNobodyIsTold() {
        Watched watched = watch(2, at(SECOND, new Strike.BlackHole(Direction.BOTH, SECOND)));
        assertTrue(watched.lastToServer.get(1L) <= SECOND);
        assertTrue(watched.lastToClient.get(1L) <= SECOND);
        assertFalse(watched.clientClosedAt.containsKey(1L));
        assertFalse(watched.serverClosedAt.containsKey(1L));
    }

    @Test
    void afterARebindingTheOldConnectionIsSilentForGoodAndANewOnePassesAtOnce() {
        Watched watched = watch(2, at(SECOND, new Strike.Rebind()), at(SECOND + 1, new Strike.Crash(0), Target.CLIENT));
        assertTrue(watched.openedAt.get(1L) >= SECOND && watched.openedAt.get(1L) < SECOND + 10 * Plans.MILLI);
        assertTrue(watched.lastToServer.get(1L) <= SECOND);
        assertTrue(watched.lastToServer.get(2L) > SECOND);
        // Not even the old process's end is heard of.
        assertFalse(watched.serverClosedAt.containsKey(1L));
    }

    @Test
    void connectsIntoABlackHoleTimeOut() {
        Watched watched = watch(
                2,
                at(SECOND, new Strike.Cut()),
                at(SECOND - 1, new Strike.BlackHole(Direction.TO_CLIENT, 2 * SECOND)),
                at(SECOND + 1, new Strike.Crash(SECOND / 2), Target.CLIENT));
        assertTrue(watched.reasons.containsValue("the connection timed out"), watched.reasons.toString());
    }

    @Test
    void stalledBytesFlowOnInOrderAfterwards() {
        Watched watched = watch(4, at(SECOND, new Strike.Stall(Direction.TO_SERVER, 3 * SECOND)));
        assertTrue(watched.longestSilence >= 3 * SECOND - SECOND / 3);
        assertTrue(watched.longestSilence < 4 * SECOND);
    }

    @Test
    void cutIsHeardOnBothSides() {
        Watched watched = watch(5, at(SECOND, new Strike.Cut()));
        assertTrue(watched.clientClosedAt.get(1L) < SECOND + 10 * Plans.MILLI);
        assertTrue(watched.serverClosedAt.get(1L) < SECOND + 10 * Plans.MILLI);
    }

    @Test
    void processThatStandsStillHearsEverythingAfterwards() {
        Watched watched = watch(6, at(SECOND, new Strike.Pause(2 * SECOND), Target.SERVER));
        assertTrue(watched.longestSilence >= 2 * SECOND - SECOND / 3);
        assertEquals(Map.of(), watched.reasons);
    }

    @Test
    void processWhoseClockStandsStillHearsWhatArrivesAndItsTimerWaits() {
        Fault stop = at(SECOND, new Strike.StopClock(3 * SECOND), Target.CLIENT);
        Watched watched = watch(6, stop);
        assertTrue(watched.longestSilence >= 3 * SECOND - SECOND / 3);
        assertTrue(watched.longestSilence < 4 * SECOND);
        assertTrue(watched.lastToClient.get(1L) > 4 * SECOND);
        // The server's does not drive it: it answers all the time.
        Watched attentive = watch(6, at(SECOND, new Strike.StopClock(SECOND / 10), Target.SERVER));
        assertTrue(attentive.longestSilence < SECOND);
    }
}
