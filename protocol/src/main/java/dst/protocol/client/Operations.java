package dst.protocol.client;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From submission to settlement: what is sent when, and what a new link, a new boot and time make of it. */
final class Operations {
    private static final int WORK_PER_PASS = 32;
    private static final int LONGEST_RESEND = 16;

    private final ClientSettings settings;
    private final ClientOutbox outbox;
    private final Transactions transactions = new Transactions();
    private final Retention retention = new Retention();
    private final Replay replay = new Replay(retention);
    private final Doubts doubts = new Doubts();
    private final Waiting waiting = new Waiting(transactions, retention, doubts);
    private final Copies copies;
    private final Settlement settlement;
    private final Dispatch dispatch;
    private @Nullable Transaction ownFlush;
    private boolean leaving;

    /** What the newest link was granted; T4: nothing of another boot or epoch is believed. */
    record Grant(Holder holder, Boot boot, Agreement agreement) {
        static final Grant NONE = new Grant(
                Holder.NOBODY,
                Boot.NONE,
                new Agreement(0, Terms.DEFAULT, new Device(Unique.NONE, 0, 1, Permission.NONE)));

        Terms terms() {
            return agreement.terms();
        }

        void digest(StateDigest digest) {
            digest.add(holder).add(boot).add(agreement);
        }
    }

    /** Why a device cannot go on. */
    record Failure(Problem problem, String text) {}

    Operations(ClientSettings settings, ClientLinks links, ClientOutbox outbox, ByteBufAllocator pages) {
        this.settings = settings;
        this.outbox = outbox;
        this.copies = new Copies(settings, pages);
        this.settlement = new Settlement(outbox, replay, waiting, copies);
        this.dispatch = new Dispatch(settings, links, outbox, transactions);
    }

    void submit(long tag, Operation operation, long now) {
        long giveUpAt = Machine.after(now, settings.patienceNanos());
        Transaction transaction =
                new Transaction(Transaction.Purpose.SUBMITTED, tag, operation, transactions.nextSequence(), giveUpAt);
        if (!transaction.canBeSaid()) {
            transaction.releaseData();
            outbox.completed(tag, new Outcome.Refused(Problem.OUT_OF_RANGE, "no device has such a place"));
            return;
        }
        if (transaction.retainable() > settings.retainedBytesMax()) {
            transaction.releaseData();
            outbox.completed(tag, new Outcome.Refused(Problem.TOO_LARGE, "more than this client may retain"));
            return;
        }
        if (transactions.add(transaction)) {
            waiting.add(transaction);
        } else if (copies.take(transaction)) {
            outbox.copied(tag);
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

    /** A link is granted. In a boot that has not had its replay yet, that comes first (D3). */
    @Nullable Failure attached(Grant granted, ClientLink link, BootCause cause) {
        Boot before = grant().boot();
        dispatch.granted(granted);
        if (!granted.boot().equals(before)) {
            if (cause == BootCause.FLUSH_FAILED
                    && !before.equals(Boot.NONE)
                    && settlement.anotherFailedFlush() >= settings.failedFlushesMax()) {
                return new Failure(
                        Problem.IO_ERROR, "the disk failed " + settlement.failedFlushes() + " flushes in a row");
            }
            settleOldReplays();
            retention.newBoot(granted.boot());
            replay.begin(granted.boot());
        } else if (replay.finishedIn(granted.boot())) {
            dispatch.sayReplayed(link);
        }
        return null;
    }

    /** D3: replays of an earlier boot are settled, not resent. */
    private void settleOldReplays() {
        for (Transaction one = transactions.firstSent(); one != null; ) {
            Transaction next = one.next;
            if (one.purpose == Transaction.Purpose.REPLAY) {
                settlement.forget(one);
            }
            one = next;
        }
    }

    /** T2: what was last sent on it goes over the other links, or waits for the next one. */
    void linkLost() {
        dispatch.linkLost();
    }

    /** Sends what may be sent now. */
    void advance(long now) {
        if (!dispatch.isLive()) {
            return;
        }
        if (!replay.finishedIn(grant().boot()) && !advanceReplay(now)) {
            return;
        }
        dispatch.resendStranded(settlement, now);
        // It comes first: with one slot in all, whatever else is submitted would keep it waiting for ever (G6).
        sendOwnFlush(now);
        sendNew(now);
        flushIfNeeded(now);
    }

    private void sendNew(long now) {
        for (ClientLink link = dispatch.way(); link != null; link = dispatch.way()) {
            Transaction next = waiting.next(grant().terms(), settings);
            if (next == null) {
                return;
            }
            dispatch.send(next, link, now);
        }
    }

    /** D3: whether the replay is over, and with it the hold-back. */
    private boolean advanceReplay(long now) {
        dispatch.resendReplays(now);
        while (replay.mayContinue(grant().terms().transactionsMax()) && transactions.replayFits()) {
            ClientLink link = dispatch.way();
            Replay.Piece piece = link == null ? null : replay.next(grant().terms());
            if (link == null || piece == null) {
                break;
            }
            Transaction transaction = new Transaction(
                    Transaction.Purpose.REPLAY, 0, piece.operation(), transactions.nextSequence(), Machine.NEVER);
            transaction.replayed = piece.content();
            transactions.add(transaction);
            dispatch.send(transaction, link, now);
        }
        if (!replay.complete()) {
            return false;
        }
        replay.finish();
        dispatch.sayReplayed();
        return true;
    }

    private void flushIfNeeded(long now) {
        boolean leavingFlush = leaving && !retention.isEmpty() && transactions.isEmpty();
        if ((ownFlush == null || ownFlush.isOver()) && (waiting.wantsFlush(settings) || leavingFlush)) {
            ownFlush = new Transaction(
                    Transaction.Purpose.OWN_FLUSH,
                    0,
                    new Operation.Flush(),
                    transactions.nextSequence(),
                    Machine.NEVER);
            transactions.add(ownFlush);
        }
        sendOwnFlush(now);
    }

    private void sendOwnFlush(long now) {
        if (ownFlush != null
                && !ownFlush.isOver()
                && !ownFlush.isSent()
                && transactions.sentCount() < grant().terms().transactionsMax()) {
            ClientLink link = dispatch.way();
            if (link != null) {
                dispatch.send(ownFlush, link, now);
            }
        }
    }

    /** G8: what proves that the server is wrong, or null. */
    @Nullable Closing contradiction(Message.Answer answer) {
        return settlement.contradiction(grant(), answer);
    }

    @Nullable Failure answered(Message.Answer answer) {
        return settlement.answered(grant(), answer);
    }

    /** T2: a bounded piece of work; what is due and not reached now comes first the next time. */
    void timerFired(long now) {
        for (int i = 0; i < WORK_PER_PASS; i++) {
            Transaction transaction = transactions.due(now);
            if (transaction == null) {
                return;
            }
            if (now >= transaction.giveUpAt || !dispatch.hasAttempts(transaction)) {
                settlement.giveUp(transaction, Problem.TIMED_OUT);
            } else {
                resend(transaction, now);
            }
        }
    }

    private void resend(Transaction transaction, long now) {
        long since = now - transaction.resendPause;
        transaction.resendPause = Math.min(transaction.resendPause * 2, settings.resendNanos() * LONGEST_RESEND);
        // D3: while a replay goes first everything else waits, however late it is.
        boolean due = replay.finishedIn(grant().boot()) || transaction.purpose == Transaction.Purpose.REPLAY;
        if (!due || !dispatch.resend(transaction, since, now)) {
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
        return dispatch.grant();
    }

    long nextWake() {
        return transactions.nextWake();
    }

    /** The server's last word: what it has made durable, if it is still this boot that it speaks of. */
    void committed(Boot boot, long commit) {
        if (boot.equals(grant().boot())) {
            retention.commit(commit);
        }
    }

    /** The end: everything pending settles, and what is retained is named. */
    List<Range> end(Problem problem) {
        for (Transaction transaction : transactions.all()) {
            if (transaction.purpose == Transaction.Purpose.REPLAY) {
                settlement.forget(transaction);
            } else {
                settlement.giveUp(transaction, problem);
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
        digest.add(settlement.failedFlushes())
                .add(leaving)
                .add(ownFlush == null || ownFlush.isOver() ? 0 : ownFlush.sequence);
        dispatch.digest(digest);
        transactions.digest(digest);
        retention.digest(digest);
        replay.digest(digest);
        doubts.digest(digest);
        waiting.digest(digest);
        copies.digest(digest);
    }
}
