package dst.protocol.client;

import dst.protocol.Boot;
import dst.protocol.ClientSettings;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import dst.protocol.wire.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From submission to outcome: what is sent when, and what an answer, an end of patience or a new boot makes of it. */
final class Operations {
    private static final int WORK_PER_PASS = 32;
    private static final int LONGEST_RESEND = 16;

    private final ClientSettings settings;
    private final Outbox outbox;
    private final Transactions transactions = new Transactions();
    private final Retention retention = new Retention();
    private final Replay replay = new Replay(retention);
    private final Doubts doubts = new Doubts();
    private final Waiting waiting = new Waiting(transactions, retention, doubts);
    private @Nullable Transaction ownFlush;
    private Grant grant = Grant.NONE;
    private boolean live;
    private long sequence;
    private int failedFlushes;
    private boolean leaving;

    /** What the newest link was granted; T4: nothing of another boot or epoch is believed. */
    record Grant(long link, Holder holder, Boot boot, Terms terms) {
        static final Grant NONE = new Grant(0, Holder.NOBODY, Boot.NONE, Terms.DEFAULT);
    }

    /** Why a device cannot go on. */
    record Failure(Problem problem, String text) {}

    Operations(ClientSettings settings, Outbox outbox) {
        this.settings = settings;
        this.outbox = outbox;
    }

    void submit(long tag, Operation operation, long now) {
        long giveUpAt = settings.patienceNanos() == Machine.NEVER ? Machine.NEVER : now + settings.patienceNanos();
        Transaction transaction = new Transaction(Transaction.Purpose.SUBMITTED, tag, operation, ++sequence, giveUpAt);
        if (transaction.retainable() > settings.retainedBytesMax()) {
            transaction.releaseData();
            outbox.completed(tag, new Outcome.Refused(Problem.TOO_LARGE, "more than this client may retain"));
            return;
        }
        if (transactions.add(transaction)) {
            waiting.add(transaction);
        }
    }

    /** H6: whether what is retained still has its place on the device as it is now. */
    @Nullable Failure fits(Device device) {
        if (!retention.isEmpty() && !device.permission().writes()) {
            return new Failure(
                    Problem.NOT_PERMITTED, "the device became read-only before all that was acknowledged was durable");
        }
        return retention.fits(device.size(), device.blockSize())
                ? null
                : new Failure(Problem.OUT_OF_RANGE, "what was acknowledged does not fit the device any more");
    }

    /** The link is granted. In a boot that has not had its replay yet, that comes first (D3). */
    @Nullable Failure attached(Grant granted, String why, long now) {
        boolean newBoot = !granted.boot().equals(grant.boot());
        grant = granted;
        live = true;
        if (newBoot) {
            failedFlushes += why.equals(Boot.FLUSH_FAILED) ? 1 : 0;
            if (failedFlushes > settings.failedFlushesMax()) {
                return new Failure(Problem.IO_ERROR, "the disk failed " + failedFlushes + " flushes in a row");
            }
            settleOldReplays();
            retention.newBoot(granted.boot());
            replay.begin(granted.boot());
        }
        if (replay.finishedIn(granted.boot())) {
            resend(false, now);
        } else {
            resend(true, now);
        }
        return null;
    }

    /** D3: replays of an earlier boot are settled, not resent. */
    private void settleOldReplays() {
        for (Transaction one = transactions.firstSent(); one != null; ) {
            Transaction next = one.next;
            if (one.purpose == Transaction.Purpose.REPLAY) {
                forget(one);
            }
            one = next;
        }
    }

    /** T2: at once, and on a new link the pauses begin anew. */
    private void resend(boolean replays, long now) {
        for (Transaction one = transactions.firstSent(); one != null; one = one.next) {
            if (!replays || one.purpose == Transaction.Purpose.REPLAY) {
                one.resendPause = 0;
                send(one, now);
            }
        }
    }

    void linkLost() {
        live = false;
    }

    /** Sends what may be sent now. */
    void advance(long now) {
        if (!live) {
            return;
        }
        if (!replay.finishedIn(grant.boot()) && !advanceReplay(now)) {
            return;
        }
        for (Transaction next = waiting.next(grant.terms(), settings); next != null; ) {
            send(next, now);
            next = waiting.next(grant.terms(), settings);
        }
        flushIfNeeded(now);
    }

    /** D3: whether the replay is over, and with it the hold-back. */
    private boolean advanceReplay(long now) {
        while (replay.mayContinue(grant.terms().transactionsMax()) && transactions.replayFits()) {
            Replay.Piece piece = replay.next(grant.terms().largestTransfer());
            if (piece == null) {
                break;
            }
            Transaction transaction =
                    new Transaction(Transaction.Purpose.REPLAY, 0, piece.operation(), ++sequence, Machine.NEVER);
            transaction.content = piece.content();
            transactions.add(transaction);
            send(transaction, now);
        }
        if (!replay.complete()) {
            return false;
        }
        replay.finish();
        outbox.send(grant.link(), new Message.Replayed(grant.holder().epoch(), grant.boot()));
        resend(false, now);
        return true;
    }

    private void flushIfNeeded(long now) {
        boolean leavingFlush = leaving && !retention.isEmpty() && transactions.isEmpty();
        if (ownFlush == null && (waiting.wantsFlush(settings) || leavingFlush)) {
            ownFlush =
                    new Transaction(Transaction.Purpose.OWN_FLUSH, 0, new Operation.Flush(), ++sequence, Machine.NEVER);
            transactions.add(ownFlush);
        }
        if (ownFlush != null
                && !ownFlush.isSent()
                && transactions.sentCount() < grant.terms().transactionsMax()) {
            send(ownFlush, now);
        }
    }

    private void send(Transaction transaction, long now) {
        int flags = transaction.isSent() ? Message.Request.RESEND : 0;
        if (!transaction.isSent()) {
            transactions.giveId(transaction);
            transaction.firstSentIn = grant.boot();
        }
        if (flags == 0 || transaction.resendPause == 0) {
            transaction.resendPause = settings.resendNanos();
        }
        transactions.wakeAt(transaction, Math.min(transaction.giveUpAt, now + transaction.resendPause));
        outbox.send(
                grant.link(), transaction.request(flags, grant.holder().epoch(), grant.boot(), transactions.settled()));
    }

    /** T4: an answer counts if it is of this epoch and this boot; it settles what it names, once. */
    @Nullable Failure answered(Message.Answer answer) {
        boolean current =
                answer.epoch() == grant.holder().epoch() && answer.boot().equals(grant.boot());
        Transaction transaction = current ? transactions.find(answer.id()) : null;
        if (transaction == null || answer.problem() == Problem.STALE) {
            answer.payload().release();
            return null;
        }
        Failure failure = settle(transaction, answer);
        if (failure == null) {
            retention.commit(answer.commit());
        }
        return failure;
    }

    /** R4: a read's answer carries what was asked for, and nothing else carries data. */
    boolean contradicts(Message.Answer answer) {
        Transaction transaction = transactions.find(answer.id());
        boolean read = transaction != null && transaction.kind == Kind.READ && answer.problem() == Problem.NONE;
        return transaction != null && answer.payload().readableBytes() != (read ? transaction.length : 0);
    }

    private @Nullable Failure settle(Transaction transaction, Message.Answer answer) {
        if (transaction.purpose == Transaction.Purpose.REPLAY) {
            return settleReplay(transaction, answer);
        }
        if (answer.problem() != Problem.NONE) {
            answer.payload().release();
            if (transaction == ownFlush) {
                return new Failure(answer.problem(), "flushing failed for good");
            }
            failed(transaction, answer.problem());
            return null;
        }
        done(transaction, answer);
        return null;
    }

    /** D3: replays have no second try; what cannot be written again is lost, and the device with it. */
    private @Nullable Failure settleReplay(Transaction transaction, Message.Answer answer) {
        answer.payload().release();
        Content content = transaction.content;
        forget(transaction);
        if (answer.problem() != Problem.NONE || content == null) {
            return new Failure(answer.problem(), "acknowledged content could not be written again");
        }
        replay.answered(content, answer.execution());
        return null;
    }

    private void done(Transaction transaction, Message.Answer answer) {
        switch (transaction.kind) {
            case READ -> {}
            case WRITE, ZERO -> {
                wrote(transaction, answer.execution());
                doubts.written(transaction.offset, transaction.end(), transaction.sequence);
            }
            case TRIM -> retention.endRetention(transaction.offset, transaction.end());
            case FLUSH -> {
                failedFlushes = 0;
                doubts.flushed(transaction.sequence);
            }
        }
        finish(transaction, new Outcome.Done(answer.payload()));
        waiting.doubtsCleared();
    }

    /** D2: durable content needs no retention and ends that of what it covers. */
    private void wrote(Transaction transaction, long execution) {
        if (transaction.durable) {
            retention.endRetention(transaction.offset, transaction.end());
            return;
        }
        boolean zero = transaction.kind == Kind.ZERO;
        retention.retain(new Content(
                transaction.offset, transaction.length, zero ? null : transaction.takeData(), grant.boot(), execution));
    }

    /** T8: Refused if nothing can have happened; R3: the disk's word on a change leaves it open what it did. */
    private void failed(Transaction transaction, Problem problem) {
        boolean harmless = transaction.kind == Kind.READ;
        boolean certain = !problem.ofDisk() && transaction.firstSentIn.equals(grant.boot());
        if (harmless || certain) {
            finish(transaction, new Outcome.Refused(problem, problem.words()));
        } else {
            becomeUnknown(transaction, problem);
        }
    }

    /** T7: told at once; from the next request on the server knows, and no read sees what it left before that is certain. */
    private void becomeUnknown(Transaction transaction, Problem problem) {
        if (transaction.kind.leavesContent()) {
            doubts.add(transaction.offset, transaction.end(), ++sequence);
        }
        finish(transaction, new Outcome.Unknown(problem, problem.words()));
    }

    private void giveUp(Transaction transaction, Problem problem) {
        if (transaction.isSent()) {
            becomeUnknown(transaction, problem);
        } else {
            finish(transaction, new Outcome.Refused(problem, problem.words() + ", and it was never sent"));
        }
    }

    private void finish(Transaction transaction, Outcome outcome) {
        forget(transaction);
        if (transaction.purpose == Transaction.Purpose.SUBMITTED) {
            outbox.completed(transaction.tag, outcome);
        } else {
            ownFlush = null;
        }
    }

    private void forget(Transaction transaction) {
        waiting.remove(transaction);
        transactions.remove(transaction, waiting::add);
        transaction.releaseData();
    }

    /** T2: a bounded piece of work; what is due and not reached now comes first the next time. */
    void timerFired(long now) {
        for (int i = 0; i < WORK_PER_PASS; i++) {
            Transaction transaction = transactions.due(now);
            if (transaction == null) {
                return;
            }
            if (now >= transaction.giveUpAt) {
                giveUp(transaction, Problem.TIMED_OUT);
            } else {
                resend(transaction, now);
            }
        }
    }

    private void resend(Transaction transaction, long now) {
        transaction.resendPause = Math.min(transaction.resendPause * 2, settings.resendNanos() * LONGEST_RESEND);
        boolean due = replay.finishedIn(grant.boot()) || transaction.purpose == Transaction.Purpose.REPLAY;
        if (live && due) {
            send(transaction, now);
        } else {
            transactions.wakeAt(transaction, Math.min(transaction.giveUpAt, now + transaction.resendPause));
        }
    }

    /** L5: nothing new is taken up; what is retained is flushed as soon as nothing is pending. */
    void leave() {
        leaving = true;
    }

    boolean quiet() {
        return transactions.isEmpty() && retention.isEmpty();
    }

    Grant grant() {
        return grant;
    }

    boolean isLive() {
        return live;
    }

    long nextWake() {
        return transactions.nextWake();
    }

    /** The server's last word: what it has made durable, if it is still this boot that it speaks of. */
    void committed(Message.Goodbye goodbye) {
        if (goodbye.boot().equals(grant.boot())) {
            retention.commit(goodbye.commit());
        }
    }

    /** The end: everything pending settles, and what is retained is named. */
    List<Range> end(Problem problem) {
        live = false;
        for (Transaction transaction : transactions.all()) {
            if (transaction.purpose == Transaction.Purpose.REPLAY) {
                forget(transaction);
            } else {
                giveUp(transaction, problem);
            }
        }
        List<Range> lost = retention.ranges();
        retention.discard();
        return lost;
    }

    void discard() {
        for (Transaction transaction : transactions.all()) {
            transaction.releaseData();
        }
        retention.discard();
    }

    void digest(StateDigest digest) {
        digest.add(live)
                .add(grant.boot())
                .add(grant.holder().epoch())
                .add(sequence)
                .add(failedFlushes)
                .add(leaving);
        transactions.digest(digest);
        retention.digest(digest);
        replay.digest(digest);
        doubts.digest(digest);
        waiting.digest(digest);
    }
}
