package dst.protocol.client;

import dst.protocol.Boot;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Order;
import dst.protocol.StateDigest;
import dst.protocol.wire.Checksum;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** One operation from its submission until it settles. Its id, once given, its content and its place never change (T1, T2, T6). */
final class Transaction extends Order.Place implements Comparable<Transaction> {
    /** Why it exists. */
    enum Purpose {
        SUBMITTED,
        /** The client's own flush: nobody is told of its end. */
        OWN_FLUSH,
        /** Retained content on its way back to the disk (D3). */
        REPLAY
    }

    final Purpose purpose;
    final long tag;
    final Kind kind;
    final long offset;
    final int length;
    private final int asks;
    final int checksum;

    /** Position among all that this client has taken up. */
    final long sequence;

    final long giveUpAt;

    private ByteBuf data;

    /** T5: the data is the client's own copy. */
    private boolean copied;

    /** Settled; nothing follows. */
    private boolean over;

    /** 0 until it is first sent. */
    long id;

    /** What the client had been granted when it was first sent (T8). */
    Operations.Grant firstGrant = Operations.Grant.NONE;

    /** The link that its last copy went over, and how many copies there are. */
    private @Nullable ClientLink link;

    int attempts;
    long resendPause;

    /** When this has to be looked at; the key under which it waits. */
    long wakeAt;

    /** What a replay brings back. */
    @Nullable Content replayed;

    @Nullable Transaction previous;

    @Nullable Transaction next;

    Transaction(Purpose purpose, long tag, Operation operation, long sequence, long giveUpAt) {
        super(operation.offset(), operation.length(), operation.kind().changes());
        this.purpose = purpose;
        this.tag = tag;
        this.kind = operation.kind();
        this.offset = operation.offset();
        this.length = operation.length();
        this.asks = Message.Request.asks(operation);
        this.sequence = sequence;
        this.giveUpAt = giveUpAt;
        this.wakeAt = giveUpAt;
        if (operation instanceof Operation.Write write) {
            data = write.data();
            checksum = Checksum.of(data);
        } else {
            data = Unpooled.EMPTY_BUFFER;
            checksum = 0;
        }
    }

    void setOver() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** Whether a request can speak of its range; a device that has it is another matter (R2). */
    boolean canBeSaid() {
        return offset >= 0 && length >= 0 && offset <= Long.MAX_VALUE - length;
    }

    boolean isSent() {
        return id != 0;
    }

    long end() {
        return offset + length;
    }

    void sentOn(ClientLink carrier) {
        leaveLink();
        link = carrier;
        carrier.carries(this);
        attempts++;
    }

    void leaveLink() {
        if (link != null) {
            link.letsGo(this);
            link = null;
        }
    }

    /** The link that its last copy went over, or null. */
    @Nullable ClientLink link() {
        return link;
    }

    /** Whether it was sent, and the link is gone. */
    boolean isStranded() {
        return link != null && !link.isOpen();
    }

    /** How much of the in-flight limit it takes. */
    int bytes() {
        return kind == Kind.TRIM ? 0 : length;
    }

    boolean isDurable() {
        return (asks & Message.Request.DURABLE) != 0;
    }

    /** How much it may leave to be retained. */
    int retainable() {
        return kind.leavesContent() && !isDurable() && purpose == Purpose.SUBMITTED ? length : 0;
    }

    Message.Request request(int flags, long epoch, Boot boot, Settled settled) {
        int all = flags | asks | (purpose == Purpose.REPLAY ? Message.Request.REPLAY : 0);
        return new Message.Request(id, kind, all, offset, length, epoch, boot, settled, checksum, data.retain());
    }

    /** What it carries; it stays here. */
    ByteBuf content() {
        return data;
    }

    /** T5: the copy takes the place of the submitter's buffer, which is given back. */
    void copyTo(ByteBuf copy) {
        data.release();
        data = copy;
        copied = true;
    }

    boolean isCopied() {
        return copied;
    }

    /** The content leaves this transaction, to be retained. */
    ByteBuf takeData() {
        ByteBuf taken = data;
        data = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    void releaseData() {
        data.release();
        data = Unpooled.EMPTY_BUFFER;
    }

    void digest(StateDigest digest) {
        digestPlace(digest);
        firstGrant.digest(digest);
        digest.add(purpose.ordinal())
                .add(tag)
                .add(kind.code())
                .add(offset)
                .add(length)
                .add(asks)
                .add(checksum)
                .add(sequence)
                .add(giveUpAt)
                .add(copied)
                .add(id)
                .add(link == null ? 0 : link.number)
                .add(isStranded())
                .add(attempts)
                .add(resendPause)
                .add(wakeAt)
                .add(replayed == null ? 0 : replayed.execution)
                .add(replayed == null ? 0 : replayed.offset);
    }

    @Override
    public int compareTo(Transaction other) {
        int byTime = Long.compare(wakeAt, other.wakeAt);
        return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return (kind + " " + offset + "+" + length) + (isSent() ? " id " + id : "");
    }
}
