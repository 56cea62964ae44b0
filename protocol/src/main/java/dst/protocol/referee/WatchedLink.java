package dst.protocol.referee;

import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One link as one side's boundary shows it: what it received and what it sent there, and how far the handshake has come. */
final class WatchedLink implements Sentence.Subject {
    final long id;
    final Decoder received;
    final Decoder sent;

    Message.@Nullable Preamble ownPreamble;
    Message.@Nullable Preamble peerPreamble;
    Message.@Nullable Hello hello;
    Message.@Nullable Welcome welcome;
    Message.@Nullable Attach attach;
    Message.@Nullable Attached attached;

    /** At a server's boundary: what the link is about, once its Hello has said so. */
    @Nullable ExportView export;
    /** At a server's boundary: who is on the other side, and what it was granted. */
    String principal = "";

    @Nullable AttachmentView attachment;

    /** At a client's boundary: how many tellings of the device its grant was compared with. */
    int comparedWith;

    boolean open = true;
    /** A request or an answer was sent on it. */
    boolean used;

    /** The bytes received cannot be read any further; whoever sent them. */
    boolean receivedWrong;

    boolean sentWrong;
    /** At a server's boundary: it does not count as a handshake any more. */
    boolean counted;
    /** The peer said something that this side may object to, or that the referee cannot judge. */
    boolean odd;
    /** The last word was received: what follows on this link is not listened to. */
    boolean over;
    /** The side does not want to be given what arrives (backpressure). */
    boolean deaf;
    /** Bytes handed over and not yet on their way. */
    long unsent;
    /** When there was last a sign of life: something received, or taken by the peer. */
    long heardAt;
    /** When something was last received. */
    long receivedAt;

    /** What opened it. */
    Crossing seen = Crossing.NONE;

    Crossing receivedSeen = Crossing.NONE;
    Crossing heardSeen = Crossing.NONE;
    Crossing attachedSeen = Crossing.NONE;
    Crossing deafSeen = Crossing.NONE;

    /** How its handshake went. */
    private final List<Crossing> handshake = new ArrayList<>(4);

    WatchedLink(long id, Direction receives, long now) {
        this.id = id;
        this.heardAt = now;
        this.receivedAt = now;
        this.received = new Decoder(receives);
        this.sent = new Decoder(receives == Direction.TO_SERVER ? Direction.TO_CLIENT : Direction.TO_SERVER);
    }

    /** R1: payloads of this size may come from now on. */
    void payloadMax(int bytes) {
        received.payloadMax(bytes);
        sent.payloadMax(bytes);
    }

    /** A part of the handshake: the first counts, and whoever is told another one may object to that. */
    <M extends Message> M first(@Nullable M known, M said, boolean sent, Crossing now) {
        odd |= known != null && !sent;
        if (known != null) {
            return known;
        }
        handshake.add(now);
        return said;
    }

    @Override
    public Sentence named() {
        return evidence().and(id);
    }

    /** How it came to what it is, which is not said. */
    Sentence evidence() {
        return handshake.isEmpty() ? Sentence.of(seen) : Sentence.of(handshake.toArray());
    }

    void discard() {
        open = false;
        received.discard();
        sent.discard();
    }
}
