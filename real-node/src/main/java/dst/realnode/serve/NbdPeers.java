package dst.realnode.serve;

import dst.protocol.nbd.NbdServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * R7: all NBD connections, how many there may be, and how many of them may not have come through their handshake. As with the
 * protocol's links it is the oldest handshake that has to go, so that whoever comes and says nothing keeps nobody out. Any thread may
 * use it.
 */
final class NbdPeers {
    private final Limits limits;
    private final LinkedHashSet<NbdPeer> all = new LinkedHashSet<>();

    /** Those within their handshake, in the order in which they came, and how many of them each principal has. */
    private final LinkedHashSet<NbdPeer> greeted = new LinkedHashSet<>();

    private final Map<String, Integer> greetedOf = new HashMap<>();

    /** What each has in its hands, and all together. */
    private final Map<NbdPeer, Long> heldBy = new HashMap<>();

    private long held;

    /**
     * What is borne.
     *
     * @param connectionsMax in whatever state
     * @param handshakesMax of those, how many may not be over with their handshake
     * @param handshakesOfOneMax of those, how many may be one principal's
     * @param bytesMax what all of them together may have in their hands
     */
    record Limits(int connectionsMax, int handshakesMax, int handshakesOfOneMax, long bytesMax) {
        Limits {
            if (connectionsMax < 1 || handshakesMax < 1 || handshakesOfOneMax < 1 || bytesMax < 1) {
                throw new IllegalArgumentException("nobody would be let in: " + connectionsMax + " connections, "
                        + handshakesMax + " handshakes, " + handshakesOfOneMax + " of one, " + bytesMax + " bytes");
            }
        }

        static Limits ofBytes(long bytesMax) {
            return new Limits(4096, 256, 128, bytesMax);
        }

        Limits withConnectionsAtMost(int most) {
            return new Limits(
                    Math.clamp(most, 1, connectionsMax),
                    Math.clamp(most / 2, 1, handshakesMax),
                    Math.clamp(most / 4, 1, handshakesOfOneMax),
                    bytesMax);
        }
    }

    NbdPeers(Limits limits) {
        this.limits = limits;
    }

    /** What one may send at once: an eighth of what all may have, so that a few who do so at a time are borne. */
    int payloadMax() {
        long share = Long.highestOneBit(Math.max(1, limits.bytesMax / 8));
        return Math.clamp(share, NbdServer.PAYLOAD_MIN, NbdServer.PAYLOAD_MAX);
    }

    /** There is a new one; who has to go for it: nobody, another one, or the new one itself. */
    synchronized @Nullable NbdPeer joined(NbdPeer peer) {
        all.add(peer);
        greeted.add(peer);
        if (greetedOf.merge(peer.principal(), 1, Integer::sum) > limits.handshakesOfOneMax) {
            return taken(oldestOf(peer.principal()));
        }
        if (all.size() > limits.connectionsMax || greeted.size() > limits.handshakesMax) {
            return taken(oldestOf(greediest()));
        }
        return null;
    }

    private NbdPeer oldestOf(String principal) {
        for (NbdPeer peer : greeted) {
            if (peer.principal().equals(principal)) {
                return peer;
            }
        }
        throw new IllegalStateException("nobody of " + principal + " is within a handshake");
    }

    private String greediest() {
        String greediest = "";
        int most = 0;
        for (Map.Entry<String, Integer> entry : greetedOf.entrySet()) {
            if (entry.getValue() > most) {
                most = entry.getValue();
                greediest = entry.getKey();
            }
        }
        return greediest;
    }

    private NbdPeer taken(NbdPeer peer) {
        left(peer);
        return peer;
    }

    /**
     * So much it has in its hands now. Who has to go, if that is too much for all together: whoever has most, so that many who hold a
     * little are no harm to each other.
     */
    synchronized @Nullable NbdPeer holds(NbdPeer peer, long bytes) {
        if (!all.contains(peer)) {
            return null;
        }
        Long before = heldBy.put(peer, bytes);
        held += bytes - (before == null ? 0 : before);
        return held > limits.bytesMax ? taken(largest()) : null;
    }

    private NbdPeer largest() {
        return heldBy.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    /** It has come through its handshake. */
    synchronized void through(NbdPeer peer) {
        if (greeted.remove(peer)) {
            greetedOf.computeIfPresent(peer.principal(), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    synchronized void left(NbdPeer peer) {
        through(peer);
        all.remove(peer);
        Long had = heldBy.remove(peer);
        held -= had == null ? 0 : had;
    }

    synchronized int count() {
        return all.size();
    }

    synchronized List<NbdPeer> all() {
        return new ArrayList<>(all);
    }
}
