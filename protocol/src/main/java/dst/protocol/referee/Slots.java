package dst.protocol.referee;

import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** L2 as it binds a server: of an attachment's links in one slot only the newest is open. */
final class Slots extends ServerObserver {
    private final Charge l2;
    private final ArrayList<WatchedLink> granted = new ArrayList<>();
    /** A link that was granted in this step: by its end it is alone in its slot. */
    private @Nullable WatchedLink newest;

    private Crossing newestSeen = Crossing.NONE;

    Slots(Charges charges) {
        this.l2 = charges.charge(Rules.L2, Side.SERVER);
    }

    @Override
    void began() {
        granted.clear();
        newest = null;
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        Message.Hello hello = link.hello;
        if (!(message instanceof Message.Attached) || hello == null || link.export == null) {
            return;
        }
        for (WatchedLink other : granted) {
            Message.Hello before = other.hello;
            if (before != null && isSameSlot(link, other)) {
                l2.seen();
                if (before.generation() >= hello.generation()) {
                    l2.broken(
                            now,
                            "the server granted link ",
                            link,
                            ", generation ",
                            hello.generation(),
                            " of slot ",
                            hello.slot(),
                            ", at ",
                            new Sentence.Time(now),
                            " while link ",
                            other,
                            " of generation ",
                            before.generation(),
                            " was open there");
                    return;
                }
            }
        }
        granted.add(link);
        newest = link;
        newestSeen = l2.now();
        lookAfterStep();
    }

    private static boolean isSameSlot(WatchedLink link, WatchedLink other) {
        Message.Hello one = link.hello;
        Message.Hello two = other.hello;
        return link != other
                && one != null
                && two != null
                && link.export == other.export
                && one.slot() == two.slot()
                && one.token().equals(two.token());
    }

    @Override
    void gone(long now, WatchedLink link) {
        granted.remove(link);
        if (link == newest) {
            newest = null;
        }
    }

    @Override
    void stepped(long now) {
        WatchedLink link = newest;
        if (link == null) {
            return;
        }
        newest = null;
        for (WatchedLink other : granted) {
            if (isSameSlot(link, other)) {
                l2.brokenBy(
                        newestSeen,
                        now,
                        "the server granted link ",
                        link,
                        ", but link ",
                        other,
                        ", which it supersedes in its slot, was still open at ",
                        new Sentence.Time(now));
                return;
            }
        }
    }
}
