package dst.nbd;

import dst.protocol.StateDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * R7: how many NBD connections a host has, and who gives way where there is no place left. A place costs nothing as long as nobody
 * needs it, so an idle connection may stay for ever. Whoever has not come through a handshake displaces only others who have not.
 */
public final class Places<G extends Guest> {
    private final Limits limits;

    /** Those within their handshake, in the order in which they came. */
    private final LinkedHashSet<G> greeted = new LinkedHashSet<>();

    /** Those that use an export, in the order in which they got it. */
    private final LinkedHashSet<G> served = new LinkedHashSet<>();

    /**
     * What is borne.
     *
     * @param servedMax connections that use an export
     * @param handshakesMax beside them, those that do not yet
     * @param handshakesOfOneMax of these, how many may be of one origin
     */
    public record Limits(int servedMax, int handshakesMax, int handshakesOfOneMax) {
        public Limits {
            if (servedMax < 1 || handshakesMax < 1 || handshakesOfOneMax < 1) {
                throw new IllegalArgumentException("nobody would be let in: " + servedMax + " connections, "
                        + handshakesMax + " handshakes, " + handshakesOfOneMax + " of one");
            }
        }

        /** So many in all, handshakes included, and no more than these. */
        public Limits within(int most) {
            int handshakes = Math.clamp(most / 4, 1, handshakesMax);
            return new Limits(
                    Math.clamp(most - handshakes, 1, servedMax),
                    handshakes,
                    Math.clamp(handshakes / 2, 1, handshakesOfOneMax));
        }
    }

    public Places(Limits limits) {
        this.limits = limits;
    }

    /** There is a new one; who has to go for it: nobody, or the oldest handshake of whoever has most of them. */
    public @Nullable G came(G guest) {
        greeted.add(guest);
        Map<String, Integer> counts = counts(greeted, Guest::origin);
        int ofOne = countOf(counts, guest.origin());
        boolean tooManyOfOne = ofOne > limits.handshakesOfOneMax();
        if (!tooManyOfOne && greeted.size() <= limits.handshakesMax()) {
            return null;
        }
        int most = counts.values().stream().mapToInt(it -> it).max().orElse(ofOne);
        for (G one : greeted) {
            if (tooManyOfOne ? one.origin().equals(guest.origin()) : countOf(counts, one.origin()) == most) {
                left(one);
                return one;
            }
        }
        throw new IllegalStateException("nobody has most");
    }

    /**
     * It has come through its handshake and uses its export; who has to go for it. That is somebody of whoever has most: by origin, and
     * of one origin's by export. Of those it is the one that never asked for anything, or has been idle longest; one for which something
     * runs is the last to go, after the new one too.
     */
    public @Nullable G through(G guest) {
        if (!greeted.remove(guest)) {
            return null;
        }
        served.add(guest);
        if (served.size() <= limits.servedMax()) {
            return null;
        }
        G leaving = served.stream().max(givesWay(guest)).orElseThrow();
        left(leaving);
        return leaving;
    }

    /** Who has just come is as little idle as can be. */
    private Comparator<G> givesWay(G newcomer) {
        Map<String, Integer> ofOrigin = counts(served, Guest::origin);
        Map<List<String>, Integer> ofExport = counts(served, Places::originAndExport);
        return Comparator.<G>comparingInt(it -> countOf(ofOrigin, it.origin()))
                .thenComparingInt(it -> countOf(ofExport, originAndExport(it)))
                .thenComparing(it -> !it.isBusy())
                .thenComparing(it -> !it.equals(newcomer))
                .thenComparing(it -> !it.isUsed())
                .thenComparing(Guest::activeAt, Comparator.reverseOrder());
    }

    private static List<String> originAndExport(Guest guest) {
        return List.of(guest.origin(), guest.export());
    }

    private static <G, K> Map<K, Integer> counts(Iterable<G> guests, Function<G, K> by) {
        Map<K, Integer> counts = new LinkedHashMap<>();
        for (G guest : guests) {
            counts.merge(by.apply(guest), 1, Integer::sum);
        }
        return counts;
    }

    private static <K> int countOf(Map<K, Integer> counts, K key) {
        return counts.getOrDefault(key, 0);
    }

    public void left(G guest) {
        greeted.remove(guest);
        served.remove(guest);
    }

    public boolean has(G guest) {
        return greeted.contains(guest) || served.contains(guest);
    }

    public int count() {
        return greeted.size() + served.size();
    }

    /** All of them; a copy. */
    public List<G> all() {
        List<G> all = new ArrayList<>(greeted);
        all.addAll(served);
        return all;
    }

    /** Of how many are where; who they are their host knows. */
    public void digest(StateDigest digest) {
        digest.add(limits.toString()).add(greeted.size()).add(served.size());
    }
}
