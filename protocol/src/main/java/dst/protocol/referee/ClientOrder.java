package dst.protocol.referee;

import dst.protocol.Rules;
import dst.protocol.Side;
import dst.protocol.wire.Message;

/** T5 as it binds a client: what overlaps an unsettled operation is held back until that has settled. */
final class ClientOrder extends ClientObserver {
    private final ClientLife life;
    private final Charge t5;
    private final Suspicions suspicions = new Suspicions();

    ClientOrder(ClientLife life, Charges charges) {
        this.life = life;
        this.t5 = charges.charge(Rules.T5, Side.CLIENT);
    }

    @Override
    void began() {
        suspicions.began();
    }

    @Override
    void stepped(long now) {
        suspicions.stepped();
    }

    @Override
    void requests(long now, WatchedLink link, Sending sending, Message.Request request, boolean first) {
        if (!first || sending.submission == null) {
            return;
        }
        for (int i = 0; i < life.live.size(); i++) {
            Sending other = life.live.get(i);
            t5.seen();
            if (other.submission != null && sending.overlaps(other)) {
                lookAfterStep();
                suspicions.suspect(
                        now, other, t5, "the client sent ", sending, " while the overlapping ", other, " was open");
            }
        }
    }
}
