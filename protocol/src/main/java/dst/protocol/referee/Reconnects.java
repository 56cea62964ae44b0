package dst.protocol.referee;

import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * L3 and L4 as they bind a client: where a link came to nothing it pauses before the next one, and it never stops receiving.
 *
 * <p>That a link which had lived is tried again at once is not judged: a clock that stands still looks the same.
 */
final class Reconnects extends ClientObserver {
    private final Charge l3;
    private final Charge l4;
    private final ClientLife life;
    private final SortedMap<Long, Integer> slots = new TreeMap<>();
    /** The step in which the last link of a slot ended without a grant. */
    private final SortedMap<Integer, End> cameToNothing = new TreeMap<>();

    private record End(long step, Crossing seen) {}

    Reconnects(ClientLife life, Charges charges) {
        this.life = life;
        this.l3 = charges.charge(Rules.L3, Side.CLIENT);
        this.l4 = charges.charge(Rules.L4, Side.CLIENT);
    }

    @Override
    void began() {
        slots.clear();
        cameToNothing.clear();
    }

    @Override
    void connects(long now, long link, int slot) {
        End ended = cameToNothing.remove(slot);
        if (ended != null) {
            l3.seen();
            if (ended.step == life.step) {
                l3.broken(
                        now,
                        ended.seen,
                        "the client opened link ",
                        link,
                        " of slot ",
                        slot,
                        " at ",
                        new Sentence.Time(now),
                        " in the same step in which the one before came to nothing, without a pause");
            }
        }
        slots.put(link, slot);
    }

    @Override
    void received(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Attached) {
            slots.remove(link.id);
        }
    }

    /** Also of a link that was never open. */
    @Override
    void ends(long now, long link) {
        Integer slot = slots.remove(link);
        if (slot != null) {
            cameToNothing.put(slot, new End(life.step, l3.now()));
        }
    }

    @Override
    void opened(long now, WatchedLink link) {
        l4.seen();
    }

    @Override
    void reads(long now, WatchedLink link, boolean wanted) {
        if (!wanted) {
            l4.broken(
                    now,
                    "the client stopped receiving on link ",
                    link.id,
                    " at ",
                    new Sentence.Time(now),
                    ": what it is to receive may be what it waits for");
        }
    }
}
