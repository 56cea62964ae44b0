package dst.protocol.referee;

import dst.protocol.Closing;
import dst.protocol.Side;
import dst.protocol.Words;
import dst.protocol.wire.Decoded;

/**
 * H1: what a side sends can be decoded, and it calls its peer wrong only if it is. Whoever damages bytes on the way is no part
 * of this: each side is judged by the bytes at its own boundary.
 */
final class Bytes extends Observer {
    private final Side side;
    private final Charge h1;

    Bytes(Side side, Docket docket) {
        this.side = side;
        this.h1 = docket.charge("H1", side);
    }

    @Override
    void opened(long now, Link link) {
        h1.seen();
    }

    @Override
    void garbled(long now, Link link, Decoded.Wrong wrong, boolean sent) {
        if (sent) {
            h1.broken(
                    now,
                    side.words() + " sent bytes on link " + link.id + " at " + Words.seconds(now)
                            + " that are no message: " + wrong.text());
        }
    }

    @Override
    void closes(long now, Link link, Closing closing) {
        if (closing.cause() == Closing.Cause.PEER_WRONG && isOfBytes(closing) && !link.receivedWrong && !link.odd) {
            h1.broken(
                    now,
                    side.words() + " closed link " + link.id + " at " + Words.seconds(now)
                            + " and called its peer wrong (" + closing.rule() + ": " + closing.text()
                            + "), but all that it had received there is in order");
        }
    }

    /** What an answer says of an operation (D2, R4) is not to be seen in its bytes: an accusation of that is not judged here. */
    private static boolean isOfBytes(Closing closing) {
        return !closing.rule().equals("D2") && !closing.rule().equals("R4");
    }
}
