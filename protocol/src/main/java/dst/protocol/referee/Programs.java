package dst.protocol.referee;

import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What programs ask of an attached device reaches its client as it is, and they are told what came of it: once each (G5), Done of all of it
 * or not at all (T4), data where they belong (R5), and an answer for as long as the device is there (L5).
 */
final class Programs {
    /** Whoever has said goodbye is let go when for so long nothing of what it is owed came about. */
    private static final long PATIENCE_NANOS = 50_000_000_000L;

    /** Nobody waits for so long where nothing runs. */
    private static final long WAIT_NANOS = 10_000_000_000L;

    private final ClientLife life;
    private final BlockSums sums;
    private final Charge g5;
    private final Charge t4;
    private final Charge l5;
    private final Charge r5;
    private final Charge r7;

    /** By the tags of whoever asked. */
    private final LongObjectHashMap<Asked> asked = new LongObjectHashMap<>();

    /** The same, in the order in which they were asked. */
    private final List<Asked> open = new ArrayList<>();

    /** By the numbers that they have at the joint. */
    private final LongObjectHashMap<Piece> pieces = new LongObjectHashMap<>();

    /** What was told without a reason in this step. */
    private final List<Unanswered> unanswered = new ArrayList<>();

    private boolean leaving;

    /** The device is known, so whatever a program asks for can be begun. */
    private boolean attached;

    /** Since when nothing that programs asked for is under way. */
    private long idleSince;

    private record Unanswered(Crossing guilty, Sentence sentence) {}

    /** What a program wants, until it is told what came of it. */
    static final class Asked {
        final long tag;
        final Submission as;
        List<Piece> pieces = new ArrayList<>(1);

        private Asked(long tag, Submission as) {
            this.tag = tag;
            this.as = as;
        }

        private long reached() {
            long reached = 0;
            for (Piece piece : pieces) {
                reached += piece.operation.length;
            }
            return reached;
        }

        /** As many bytes as it asked for, and one piece at least. */
        private boolean isWhole() {
            return !pieces.isEmpty() && reached() == as.length;
        }
    }

    /** All of that, or a part of it, as it reached the client; its content is not kept. */
    static final class Piece {
        final Submission operation;
        private final @Nullable Asked of;
        private @Nullable Outcome outcome;
        private int dataSum;

        private Piece(Submission operation, @Nullable Asked of) {
            this.operation = operation;
            this.of = of;
        }

        /** What people know it by: the tag of whoever asked. */
        long name() {
            return of == null ? operation.tag : of.tag;
        }

        private boolean isDone() {
            return outcome instanceof Outcome.Done;
        }
    }

    Programs(ClientLife life, BlockSums sums, Charges charges) {
        this.life = life;
        this.sums = sums;
        this.g5 = charges.charge(Rules.G5, Side.CLIENT);
        this.t4 = charges.charge(Rules.T4, Side.CLIENT);
        this.l5 = charges.charge(Rules.L5, Side.CLIENT);
        this.r5 = charges.charge(Rules.R5, Side.CLIENT);
        this.r7 = charges.charge(Rules.R7, Side.CLIENT);
    }

    void began() {
        asked.clear();
        open.clear();
        pieces.clear();
        unanswered.clear();
        leaving = false;
        attached = false;
    }

    private Submission submission(long now, long tag, Operation operation) {
        int checksum = operation instanceof Operation.Write write ? sums.whole(write.data()) : 0;
        Submission submission = new Submission(tag, operation, checksum, now);
        submission.seen = t4.now();
        return submission;
    }

    void asked(long now, long tag, Operation operation) {
        Asked one = new Asked(tag, submission(now, tag, operation));
        asked.put(tag, one);
        open.add(one);
    }

    /** It has come through to where the client's blocks are made of it. */
    Piece entered(long now, long number, Operation operation) {
        Submission entering = submission(now, number, operation);
        Asked of = null;
        for (Asked one : open) {
            if (isNextOf(one, entering) && (of == null || fitness(one, entering) > fitness(of, entering))) {
                of = one;
            }
        }
        r5.seen();
        if (of != null && of.as.durable && !operation.durable()) {
            t4.broken(
                    now,
                    "the client was given the ",
                    of.as,
                    " as if it need not be durable, at ",
                    new Sentence.Time(now));
        }
        if (of == null) {
            r5.broken(
                    now,
                    "the client was given the ",
                    new Sentence.Access(0, entering.kind, new Range(entering.offset, entering.length)),
                    ", which is no part of what any program had asked for");
        } else if (!isExact(of, entering)) {
            r5.broken(now, "the client was given other content for the ", of.as, " than the program had given");
        }
        Piece piece = new Piece(entering, of);
        pieces.put(number, piece);
        if (of != null) {
            of.pieces.add(piece);
        }
        return piece;
    }

    /** Larger ones come in pieces, one behind the other. */
    private static boolean isNextOf(Asked one, Submission entering) {
        return one.as.kind == entering.kind
                && one.as.offset + one.reached() == entering.offset
                && entering.offset + entering.length <= one.as.offset + one.as.length
                && !one.isWhole();
    }

    private static int fitness(Asked one, Submission entering) {
        return (isExact(one, entering) ? 2 : 0) + (one.as.asks == entering.asks ? 1 : 0);
    }

    /** The content of a piece is not compared. */
    private static boolean isExact(Asked one, Submission entering) {
        return one.as.length != entering.length || one.as.checksum == entering.checksum;
    }

    /** The tag of whoever asked for it. */
    long nameOf(long number) {
        Piece piece = pieces.get(number);
        return piece == null ? number : piece.name();
    }

    /** That is what came of it. */
    void left(long now, long number, Outcome outcome) {
        idleSince = now;
        Piece piece = pieces.remove(number);
        if (piece != null) {
            piece.outcome = outcome instanceof Outcome.Done ? new Outcome.Done(Unpooled.EMPTY_BUFFER) : outcome;
            piece.dataSum = outcome instanceof Outcome.Done(ByteBuf data) ? sums.whole(data) : 0;
        }
    }

    void told(long now, long tag, Outcome outcome) {
        g5.seen();
        Asked one = asked.remove(tag);
        if (one == null) {
            g5.broken(
                    now,
                    "the client told at ",
                    new Sentence.Time(now),
                    " how the operation with tag ",
                    new Sentence.Operation(tag),
                    " ended, but none of that tag was open");
            return;
        }
        open.remove(one);
        if (outcome instanceof Outcome.Done(ByteBuf data)) {
            toldDone(now, one, data);
        } else {
            toldUndone(now, one, outcome);
        }
    }

    private void toldDone(long now, Asked one, ByteBuf data) {
        t4.seen();
        if (!isDone(one) || !isWhatWasRead(one, data)) {
            exchange(one, data);
        }
        if (!isDone(one)) {
            t4.broken(
                    now,
                    "the client told the ",
                    one.as,
                    " to be done at ",
                    new Sentence.Time(now),
                    ", but ",
                    (one.isWhole() ? "that is not what had come of it" : "had never been given all of it"));
        } else if (!isWhatWasRead(one, data)) {
            r5.broken(
                    now,
                    "the client gave other data for the ",
                    one.as,
                    " at ",
                    new Sentence.Time(now),
                    " than had been read for it");
        }
    }

    private static boolean isDone(Asked one) {
        return one.isWhole() && one.pieces.stream().allMatch(Piece::isDone);
    }

    private boolean isWhatWasRead(Asked one, ByteBuf data) {
        if (one.as.kind != Kind.READ) {
            return true;
        }
        int at = data.readerIndex();
        for (Piece piece : one.pieces) {
            int length = piece.operation.length;
            if (data.writerIndex() - at < length || sums.whole(data.slice(at, length)) != piece.dataSum) {
                return false;
            }
            at += length;
        }
        return at == data.writerIndex();
    }

    /** Which of several equal operations is which at the joint is not seen: the one that fits is it. */
    private void exchange(Asked one, ByteBuf data) {
        for (Asked other : open) {
            boolean equal = other.as.kind == one.as.kind
                    && other.as.offset == one.as.offset
                    && other.as.length == one.as.length
                    && other.as.asks == one.as.asks
                    && other.as.checksum == one.as.checksum;
            if (equal && isDone(other) && isWhatWasRead(other, data)) {
                List<Piece> own = one.pieces;
                one.pieces = other.pieces;
                other.pieces = own;
                return;
            }
        }
    }

    /** A refusal at the door needs no reason from below. */
    private void toldUndone(long now, Asked one, Outcome outcome) {
        boolean atTheDoor = outcome instanceof Outcome.Refused && one.pieces.isEmpty();
        if (atTheDoor || now - one.as.at >= PATIENCE_NANOS) {
            return;
        }
        l5.seen();
        boolean hasReason = one.pieces.stream().anyMatch(piece -> piece.outcome != null && !piece.isDone());
        if (!hasReason) {
            unanswered.add(new Unanswered(
                    l5.now(),
                    Sentence.of(
                            "the client told at ",
                            new Sentence.Time(now),
                            " that the ",
                            one.as,
                            " was ",
                            outcome instanceof Outcome.Refused ? "refused" : "perhaps not done",
                            ", though nothing had gone wrong with it and the device was there")));
        }
    }

    void asksToDetach() {
        leaving = true;
    }

    void hasDevice(long now) {
        attached = true;
        idleSince = now;
    }

    /** R7: whatever others have, a program gets on, one operation at a time. */
    private void waits(long now) {
        for (Asked one : open) {
            if (one.pieces.isEmpty()) {
                if (now - Math.max(one.as.at, idleSince) >= WAIT_NANOS) {
                    idleSince = now;
                    r7.broken(
                            now,
                            "the client let the ",
                            one.as,
                            " wait until ",
                            new Sentence.Time(now),
                            ", with nothing else under way for any program");
                }
                return;
            }
        }
    }

    /** The device's end is told last. */
    void stepped(long now) {
        if (attached && !leaving && !life.failed && pieces.isEmpty()) {
            waits(now);
        }
        if (!unanswered.isEmpty()) {
            if (!life.failed && !leaving) {
                unanswered.forEach(one -> l5.brokenBy(one.guilty, now, one.sentence));
            }
            unanswered.clear();
        }
    }
}
