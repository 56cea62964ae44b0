package dst.protocol.referee;

import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Range;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/** An operation given to a client, until it completes. */
final class Submission implements Sentence.Subject {
    final long tag;
    final Kind kind;
    final long offset;
    final int length;
    final boolean durable;
    final int asks;
    final int checksum;
    final long at;

    /** The transaction that carries it, as far as the referee can tell. */
    @Nullable Sending sending;

    /** Since it was submitted another reading, or another change, that overlaps it was answered as done. */
    boolean touched;

    boolean completed;

    /** It was told as done. */
    boolean done;

    Crossing seen = Crossing.NONE;

    Submission(long tag, Operation operation, int checksum, long at) {
        this.tag = tag;
        this.kind = operation.kind();
        this.offset = operation.offset();
        this.length = operation.length();
        this.durable = operation.durable();
        this.asks = Message.Request.asks(operation);
        this.checksum = checksum;
        this.at = at;
    }

    /** Whether it may be what that transaction carries, but for the content. */
    boolean fits(Sending transaction) {
        return kind == transaction.kind
                && offset == transaction.offset
                && length == transaction.length
                && asks == transaction.asks;
    }

    @Override
    public Sentence named() {
        return Sentence.of(
                seen,
                new Sentence.Access(tag, kind, new Range(offset, length)),
                " with tag ",
                new Sentence.Operation(tag),
                ", submitted at ",
                new Sentence.Time(at));
    }

    @Override
    public String toString() {
        return named().words();
    }
}
