package dst.protocol.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Control;
import dst.protocol.Machine;
import dst.protocol.Prng;
import dst.protocol.Signal;
import dst.protocol.client.Client;
import dst.protocol.server.Server;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * Equal digests mean an equal future: machines that came to the same digest by different ways, the same inputs in another order, do
 * the same from then on, step by step, whatever comes.
 */
class EqualDigestsTest {
    private static final int TOURS = Integer.getInteger("dst.digest.tours", 12) * 10;
    private static final int AT_ONCE = 4;
    private static final int ORDERS = 8;
    private static final int FUTURE = 25;

    private static final Function<Bytes, Machine> SERVER = bytes -> new Server(ServerTour.settings(), bytes.pages);
    private static final Function<Bytes, Machine> CLIENT = bytes -> new Client(ClientTour.settings(), bytes.pages);

    @Test
    void serversOfOneDigestHaveOneFuture() {
        int pairs = comparedPairs(SERVER, ServerTour::new);
        assertTrue(pairs > TOURS / 4, pairs + " pairs that came the one way and the other");
    }

    @Test
    void clientsOfOneDigestHaveOneFuture() {
        int pairs = comparedPairs(CLIENT, ClientTour::new);
        assertTrue(pairs > TOURS / 4, pairs + " pairs that came the one way and the other");
    }

    /** A machine that remembers more than it says in its digest is found out. */
    @Test
    void machineThatKeepsSomethingToItselfIsSeen() {
        assertThrows(
                AssertionError.class,
                () -> comparedPairs(bytes -> new Secretive(SERVER.apply(bytes), Control.Noted::new), ServerTour::new));
        assertThrows(
                AssertionError.class,
                () -> comparedPairs(bytes -> new Secretive(CLIENT.apply(bytes), Control.Noted::new), ClientTour::new));
    }

    /** How many pairs of different history and equal digest were led on, and stayed equal. */
    private static int comparedPairs(Function<Bytes, Machine> make, LongFunction<Tour> tours) {
        int pairs = 0;
        Prng seeds = new Prng(7);
        for (int i = 0; i < TOURS; i++) {
            long seed = seeds.next();
            Map<Long, Way> ways = new TreeMap<>();
            Prng orders = new Prng(seed);
            for (List<Integer> order : orders(orders)) {
                Way way = new Way(make, tours.apply(seed), 20 + (int) (Math.floorMod(seed, 60)), order);
                Way known = ways.putIfAbsent(way.traveller.machine.digest(), way);
                if (known == null) {
                    continue;
                }
                pairs++;
                // The one that was first here goes on with each that came after it, from the beginning.
                Way first = new Way(make, tours.apply(seed), known.steps, known.order);
                compare(first, way, seed);
                first.traveller.end();
                way.traveller.end();
            }
            ways.values().forEach(way -> way.traveller.end());
        }
        return pairs;
    }

    private static List<List<Integer>> orders(Prng prng) {
        List<List<Integer>> orders = new ArrayList<>();
        for (int i = 0; i < ORDERS; i++) {
            List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
            for (int at = order.size() - 1; at > 0; at--) {
                Collections.swap(order, at, (int) prng.below(at + 1));
            }
            if (!orders.contains(order)) {
                orders.add(order);
            }
        }
        return orders;
    }

    private static void compare(Way first, Way second, long seed) {
        String pair = "tour " + seed + " after " + first.steps + " steps, in the orders " + first.order + " and "
                + second.order;
        long now = first.now;
        for (int step = 0; step < FUTURE; step++) {
            now += first.tour.passes();
            Event<Signal> event = first.tour.next();
            long one = first.traveller.step(now, event, first.tour::saw);
            long other = second.traveller.step(now, event, output -> {});
            String where = pair + ", step " + step;
            assertEquals(one, other, () -> "outputs differ: " + where);
            assertEquals(
                    first.traveller.machine.digest(),
                    second.traveller.machine.digest(),
                    () -> "digests differ: " + where);
            assertEquals(
                    first.traveller.machine.nextDeadline(),
                    second.traveller.machine.nextDeadline(),
                    () -> "deadlines differ: " + where);
        }
    }

    /** A machine that was led along a tour, and was then given what came next all at once, in this order. */
    private static final class Way {
        final Traveller traveller;
        final Tour tour;
        final int steps;
        final List<Integer> order;
        long now;

        Way(Function<Bytes, Machine> make, Tour tour, int steps, List<Integer> order) {
            this.traveller = new Traveller(make);
            this.tour = tour;
            this.steps = steps;
            this.order = order;
            for (int step = 0; step < steps; step++) {
                now += tour.passes();
                traveller.step(now, tour.next(), tour::saw);
            }
            List<Event<Signal>> atOnce = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                atOnce.add(tour.next());
            }
            for (int index : order) {
                traveller.step(now, atOnce.get(index), tour::saw);
            }
        }
    }

    /** It remembers in which order its inputs came, says so later, and its digest does not show it. */
    private static final class Secretive implements Machine {
        private final Machine right;
        private final Function<String, Signal> noted;
        private long secret;

        Secretive(Machine right, Function<String, Signal> noted) {
            this.right = right;
            this.noted = noted;
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            right.step(now, input, outbox);
            secret = Prng.mix(secret + input.getClass().getSimpleName().length() * 31L);
            if (secret % 3 == 0) {
                outbox.add(noted.apply("by the way"));
            }
        }

        @Override
        public long nextDeadline() {
            return right.nextDeadline();
        }

        @Override
        public long digest() {
            return right.digest();
        }

        @Override
        public void discard() {
            right.discard();
        }
    }
}
