package dst.protocol.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Machine;
import dst.protocol.Prng;
import dst.protocol.ServerSettings;
import dst.protocol.client.Client;
import dst.protocol.server.Server;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/**
 * Whatever a machine remembers is in its digest: every field of every object that hangs on it is changed, one at a time, and the
 * digest has to change. What may be left out stands in {@link LeftOut}, with the reason.
 */
class CompleteDigestTest {
    private static final int TOURS = Integer.getInteger("dst.digest.tours", 40);
    private static final int STEPS = 120;

    @Disabled("to come with the server's links")
    @Test
    void everythingThatAServerRemembersIsInItsDigest() {
        assertComplete(bytes -> new Server(ServerSettings.DEFAULT, bytes.pages), ServerTour::new);
    }

    @Test
    void everythingThatAClientRemembersIsInItsDigest() {
        assertComplete(bytes -> new Client(ClientTour.settings(), bytes.pages), ClientTour::new);
    }

    private static <I, O> void assertComplete(Function<Bytes, Machine<I, O>> make, LongFunction<Tour<I, O>> tours) {
        Map<String, Integer> unseen = new TreeMap<>();
        Map<String, Integer> changed = new TreeMap<>();
        Prng seeds = new Prng(1);
        for (int i = 0; i < TOURS; i++) {
            long seed = seeds.next();
            Tour<I, O> tour = tours.apply(seed);
            Traveller<I, O> traveller = new Traveller<>(make);
            long now = 0;
            for (int step = 0; step < STEPS; step++) {
                now += tour.passes();
                traveller.step(now, tour.next(), tour::saw);
                if (step % 30 == 29) {
                    look(traveller.machine, unseen, changed);
                }
            }
            assertEquals(true, traveller.end(), "pages not given back");
        }
        assertEquals(Map.of(), unseen, "what differs in these is not in the digest");
        assertTrue(changed.size() > 100, () -> "little was there to be changed: " + changed.keySet());
    }

    private static void look(Machine<?, ?> machine, Map<String, Integer> unseen, Map<String, Integer> changed) {
        long before = machine.digest();
        for (Places.Place place : Places.of(machine, LeftOut::contains)) {
            place.change().run();
            long after;
            try {
                after = machine.digest();
            } catch (RuntimeException noSuchState) {
                // What no digest can be made of is told apart as well.
                after = before + 1;
            }
            place.restore().run();
            changed.merge(place.name(), 1, Integer::sum);
            if (after == before) {
                unseen.merge(place.name(), 1, Integer::sum);
            }
            assertEquals(before, machine.digest(), () -> "not as before: " + place.name());
        }
    }
}
