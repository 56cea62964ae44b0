package dst.protocol.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Control;
import dst.protocol.Machine;
import dst.protocol.Prng;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import dst.protocol.client.Client;
import dst.protocol.server.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever a machine remembers is in its digest: every field of every object that hangs on it is changed, one at a time, and the
 * digest has to change. What may be left out stands in {@link LeftOut}, with the reason.
 */
class CompleteDigestTest {
    private static final int TOURS = Integer.getInteger("dst.digest.tours", 12);
    private static final int STEPS = 120;

    @Test
    void everythingThatAServerRemembersIsInItsDigest() {
        assertComplete(bytes -> new Server(ServerTour.settings(), bytes.pages), ServerTour::new);
    }

    @Test
    void everythingThatAClientRemembersIsInItsDigest() {
        assertComplete(bytes -> new Client(ClientTour.settings(), bytes.pages), ClientTour::new);
    }

    @Test
    void fieldThatIsMissingInADigestIsSeen() {
        Map<String, Integer> unseen = new TreeMap<>();
        look(new Incomplete(), unseen, new TreeMap<>());
        assertEquals(Set.of("Incomplete.unshown", "Incomplete.parts>Part.forgotten"), unseen.keySet());
    }

    /** Its digest shows one field and half of another. */
    private static final class Incomplete implements Machine {
        private long shown = 1;
        private boolean unshown;
        private final List<Part> parts = new ArrayList<>(List.of(new Part(1, 2)));

        private record Part(int known, int forgotten) {}

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            unshown ^= input instanceof Control.TimerFired;
            shown = now;
        }

        @Override
        public long nextDeadline() {
            return NEVER;
        }

        @Override
        public long digest() {
            StateDigest digest = new StateDigest().add(shown).add(parts.size());
            parts.forEach(part -> digest.add(part.known()));
            return digest.value();
        }

        @Override
        public void discard() {}
    }

    /** A reason for a field that is gone would hide the next one of that name. */
    @Test
    void whatIsLeftOutIsThere() {
        for (String name : LeftOut.reasons().keySet()) {
            String[] parts = name.split("\\.", 2);
            assertTrue(
                    Stream.of("", "client.", "server.", "wire.", "Order$", "wire.Message$")
                            .anyMatch(where -> has("dst.protocol." + where + parts[0], parts[1])),
                    name);
        }
    }

    private static boolean has(String type, String field) {
        try {
            return Class.forName(type).getDeclaredField(field) != null;
        } catch (ClassNotFoundException | NoSuchFieldException elsewhere) {
            return field.isEmpty();
        }
    }

    private static void assertComplete(Function<Bytes, Machine> make, LongFunction<Tour> tours) {
        Map<String, Integer> unseen = new TreeMap<>();
        Map<String, Integer> changed = new TreeMap<>();
        Prng seeds = new Prng(1);
        for (int i = 0; i < TOURS; i++) {
            long seed = seeds.next();
            Tour tour = tours.apply(seed);
            Traveller traveller = new Traveller(make);
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

    private static void look(Machine machine, Map<String, Integer> unseen, Map<String, Integer> changed) {
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
