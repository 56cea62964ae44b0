package dst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** T5 where it is decided, against the plainest thing that could decide it. */
class OrderTest {
    private static final class Named extends Order.Place {
        final int from;
        final int end;
        final boolean changes;
        boolean running;

        Named(int from, int length, boolean changes) {
            super(from, length, changes);
            this.from = from;
            this.end = from + length;
            this.changes = changes;
        }

        boolean conflicts(Named other) {
            return from < other.end && other.from < end && (changes || other.changes);
        }
    }

    @Property(tries = 500)
    void whatRunsNeverConflictsAndWhatIsFreeIsNeverHeld(@ForAll @IntRange(min = 1) int seed) {
        Prng prng = new Prng(seed);
        Order order = new Order();
        List<Named> present = new ArrayList<>();
        ArrayDeque<Order.Place> freed = new ArrayDeque<>();
        for (int step = 0; step < 60; step++) {
            if (present.isEmpty() || prng.chance(3, 5)) {
                Named place = new Named((int) prng.below(12), (int) prng.between(1, 4), prng.chance(1, 2));
                place.running = order.enter(place);
                present.add(place);
            } else {
                Named leaving = present.remove((int) prng.below(present.size()));
                order.leave(leaving, freed);
                for (Order.Place place : freed) {
                    assertFalse(((Named) place).running, "freed twice");
                    ((Named) place).running = true;
                }
                freed.clear();
            }
            check(present);
        }
        assertEquals(present.size(), order.size());
    }

    /** Those that run are exactly those that conflict with nobody who came before them and is still there. */
    private static void check(List<Named> present) {
        for (int i = 0; i < present.size(); i++) {
            boolean free = true;
            for (int j = 0; j < i; j++) {
                free &= !present.get(i).conflicts(present.get(j));
            }
            assertEquals(free, present.get(i).running);
            assertTrue(!free || present.get(i).isFree());
        }
    }
}
