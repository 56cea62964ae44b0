package dst.protocol.referee;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * H5 and L5 as they bind a client: one that was replaced fails its device in that step and never comes back by itself, and whoever has
 * failed or left has told everybody how it ended.
 */
final class Endings extends ClientObserver {
    private final ClientLife life;
    private final Charge h5;
    private final Charge l5;
    private boolean hearsReplaced;
    private Crossing heardSeen = Crossing.NONE;
    private boolean replaced;
    /** Failed or Detached was told in this step. */
    private @Nullable Charge ended;

    private Crossing endSeen = Crossing.NONE;

    Endings(ClientLife life, Charges charges) {
        this.life = life;
        this.h5 = charges.charge(Rules.H5, Side.CLIENT);
        this.l5 = charges.charge(Rules.L5, Side.CLIENT);
    }

    @Override
    void began() {
        hearsReplaced = false;
        replaced = false;
        ended = null;
        heardSeen = Crossing.NONE;
        endSeen = Crossing.NONE;
    }

    @Override
    void received(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Refuse refuse && refuse.problem() == Problem.REPLACED && !link.odd) {
            h5.seen();
            hearsReplaced = true;
            heardSeen = h5.now();
            lookAfterStep();
        }
    }

    @Override
    void connects(long now, long link, int slot) {
        if (replaced) {
            h5.broken(
                    now,
                    "the client opened link ",
                    link,
                    " at ",
                    new Sentence.Time(now),
                    heardSeen,
                    endSeen,
                    " by itself, after it had been told that it was replaced");
        }
    }

    @Override
    void told(long now, Signal output) {
        lookAfterStep();
        endSeen = h5.now();
        if (output instanceof BlockPort.Failed failed) {
            replaced |= failed.problem() == Problem.REPLACED;
            ended = replaced ? h5 : null;
        } else if (output instanceof ClientControl.Detached) {
            ended = l5;
        }
    }

    @Override
    void stepped(long now) {
        if (hearsReplaced) {
            hearsReplaced = false;
            if (!life.failed) {
                h5.brokenBy(
                        heardSeen,
                        now,
                        "the client was told that it was replaced, and its device had not failed by ",
                        new Sentence.Time(now));
            }
        }
        Charge charge = ended;
        if (charge != null) {
            ended = null;
            charge.seen();
            if (life.open > 0) {
                charge.brokenBy(
                        endSeen,
                        now,
                        "the client's device was over, but ",
                        life.open,
                        " of its operations had not been told how they ended by ",
                        new Sentence.Time(now));
            }
        }
    }
}
