package dst.protocol.referee;

import dst.protocol.Boot;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.wire.Message;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A transaction as its client's boundary shows it: from its first copy until the client itself calls it settled. */
final class Sending implements Sentence.Subject {
    final long id;
    final Kind kind;
    final long offset;
    final int length;
    final boolean durable;
    final int asks;
    final boolean replay;
    final int checksum;

    /** The step of its first copy. */
    final long step;

    final Boot firstBoot;
    /** Each whole block's checksum, for a WRITE. */
    final int[] blocks;

    /** What it carries; null for what the client does for itself. */
    @Nullable Submission submission;

    /** Another operation, equal in all that is seen, is or was open: which is which is not known. */
    boolean twin;

    WatchedLink link;
    Boot lastBoot;

    /** Its first copy, its last one, and the first answer that counts. */
    Crossing seen = Crossing.NONE;

    Crossing lastSeen = Crossing.NONE;
    Crossing answerSeen = Crossing.NONE;

    /** T2: when it was last sent, how long after the copy before on that link, and how often others went before it since. */
    long sentAt;

    long pause;
    int timeouts;
    int passedOver;
    long passedOverStep;

    /** The problem of the last answer that counts; null before there is one. */
    @Nullable Problem answer;

    /** G8: the server has said two things of it, one of which the client may not have heard: it may believe either. */
    boolean contradicted;

    /** Done was answered, and it counts. */
    boolean done;

    long execution;
    Boot answeredIn = Boot.NONE;
    private Boot wordIn = Boot.NONE;
    /** Of what each answer to a READ carried. */
    private int[] data = BlockSums.NONE;

    Sending(Message.Request request, WatchedLink link, long step, int[] blocks) {
        this.id = request.id();
        this.kind = request.kind();
        this.offset = request.offset();
        this.length = request.length();
        this.durable = request.durable();
        this.asks = request.asks();
        this.replay = request.replay();
        this.checksum = request.payloadChecksum();
        this.step = step;
        this.firstBoot = request.boot();
        this.lastBoot = request.boot();
        this.blocks = blocks;
        this.link = link;
    }

    /** Whether an honest server can say so, after what it has said of this transaction in the same boot. */
    boolean isPossible(Message.Answer given) {
        boolean read = kind == Kind.READ && given.problem() == Problem.NONE;
        if (given.problem() == Problem.STALE) {
            return true;
        }
        if (given.payload().readableBytes() != (read ? length : 0)) {
            return false;
        }
        boolean again = answer != null && kind.changes() && given.boot().equals(wordIn);
        return !again || (given.problem() == answer && (!done || given.execution() == execution));
    }

    /** T8: it was answered that it was not executed, and no copy of an earlier boot can have been. */
    boolean isRefusedForSure() {
        return answer != null && answer != Problem.NONE && !answer.ofDisk() && !done && firstBoot.equals(lastBoot);
    }

    /** An answer that counts. */
    void answered(Message.Answer given, int dataChecksum) {
        answer = given.problem();
        wordIn = given.boot();
        if (given.problem() != Problem.NONE) {
            return;
        }
        if (kind == Kind.READ) {
            data = Arrays.copyOf(data, data.length + 1);
            data[data.length - 1] = dataChecksum;
        }
        done = true;
        execution = given.execution();
        answeredIn = given.boot();
    }

    /** Whether some answer carried data with this checksum. */
    boolean carried(int dataChecksum) {
        for (int one : data) {
            if (one == dataChecksum) {
                return true;
            }
        }
        return false;
    }

    long end() {
        return offset + length;
    }

    /** Whether its submitter has been told. What the client does for itself has no submitter. */
    boolean settled() {
        return submission == null ? answer != null : submission.completed;
    }

    boolean sameContent(Message.Request copy) {
        return kind == copy.kind() && offset == copy.offset() && length == copy.length() && asks == copy.asks();
    }

    boolean sameContent(Sending other) {
        return kind == other.kind
                && offset == other.offset
                && length == other.length
                && asks == other.asks
                && checksum == other.checksum;
    }

    boolean overlaps(Sending other) {
        return offset < other.end() && other.offset < end() && (kind.changes() || other.kind.changes());
    }

    @Override
    public Sentence named() {
        long tag = submission == null ? 0 : submission.tag;
        return Sentence.of(
                seen, lastSeen, answerSeen, new Sentence.Transaction(id, tag, kind, new Range(offset, length)));
    }

    @Override
    public String toString() {
        return named().words();
    }
}
