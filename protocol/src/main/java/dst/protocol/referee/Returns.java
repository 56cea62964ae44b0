package dst.protocol.referee;

import dst.protocol.BlockPort;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.wire.Message;

/** L6 as it binds a client: a server that goes away comes back; no device fails for it. */
final class Returns extends ClientObserver {
    private final Charge l6;
    /** In this step: that the server goes away, and anything else that a device may fail for. */
    private boolean goesAway;

    private Crossing goesAwaySeen = Crossing.NONE;

    private boolean hearsMore;

    Returns(Charges charges) {
        this.l6 = charges.charge(Rules.L6, Side.CLIENT);
    }

    @Override
    void began() {
        goesAway = false;
        hearsMore = false;
    }

    @Override
    void received(long now, WatchedLink link, Message message) {
        switch (message) {
            case Message.Refuse it
            when it.problem() == Problem.GOES_AWAY -> {
                l6.seen();
                goesAway = true;
                goesAwaySeen = l6.now();
                lookAfterStep();
            }
            case Message.Refuse it -> hears();
            case Message.Goodbye it -> hears();
            default -> {}
        }
    }

    private void hears() {
        hearsMore = true;
        lookAfterStep();
    }

    @Override
    void told(long now, Signal output) {
        if (goesAway
                && !hearsMore
                && output instanceof BlockPort.Failed failed
                && (failed.problem() == Problem.REMOVED || failed.problem() == Problem.GOES_AWAY)) {
            l6.broken(
                    now,
                    goesAwaySeen,
                    "the client's device failed at ",
                    new Sentence.Time(now),
                    " as if its export were gone, but its server had said that it comes back");
        }
    }

    @Override
    void stepped(long now) {
        began();
    }
}
