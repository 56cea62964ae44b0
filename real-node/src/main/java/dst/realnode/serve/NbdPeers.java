package dst.realnode.serve;

import dst.nbd.Budget;
import dst.nbd.NbdServer;
import dst.nbd.Places;
import dst.realnode.host.MachineHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** R7: all NBD connections of a server: how many there may be, what they have of its memory, and who gives way. Any thread may use it. */
final class NbdPeers {
    /** What is borne, where descriptors and memory allow for it. */
    static final Places.Limits USUAL = new Places.Limits(4096, 256, 128);

    private final Places<NbdPeer> places;
    private final Budget<NbdPeer> budget;
    private final long bytesMax;
    private final ScheduledExecutorService timer;
    private boolean looksSoon;

    NbdPeers(Places.Limits limits, long bytesMax, ScheduledExecutorService timer) {
        this.places = new Places<>(limits);
        this.budget = new Budget<>(bytesMax);
        this.bytesMax = bytesMax;
        this.timer = timer;
    }

    /** What one may send at once. */
    int payloadMax() {
        return NbdServer.payloadMax(bytesMax);
    }

    void came(NbdPeer peer) {
        NbdPeer leaving;
        synchronized (this) {
            leaving = places.came(peer);
            freed(leaving);
        }
        turnAway(leaving, "there are too many connections whose handshake is not over, and it was the oldest");
    }

    /** It has come through its handshake. */
    void through(NbdPeer peer) {
        NbdPeer leaving;
        synchronized (this) {
            leaving = places.through(peer);
            freed(leaving);
        }
        turnAway(leaving, "there are too many connections, and it was idle for longest of those who have most");
    }

    /** It wants so much more memory; whether it has it. Otherwise it waits, and is told. */
    synchronized boolean asks(NbdPeer peer, long bytes) {
        if (!places.has(peer)) {
            // It was turned away, and does not know of it yet.
            return true;
        }
        boolean granted = budget.asks(peer, bytes, MachineHost.now());
        if (!granted) {
            lookSoon();
        }
        return granted;
    }

    synchronized void wantsNothing(NbdPeer peer) {
        budget.wantsNothing(peer);
    }

    synchronized void givesBack(NbdPeer peer, long bytes) {
        budget.givesBack(peer, bytes, MachineHost.now());
        grant();
    }

    synchronized void left(NbdPeer peer) {
        places.left(peer);
        freed(peer);
    }

    private void freed(@Nullable NbdPeer peer) {
        if (peer != null) {
            budget.left(peer);
            grant();
        }
    }

    private void grant() {
        for (Budget.Grant<NbdPeer> grant : budget.grants(MachineHost.now())) {
            grant.guest().granted(grant.bytes());
        }
    }

    /** As long as somebody waits, time alone may change something. */
    private void lookSoon() {
        if (looksSoon || budget.waiting() == 0) {
            return;
        }
        try {
            timer.schedule(this::look, 1, TimeUnit.SECONDS);
            looksSoon = true;
        } catch (RejectedExecutionException ended) {
            // The server ends, and all connections with it.
        }
    }

    private void look() {
        List<NbdPeer> leaving = new ArrayList<>();
        synchronized (this) {
            looksSoon = false;
            long now = MachineHost.now();
            for (NbdPeer stuck = budget.givesWay(now); stuck != null; stuck = budget.givesWay(now)) {
                places.left(stuck);
                leaving.add(stuck);
                grant();
            }
            grant();
            lookSoon();
        }
        leaving.forEach(peer -> turnAway(peer, "others wait for memory that it has and does not use"));
    }

    private static void turnAway(@Nullable NbdPeer peer, String words) {
        if (peer != null) {
            peer.turnAway("R7", words);
        }
    }

    synchronized int count() {
        return places.count();
    }

    synchronized List<NbdPeer> all() {
        return places.all();
    }
}
