package dst.protocol.referee;

import dst.protocol.Closing;
import dst.protocol.Rule;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.wire.Decoded;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * H1: what a side sends can be decoded, and it calls its peer wrong only if it is. Whoever damages bytes on the way is no part
 * of this: each side is judged by the bytes at its own boundary.
 */
final class Bytes extends Observer {
    private final Side side;
    private final Charges charges;
    private final Charge h1;
    /** A link on which something wrong came in this step: it is closed by the end of it. */
    private @Nullable WatchedLink wrongOn;

    private Decoded.@Nullable Wrong wrong;
    private Crossing wrongSeen = Crossing.NONE;

    Bytes(Side side, Charges charges) {
        this.side = side;
        this.charges = charges;
        this.h1 = charges.charge(Rules.H1, side);
    }

    @Override
    void opened(long now, WatchedLink link) {
        h1.seen();
    }

    @Override
    void began() {
        wrongOn = null;
    }

    @Override
    void garbled(long now, WatchedLink link, Decoded.Wrong what, boolean sent) {
        if (!sent) {
            wrongOn = link;
            lookAfterStep();
            wrong = what;
            wrongSeen = charges.now();
        } else {
            h1.broken(
                    now,
                    side.words(),
                    " sent bytes on link ",
                    link.id,
                    " at ",
                    new Sentence.Time(now),
                    " that are no message: ",
                    what.text());
        }
    }

    /** G8: whatever rule it breaks, the link is closed in that step; who has stopped receiving may not have seen it yet. */
    @Override
    void stepped(long now) {
        WatchedLink link = wrongOn;
        Decoded.Wrong what = wrong;
        if (link == null || what == null) {
            return;
        }
        wrongOn = null;
        Charge charge = charges.charge(Rule.named(what.rule()), side);
        charge.seen();
        if (link.open && !link.deaf) {
            charge.brokenBy(
                    wrongSeen,
                    now,
                    side.words(),
                    " had received on link ",
                    link.id,
                    " what is wrong by ",
                    what.rule(),
                    " (",
                    what.text(),
                    "), and still held the link at ",
                    new Sentence.Time(now));
        }
    }

    /** A version is one that both sides speak. */
    @Override
    void sent(long now, WatchedLink link, Message message) {
        Message.Preamble own = link.ownPreamble;
        Message.Preamble peer = link.peerPreamble;
        int version = switch (message) {
            case Message.Welcome it -> it.agreement().version();
            case Message.Attach it -> it.agreement().version();
            default -> 0;
        };
        if (version == 0 || own == null || peer == null) {
            return;
        }
        if (version < Math.max(own.versionMin(), peer.versionMin())
                || version > Math.min(own.versionMax(), peer.versionMax())) {
            h1.broken(
                    now,
                    side.words(),
                    " went on with version ",
                    version,
                    " on link ",
                    link.id,
                    " at ",
                    new Sentence.Time(now),
                    "; it speaks ",
                    own.versionMin(),
                    " to ",
                    own.versionMax(),
                    ", its peer ",
                    peer.versionMin(),
                    " to ",
                    peer.versionMax());
        }
    }

    @Override
    void closes(long now, WatchedLink link, Closing closing) {
        // T2: other content under a known id, on whatever link, costs all links of the attachment.
        boolean endedByForce = closing.rule().equals("T2") && mayBeContradicted(link);
        if (closing.cause() == Closing.Cause.PEER_WRONG
                && isOfBytes(closing)
                && !endedByForce
                && !link.receivedWrong
                && !link.odd) {
            h1.broken(
                    now,
                    link.receivedSeen,
                    side.words(),
                    " closed link ",
                    link.id,
                    " at ",
                    new Sentence.Time(now),
                    " and called its peer wrong (",
                    closing.rule(),
                    ": ",
                    closing.text(),
                    "), but all that it had received there is in order");
        }
    }

    private static boolean mayBeContradicted(WatchedLink link) {
        return (link.attachment != null && link.attachment.contradicted)
                || (link.export != null && link.export.unfollowed);
    }

    /** What an answer says of an operation (D2, R4) is not to be seen in its bytes: an accusation of that is not judged here. */
    private static boolean isOfBytes(Closing closing) {
        return !closing.rule().equals("D2") && !closing.rule().equals("R4");
    }
}
