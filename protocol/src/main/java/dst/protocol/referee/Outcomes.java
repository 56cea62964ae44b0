package dst.protocol.referee;

import dst.protocol.Kind;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.Terms;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What a client tells its submitters follows from what it heard: once for each (G5), Done only as answered in the newest boot
 * (T4), Refused only if nothing can have been executed (T8), and data whole (R4) and as it came (R5).
 */
final class Outcomes extends ClientObserver {
    private final ClientLife life;
    private final BlockSums sums;
    private final Charge g5;
    private final Charge t4;
    private final Charge t8;
    private final Charge r4;
    private final Charge r5;
    /** What the features of some link do not contain, a client may do by other means. */
    private boolean everythingIsSent = true;

    private int largestTransfer = Integer.MAX_VALUE;
    /** What is open and may be done by other means than one request. */
    private final ArrayList<Submission> byOtherMeans = new ArrayList<>();

    Outcomes(ClientLife life, BlockSums sums, Charges charges) {
        this.life = life;
        this.sums = sums;
        this.g5 = charges.charge(Rules.G5, Side.CLIENT);
        this.t4 = charges.charge(Rules.T4, Side.CLIENT);
        this.t8 = charges.charge(Rules.T8, Side.CLIENT);
        this.r4 = charges.charge(Rules.R4, Side.CLIENT);
        this.r5 = charges.charge(Rules.R5, Side.CLIENT);
    }

    @Override
    void began() {
        everythingIsSent = true;
        largestTransfer = Integer.MAX_VALUE;
        byOtherMeans.clear();
    }

    @Override
    void submitted(long now, Submission submission) {
        boolean known = largestTransfer != Integer.MAX_VALUE;
        if (!known || submission.length > largestTransfer || !isSentAsItIs(submission)) {
            byOtherMeans.add(submission);
        }
    }

    @Override
    void answered(long now, WatchedLink link, @Nullable Sending sending, Message.Answer answer, boolean current) {
        if (sending == null || !current || answer.problem() != Problem.NONE) {
            return;
        }
        for (Submission one : byOtherMeans) {
            boolean overlaps = one.offset < sending.end() && sending.offset < one.offset + one.length;
            one.touched |= overlaps && one.kind.changes() == sending.kind.changes();
        }
    }

    @Override
    void received(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Welcome welcome) {
            int all = Terms.FUA | Terms.TRIM | Terms.ZERO;
            everythingIsSent &= (welcome.agreement().terms().features() & all) == all;
            largestTransfer =
                    Math.min(largestTransfer, welcome.agreement().terms().largestTransfer());
        }
    }

    @Override
    void completed(long now, long tag, @Nullable Submission submission, Outcome outcome) {
        g5.seen();
        if (submission == null) {
            g5.broken(
                    now,
                    "the client told at ",
                    new Sentence.Time(now),
                    " how the operation with tag ",
                    new Sentence.Operation(tag),
                    " ended, but none of that tag was open");
            return;
        }
        if (submission.kind == Kind.READ && outcome instanceof Outcome.Done(ByteBuf data)) {
            checkWhole(now, submission, data);
        }
        boolean tracked = byOtherMeans.remove(submission);
        boolean judged = isSentAsItIs(submission) && (submission.length > 0 || submission.kind == Kind.FLUSH);
        if (!judged || submission.length > largestTransfer) {
            if (outcome instanceof Outcome.Done && submission.length > 0 && tracked && !submission.touched) {
                t4.broken(
                        now,
                        "the client told the ",
                        submission,
                        " to be done at ",
                        new Sentence.Time(now),
                        ", but nothing of it had been answered as done");
            }
            return;
        }
        switch (outcome) {
            case Outcome.Done done -> completedDone(now, submission, submission.sending, done.data());
            case Outcome.Refused refused -> completedRefused(now, submission.sending, refused.problem());
            case Outcome.Unknown unknown -> {}
        }
    }

    /** No feature is needed for reading, writing and flushing. */
    private boolean isSentAsItIs(Submission submission) {
        boolean plain = submission.kind != Kind.TRIM && submission.kind != Kind.ZERO && !submission.durable;
        return everythingIsSent || plain;
    }

    /** However a client gets at what it was asked for, it tells all of it or none to be there. */
    private void checkWhole(long now, Submission submission, ByteBuf data) {
        r4.seen();
        if (data.readableBytes() != submission.length) {
            r4.broken(
                    now,
                    "the client told the ",
                    submission,
                    " to be done at ",
                    new Sentence.Time(now),
                    " and gave ",
                    data.readableBytes(),
                    " bytes for it");
        }
    }

    private void completedDone(long now, Submission submission, @Nullable Sending sending, ByteBuf data) {
        t4.seen();
        if (sending == null) {
            t4.broken(
                    now,
                    "the client told the ",
                    submission,
                    " to be done at ",
                    new Sentence.Time(now),
                    ", but had never sent it");
        } else if (!sending.done && !sending.contradicted) {
            t4.broken(
                    now,
                    "the client told ",
                    sending,
                    " to be done at ",
                    new Sentence.Time(now),
                    ", but no such answer of its newest boot (",
                    life.newest,
                    ") and epoch had come to it");
        } else if (sending.kind == Kind.READ && !sending.twin) {
            r5.seen();
            if (data.readableBytes() == sending.length && !sending.carried(sums.whole(data))) {
                r5.broken(
                        now,
                        "the client gave other data for ",
                        sending,
                        " at ",
                        new Sentence.Time(now),
                        " than any answer to it had carried");
            }
        }
    }

    private void completedRefused(long now, @Nullable Sending sending, Problem problem) {
        if (sending == null || sending.contradicted || !sending.kind.changes() || life.misled) {
            return;
        }
        t8.seen();
        Sentence told = Sentence.of(
                "the client told ",
                sending,
                " to be refused (",
                problem.words(),
                ") at ",
                new Sentence.Time(now),
                ", but ");
        if (sending.done) {
            t8.broken(now, told, "it had been answered as done");
        } else if (sending.answer == null) {
            t8.broken(now, told, "a copy had been sent and nobody had answered that it was not executed");
        } else if (sending.answer.ofDisk()) {
            t8.broken(now, told, "the disk had failed it, which leaves open what it did");
        } else if (!sending.firstBoot.equals(sending.lastBoot)) {
            t8.broken(now, told, "an earlier copy, of ", sending.firstBoot, ", may have been executed");
        }
    }
}
