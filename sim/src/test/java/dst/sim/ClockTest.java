package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Prng;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ClockTest {
    private static final class Tick extends Event {
        @Override
        void happen() {}
    }

    @Property(tries = 200)
    void eventsHappenInOrderOfTimeThenOfScheduling(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int count) {
        Prng draws = new Prng(seed);
        Clock clock = new Clock();
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ticks.add(new Tick());
            clock.schedule(ticks.get(i), draws.below(50));
        }
        for (int i = 0; i < count / 3; i++) {
            Tick tick = ticks.get((int) draws.below(count));
            if (draws.chance(1, 2)) {
                clock.cancel(tick);
            } else {
                clock.schedule(tick, draws.below(50));
            }
        }
        List<Tick> expected = new ArrayList<>(ticks);
        expected.removeIf(tick -> !tick.isScheduled());
        expected.sort(Comparator.<Tick>comparingLong(tick -> tick.at).thenComparingLong(tick -> tick.sequence));
        for (Tick tick : expected) {
            assertSame(tick, clock.next());
            assertEquals(tick.at, clock.now());
        }
        assertNull(clock.next());
    }

    @Test
    void timeNeverGoesBack() {
        Clock clock = new Clock();
        Tick tick = new Tick();
        clock.schedule(tick, 10);
        assertSame(tick, clock.next());
        clock.schedule(tick, 3);
        assertSame(tick, clock.next());
        assertEquals(10, clock.now());
        assertFalse(tick.isScheduled());
    }

    @Property(tries = 1000)
    void hostShowsItsDeadlineAtTheFirstInstantThatItCan(
            @ForAll @IntRange(min = -500_000, max = 1_000_000) int ppm,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long start,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000_000L) long now,
            @ForAll @LongRange(min = -10, max = 1_000_000_000_000_000L) long ahead) {
        HostClock clock = new HostClock(start, ppm);
        long deadline = clock.at(now) + ahead;
        long world = clock.whenShows(deadline, now);
        assertTrue(world >= now);
        assertTrue(clock.at(world) >= deadline);
        assertTrue(world == now || clock.at(world - 1) < deadline);
    }

    @Test
    void hostClockJumpsForwardAndDriftsFromNowOn() {
        HostClock clock = new HostClock(1000, 0);
        clock.jump(500, 70);
        assertEquals(1570, clock.at(500));
        clock.drift(500, 100_000);
        assertEquals(1570, clock.at(500));
        assertEquals(1570 + 1100, clock.at(1500));
    }

    @Property(tries = 1000)
    void clockThatStandsStillGoesOnFromThereAndItsDeadlinesWait(
            @ForAll @IntRange(min = -500_000, max = 1_000_000) int ppm,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long now,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long still,
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long ahead) {
        HostClock clock = new HostClock(1000, ppm);
        HostClock going = new HostClock(1000, ppm);
        clock.stop(now, now + still);
        long shown = going.at(now);
        assertEquals(shown, clock.at(now));
        assertEquals(shown, clock.at(now + still / 2));
        assertEquals(shown, clock.at(now + still));
        long due = clock.whenShows(shown + ahead, now + still / 3);
        assertTrue(due >= now + still);
        assertTrue(clock.at(due) >= shown + ahead && clock.at(due - 1) < shown + ahead);
        clock.jump(now + still / 2, 70);
        assertEquals(shown + 70, clock.at(now + still));
        clock.drift(now + still / 2, 0);
        assertEquals(shown + 170, clock.at(now + still + 100));
    }
}
