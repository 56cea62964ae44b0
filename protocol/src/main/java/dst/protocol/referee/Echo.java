package dst.protocol.referee;

import dst.protocol.Agreement;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.wire.Message;

/** H3: what was agreed is echoed, and a difference refuses. */
final class Echo extends Observer {
    private final Side side;
    private final Charge h3;

    Echo(Side side, Charges charges) {
        this.side = side;
        this.h3 = charges.charge(Rules.H3, side);
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        Message.Welcome welcome = link.welcome;
        Message.Attach attach = link.attach;
        Message.Attached attached = link.attached;
        switch (message) {
            case Message.Attach it when welcome != null -> compare(now, link, welcome.agreement(), it.agreement());
            case Message.Attached it
            when welcome != null && attach != null -> {
                compare(now, link, welcome.agreement(), it.agreement());
                accepts(now, link, welcome.agreement(), attach.agreement());
            }
            case Message.Request it
            when welcome != null && attached != null -> accepts(now, link, welcome.agreement(), attached.agreement());
            default -> {}
        }
    }

    private void compare(long now, WatchedLink link, Agreement agreed, Agreement echoed) {
        h3.seen();
        if (!agreed.equals(echoed)) {
            h3.broken(
                    now,
                    side.words(),
                    " echoed ",
                    echoed,
                    " on link ",
                    link,
                    " at ",
                    new Sentence.Time(now),
                    ", but ",
                    agreed,
                    " had been proposed there");
        }
    }

    private void accepts(long now, WatchedLink link, Agreement agreed, Agreement echoed) {
        if (!agreed.equals(echoed)) {
            h3.broken(
                    now,
                    side.words(),
                    " went on with link ",
                    link,
                    " at ",
                    new Sentence.Time(now),
                    " although its peer echoed ",
                    echoed,
                    " and not ",
                    agreed);
        }
    }
}
