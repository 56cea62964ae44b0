package dst.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private final Places<Visitor> places = new Places<>(new Places.Limits(6, 4, 2));
    private long now;

    private Visitor serves(String origin, String export) {
        return serves(new Visitor(origin, export, ++now));
    }

    private Visitor serves(Visitor visitor) {
        assertNull(places.came(visitor));
        assertNull(places.through(visitor));
        return visitor;
    }

    private @Nullable Visitor displaces(Visitor newcomer) {
        assertNull(places.came(newcomer));
        return places.through(newcomer);
    }

    @Test
    void oneOfTheOriginWithMostGivesWayToAnother() {
        serves("honest", "a");
        Visitor idle = serves("greedy", "a");
        for (int i = 0; i < 4; i++) {
            serves("greedy", "b" + i);
        }
        assertSame(idle, displaces(new Visitor("newcomer", "a", ++now)));
    }

    @Test
    void busyOnesOfTheOriginWithMostGiveWayToAnother() {
        serves("honest", "a");
        for (int i = 0; i < 5; i++) {
            serves("greedy", "b").busy = true;
        }
        Visitor leaving = displaces(new Visitor("newcomer", "a", ++now));
        assertEquals("greedy", String.valueOf(leaving).split(" ")[0]);
    }

    @Test
    void ofOneOriginItIsOneOfTheExportWithMost() {
        serves("unix", "small");
        serves("unix", "small");
        Visitor longest = serves("unix", "large");
        for (int i = 0; i < 3; i++) {
            serves("unix", "large");
        }
        assertSame(longest, displaces(new Visitor("unix", "small", ++now)));
    }

    @Test
    void ofOneExportItIsTheLongestIdleAndBeforeItWhoNeverAsked() {
        Visitor first = serves("unix", "a");
        for (int i = 0; i < 4; i++) {
            serves("unix", "a");
        }
        Visitor silent = new Visitor("unix", "a", ++now);
        silent.used = false;
        serves(silent);
        assertSame(silent, displaces(new Visitor("unix", "a", ++now)));
        assertSame(first, displaces(new Visitor("unix", "a", ++now)));
    }

    @Test
    void whereAllOfTheSameAreBusyTheNewOneGoes() {
        for (int i = 0; i < 6; i++) {
            serves("unix", "a").busy = true;
        }
        Visitor newcomer = new Visitor("unix", "a", ++now);
        assertSame(newcomer, displaces(newcomer));
        assertFalse(places.has(newcomer));
    }

    @Test
    void whoeverDoesNotComeThroughDisplacesOnlyWhoHasNotEither() {
        List<Visitor> served = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            served.add(serves("a", "a"));
        }
        List<Visitor> silent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            silent.add(new Visitor("b" + i % 3, "", ++now));
            Visitor leaving = places.came(silent.getLast());
            assertFalse(served.contains(leaving));
            assertNotSame(silent.getLast(), leaving);
        }
        assertTrue(places.all().containsAll(served));
        assertEquals(6 + 4, places.count());
        assertTrue(places.has(silent.getLast()), "the newest is within its handshake");
    }

    @Test
    void oneOriginHasOnlySoManyHandshakes() {
        Visitor other = new Visitor("b", "", ++now);
        places.came(other);
        Visitor first = new Visitor("a", "", ++now);
        places.came(first);
        places.came(new Visitor("a", "", ++now));
        assertSame(first, places.came(new Visitor("a", "", ++now)));
        assertTrue(places.has(other));
    }

    /** Whatever comes, a newcomer of another origin than those that have more always gets in. */
    @Property
    void whoHasFewerThanAnotherAlwaysGetsIn(@ForAll long seed) {
        Random random = new Random(seed);
        Places<Visitor> any = new Places<>(new Places.Limits(10, 10, 10));
        for (int i = 0; i < 100; i++) {
            Visitor newcomer = new Visitor("o" + random.nextInt(4), "e" + random.nextInt(2), i);
            newcomer.busy = random.nextBoolean();
            any.came(newcomer);
            Visitor leaving = any.through(newcomer);
            List<Visitor> all = any.all();
            assertTrue(all.size() <= 10);
            if (leaving != null) {
                long ofLeaving = 1 + count(all, leaving.origin());
                assertTrue(all.stream().allMatch(it -> count(all, it.origin()) <= ofLeaving), "seed " + seed);
            }
        }
    }

    private static long count(List<Visitor> all, String origin) {
        return all.stream().filter(it -> it.origin().equals(origin)).count();
    }
}
