package dst.protocol.referee;

import dst.protocol.Kind;
import dst.protocol.Outcome;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * T7 as it binds a client: a block of an Unknown WRITE or ZERO is read only after a FLUSH, or a write of that block, that was
 * sent after Unknown was told, is Done.
 */
final class DoubtfulBlocks extends ClientObserver {
    private static final int REMEMBERED_MAX = 1024;

    private final ClientLife life;
    private final Charge t7;
    private ArrayList<Doubt> doubts = new ArrayList<>();

    private record Doubt(Range range, long step, Sentence unknown) {}

    DoubtfulBlocks(ClientLife life, Charges charges) {
        this.life = life;
        this.t7 = charges.charge(Rules.T7, Side.CLIENT);
    }

    @Override
    void began() {
        doubts.clear();
    }

    @Override
    void completed(long now, long tag, @Nullable Submission submission, Outcome outcome) {
        if (!(outcome instanceof Outcome.Unknown) || submission == null || submission.sending == null) {
            return;
        }
        // Who speaks NBD has no word for it and says that he does not know; it is known here.
        boolean sure = submission.sending.isRefusedForSure();
        if (!sure && submission.kind.leavesContent() && doubts.size() < REMEMBERED_MAX) {
            doubts.add(new Doubt(
                    new Range(submission.offset, submission.length),
                    life.step,
                    Sentence.of(submission.sending, t7.now(), ", told to be unknown at ", new Sentence.Time(now))));
        }
    }

    @Override
    void requests(long now, WatchedLink link, Sending sending, Message.Request request, boolean first) {
        if (doubts.isEmpty() || !first || sending.kind != Kind.READ) {
            return;
        }
        for (Doubt doubt : doubts) {
            t7.seen();
            if (doubt.range.overlaps(sending.offset, sending.end())) {
                t7.broken(
                        now,
                        "the client sent ",
                        sending,
                        " at ",
                        new Sentence.Time(now),
                        ", but it overlaps ",
                        doubt.unknown,
                        ", and no flush or write sent after that is done");
                return;
            }
        }
    }

    @Override
    void answered(long now, WatchedLink link, @Nullable Sending sending, Message.Answer answer, boolean current) {
        if (doubts.isEmpty() || sending == null || !current || !sending.done) {
            return;
        }
        if (sending.kind == Kind.FLUSH) {
            doubts.removeIf(doubt -> doubt.step <= sending.step);
        } else if (sending.kind.changes()) {
            cut(sending);
        }
    }

    private void cut(Sending sending) {
        ArrayList<Doubt> left = new ArrayList<>();
        for (Doubt doubt : doubts) {
            Range range = doubt.range;
            if (doubt.step > sending.step || !range.overlaps(sending.offset, sending.end())) {
                left.add(doubt);
                continue;
            }
            if (range.offset() < sending.offset) {
                left.add(new Doubt(
                        new Range(range.offset(), sending.offset - range.offset()), doubt.step, doubt.unknown));
            }
            if (sending.end() < range.end()) {
                left.add(new Doubt(new Range(sending.end(), range.end() - sending.end()), doubt.step, doubt.unknown));
            }
        }
        doubts = left;
    }
}
