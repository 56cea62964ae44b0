package dst.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final long MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000L;

    private final Budget<Visitor> budget = new Budget<>(64 * MIB);
    private final Visitor honest = new Visitor("honest", "a", 0);

    @Test
    void whoHasNothingGetsASmallRequestWhateverOthersHave() {
        for (int i = 0; i < 64; i++) {
            Visitor greedy = new Visitor("greedy", "a", 0);
            for (int asked = 0; asked < 1000 && budget.asks(greedy, 128 << 10, 0); asked++) {
                // It takes what it gets, and gives nothing back.
            }
        }
        assertTrue(budget.taken() <= 64 * MIB + 64 * Budget.SMALL, budget.taken() + " bytes");
        for (int i = 0; i < 1000; i++) {
            assertTrue(budget.asks(honest, 128 << 10, i));
            budget.givesBack(honest, 128 << 10, i);
        }
    }

    @Test
    void whoTakesWhatItWasGivenGoesOnHoweverManyDoNot() {
        Visitor last = new Visitor("greedy", "a", 0);
        for (int i = 0; i < 200; i++) {
            last = new Visitor("greedy", "a", 0);
            while (budget.asks(last, 128 << 10, 0)) {
                // It takes what it gets, and gives nothing back.
            }
        }
        for (int i = 0; i < 100; i++) {
            budget.givesWay(i * SECOND);
            last.moved += 128 << 10;
            budget.givesBack(last, 128 << 10, i * SECOND);
            assertEquals(List.of(new Budget.Grant<>(last, 128 << 10)), budget.grants(i * SECOND));
            assertFalse(budget.asks(last, 128 << 10, i * SECOND));
        }
    }

    @Test
    void whoHasMuchLeavesAsMuchToOthers() {
        long got = 0;
        while (budget.asks(honest, MIB, 0)) {
            got += MIB;
        }
        assertEquals(32 * MIB, got);
        assertTrue(budget.asks(new Visitor("other", "a", 0), 16 * MIB, 0));
    }

    @Test
    void largestRequestIsServedAloneAndDoesNotWaitForEverForManySmallOnes() {
        Visitor large = new Visitor("large", "a", 0);
        Visitor small = new Visitor("small", "a", 0);
        assertTrue(budget.asks(small, MIB / 8, 0));
        assertFalse(budget.asks(large, 64 * MIB + 512, 0));
        // Small ones go before it for a second, and then one at a time.
        assertTrue(budget.asks(small, 2 * MIB, SECOND / 2));
        assertFalse(budget.asks(small, MIB, SECOND));
        budget.givesBack(small, 2 * MIB, SECOND);
        assertEquals(List.of(new Budget.Grant<>(large, 64 * MIB + 512)), budget.grants(SECOND));
        budget.givesBack(large, 64 * MIB + 512, SECOND);
        assertEquals(List.of(new Budget.Grant<>(small, MIB)), budget.grants(SECOND));
    }

    @Test
    void whoIsStuckGivesWayToWhoWaitsForLongAndNobodyElseDoes() {
        Visitor stuck = new Visitor("stuck", "a", 0);
        Visitor slow = new Visitor("slow", "a", 0);
        Visitor waitsForTheDisk = new Visitor("disk", "a", 0);
        assertTrue(budget.asks(stuck, 20 * MIB, 0));
        assertTrue(budget.asks(slow, 20 * MIB, 0));
        assertTrue(budget.asks(waitsForTheDisk, 20 * MIB, 0));
        waitsForTheDisk.running = 20 * MIB;
        assertNull(budget.givesWay(60 * SECOND), "nobody waits");
        assertFalse(budget.asks(honest, 10 * MIB, 60 * SECOND));
        assertNull(budget.givesWay(61 * SECOND), "not for long");
        slow.moved += Budget.PACE;
        assertSame(stuck, budget.givesWay(60 * SECOND + Budget.STUCK_NANOS));
        assertEquals(List.of(new Budget.Grant<>(honest, 10 * MIB)), budget.grants(66 * SECOND));
        assertNull(budget.givesWay(66 * SECOND));
    }

    @Test
    void ofThoseThatAreStuckItIsOneOfTheOriginWithMost() {
        Visitor alone = new Visitor("alone", "a", 0);
        assertTrue(budget.asks(alone, 20 * MIB, 0));
        List<Visitor> many = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            many.add(new Visitor("many", "a", 0));
            budget.asks(many.getLast(), 5 * MIB, 0);
        }
        assertFalse(budget.asks(honest, 10 * MIB, 0));
        Visitor leaving = budget.givesWay(Budget.STUCK_NANOS);
        assertTrue(many.contains(leaving), String.valueOf(leaving));
    }

    @Test
    void ofThoseThatWaitItIsTheTurnOfTheOriginThatHasLeast() {
        List<Visitor> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add(new Visitor("many", "a", 0));
            budget.asks(many.getLast(), 30 * MIB, 0);
        }
        assertFalse(budget.asks(honest, 10 * MIB, SECOND / 2));
        budget.left(many.getFirst());
        assertEquals(List.of(new Budget.Grant<>(many.get(2), 30 * MIB)), budget.grants(SECOND / 4 * 5));
        budget.left(many.get(1));
        assertEquals(
                new Budget.Grant<>(honest, 10 * MIB), budget.grants(2 * SECOND).getFirst());
    }

    @Test
    void whatIsSmallerWaitsLessLongAndWhatIsLargeNotForEver() {
        assertTrue(budget.asks(new Visitor("busy", "a", 0), 60 * MIB, 0));
        Visitor large = new Visitor("a", "a", 0);
        Visitor little = new Visitor("a", "a", 0);
        assertFalse(budget.asks(large, 20 * MIB, 0));
        assertFalse(budget.asks(little, 6 * MIB, SECOND));
        assertEquals(List.of(new Budget.Grant<>(little, 6 * MIB)), budget.grants(2 * SECOND));
        assertFalse(budget.asks(new Visitor("a", "a", 0), 6 * MIB, 99 * SECOND));
        budget.givesBack(little, 6 * MIB, 100 * SECOND);
        assertEquals(List.of(), budget.grants(100 * SECOND), "what there is is kept for the large one");
    }

    @Test
    void whoIsStuckAndWaitsItselfHoldsUpNobodyAndIsNotDroppedForItself() {
        Visitor stuck = new Visitor("stuck", "a", 0);
        while (budget.asks(stuck, MIB, 0)) {
            // Until it waits.
        }
        assertNull(budget.givesWay(Budget.STUCK_NANOS), "it waits for itself alone");
        assertTrue(budget.asks(honest, 16 * MIB, 2 * Budget.STUCK_NANOS));
        assertEquals(List.of(), budget.grants(2 * Budget.STUCK_NANOS));
        // It takes what it was sent, and goes on.
        budget.givesBack(stuck, 30 * MIB, 3 * Budget.STUCK_NANOS);
        assertEquals(List.of(new Budget.Grant<>(stuck, MIB)), budget.grants(3 * Budget.STUCK_NANOS));
    }

    @Test
    void whoIsGoneOrWantsNothingAnyMoreIsForgotten() {
        Visitor other = new Visitor("other", "a", 0);
        assertTrue(budget.asks(other, 60 * MIB, 0));
        assertFalse(budget.asks(honest, 10 * MIB, 0));
        budget.wantsNothing(honest);
        assertEquals(0, budget.waiting());
        assertFalse(budget.asks(honest, 10 * MIB, 0));
        budget.left(other);
        assertEquals(List.of(new Budget.Grant<>(honest, 10 * MIB)), budget.grants(0));
        budget.left(honest);
        assertEquals(0, budget.taken());
    }

    /** Everybody who goes on giving back what he got gets what he asked for in the end, and the bound holds all the time. */
    @Property(tries = 300)
    void nobodyWaitsForEverAndTheBoundHolds(@ForAll long seed) {
        Random random = new Random(seed);
        int count = 1 + random.nextInt(12);
        List<Visitor> all = new ArrayList<>();
        Map<Visitor, Long> has = new LinkedHashMap<>();
        Map<Visitor, Long> wants = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            all.add(new Visitor("o" + i % 3, "a", 0));
        }
        long now = 0;
        for (int step = 0; step < 2000; step++) {
            now += random.nextInt(100_000_000);
            Visitor one = all.get(random.nextInt(count));
            long held = has.getOrDefault(one, 0L);
            if (step < 1000 && !wants.containsKey(one) && random.nextBoolean()) {
                long bytes = 1 + (long) (Math.pow(random.nextDouble(), 4) * 64 * MIB);
                if (budget.asks(one, bytes, now)) {
                    has.merge(one, bytes, Long::sum);
                } else {
                    wants.put(one, bytes);
                }
            } else if (held > 0) {
                long back = step < 1000 ? 1 + random.nextLong(held) : held;
                one.moved += back;
                budget.givesBack(one, back, now);
                has.put(one, held - back);
            }
            for (Budget.Grant<Visitor> grant : budget.grants(now)) {
                assertEquals(wants.remove(grant.guest()), grant.bytes(), "seed " + seed);
                has.merge(grant.guest(), grant.bytes(), Long::sum);
            }
            assertEquals(has.values().stream().mapToLong(it -> it).sum(), budget.taken(), "seed " + seed);
            assertTrue(budget.taken() <= 72 * MIB + (long) count * Budget.SMALL, "seed " + seed);
        }
        assertEquals(Map.of(), wants, "seed " + seed);
        budget.givesWay(now);
    }
}
