package dst.protocol.referee;

import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Holding;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/** H5 as it binds a client that waits where another one holds the export: it gives that one the time to come back. */
final class Waiting extends ClientObserver {
    private final ClientLife life;
    private final Charge h5;

    /** Half of what it has to wait: hosts' clocks differ. 0: it does not wait, or that is not known. */
    private final long courtesyNanos;

    /** It has made way for somebody. */
    private boolean wasOccupied;

    private long freeSince = Long.MAX_VALUE;

    /** What said that nobody is there, and what it made way for. */
    private Crossing freeSeen = Crossing.NONE;

    private Crossing occupiedSeen = Crossing.NONE;

    Waiting(ClientLife life, Charges charges, @Nullable ClientSettings settings) {
        this.life = life;
        this.h5 = charges.charge(Rules.H5, Side.CLIENT);
        boolean waits = settings != null && settings.policy().holding() == Holding.WAIT;
        this.courtesyNanos = settings != null && waits ? settings.courtesyNanos() / 2 : 0;
    }

    @Override
    void began() {
        wasOccupied = false;
        freeSince = Long.MAX_VALUE;
    }

    @Override
    void received(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Welcome welcome && !link.odd) {
            occupiedSeen = welcome.occupied() ? h5.now() : occupiedSeen;
            freeSeen = !welcome.occupied() && freeSince == Long.MAX_VALUE ? h5.now() : freeSeen;
            freeSince = welcome.occupied() ? Long.MAX_VALUE : Math.min(freeSince, now);
        }
    }

    /** An older program has never heard of it, and waits for nobody. */
    @Override
    void closes(long now, WatchedLink link, Closing closing) {
        wasOccupied |= link.welcome != null && link.welcome.occupied() && link.attach == null;
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        if (!(message instanceof Message.Attach attach) || attach.joins() || courtesyNanos == 0 || !wasOccupied) {
            return;
        }
        h5.seen();
        if (now - Math.min(freeSince, now) < courtesyNanos && life.newest.counter() == 0) {
            h5.broken(
                    now,
                    occupiedSeen,
                    freeSeen,
                    "the client, which was to wait for the one that held the export, set out to take it on link ",
                    link.id,
                    " at ",
                    new Sentence.Time(now),
                    ", and had heard for no longer than since ",
                    new Sentence.Time(Math.min(freeSince, now)),
                    " that nobody was there");
        }
    }
}
