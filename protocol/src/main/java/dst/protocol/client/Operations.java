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
    private final Outbox outbox;
    private final Links links;
    private final Transactions transactions = new Transactions();
    private final Retention retention = new Retention();
    private final Replay replay = new Replay(retention);
    private final Doubts doubts = new Doubts();
    private final Waiting waiting = new Waiting(transactions, retention, doubts);
    private final Copies copies;
    private final Settlement settlement;
    private @Nullable Transaction ownFlush;
    private Grant grant = Grant.NONE;
    private boolean stranded;
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

    Operations(ClientSettings settings, Links links, Outbox outbox, ByteBufAllocator pages) {
        this.settings = settings;
        this.links = links;
        this.outbox = outbox;
        this.copies = new Copies(settings, pages);
        this.settlement = new Settlement(outbox, replay, waiting, copies);
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
    @Nullable Failure attached(Grant granted, Link link, BootCause cause) {
        boolean newBoot = !granted.boot().equals(grant.boot());
        boolean isFirst = grant.boot().equals(Boot.NONE);
        grant = granted;
        if (newBoot) {
            if (cause == BootCause.FLUSH_FAILED
                    && !isFirst
                    && settlement.anotherFailedFlush() >= settings.failedFlushesMax()) {
                return new Failure(
                        Problem.IO_ERROR, "the disk failed " + settlement.failedFlushes() + " flushes in a row");
            }
            settleOldReplays();
            retention.newBoot(granted.boot());
            replay.begin(granted.boot());
        } else if (replay.finishedIn(granted.boot())) {
            sayReplayed(link);
        }
        return null;
    }

    /** D3: on every link that is attached in this boot: the word may be lost with the link that it was said on. */
    private void sayReplayed(Link link) {
        if (grant.holder().epoch() != 0) {
            outbox.send(link, new Message.Replayed(grant.holder().epoch(), grant.boot()));
        }
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

    /** T2: what was last sent on a link that is gone goes over the others, or waits for the next one. */
    void linkLost() {
        stranded = true;
    }

    /** Sends what may be sent now. */
    void advance(long now) {
        if (!links.isLive()) {
            return;
        }
        if (!replay.finishedIn(grant.boot()) && !advanceReplay(now)) {
            return;
        }
        if (stranded) {
            resendStranded(false, now);
        }
        // It comes first: with one slot in all, whatever else is submitted would keep it waiting for ever (G6).
        sendOwnFlush(now);
        for (Transaction next = waiting.next(grant.terms(), settings); next != null; ) {
            send(next, links.best(), now);
            next = waiting.next(grant.terms(), settings);
        }
        flushIfNeeded(now);
    }

    /** T2: at once, in the order of ids, and the pauses begin anew. H3: what a new link allows less of waits for its turn. */
    private void resendStranded(boolean replays, long now) {
        stranded = false;
        for (Transaction one = transactions.firstSent(); one != null; one = one.next) {
            if (!one.isStranded()) {
                continue;
            }
            if ((replays && one.purpose != Transaction.Purpose.REPLAY) || !hasAttempts(one) || !fits(one)) {
                stranded = true;
                continue;
            }
            one.resendPause = 0;
            send(one, links.best(), now);
        }
    }

    /** T2: nobody gives up what the client does for itself (D3, D4). */
    private boolean hasAttempts(Transaction transaction) {
        return transaction.purpose != Transaction.Purpose.SUBMITTED
                || transaction.attempts < settings.manner().attemptsMax();
    }

    /** H3: whether this one more on the links is within what was agreed; one alone always is. */
    private boolean fits(Transaction transaction) {
        int count = links.requests();
        return count == 0
                || (count < grant.terms().transactionsMax()
                        && links.bytes() + transaction.bytes() <= grant.terms().bytesMax());
    }

    /** D3: whether the replay is over, and with it the hold-back. */
    private boolean advanceReplay(long now) {
        if (stranded) {
            resendStranded(true, now);
        }
        while (replay.mayContinue(grant.terms().transactionsMax()) && transactions.replayFits()) {
            Replay.Piece piece = replay.next(grant.terms());
            if (piece == null) {
                break;
            }
            Transaction transaction = new Transaction(
                    Transaction.Purpose.REPLAY, 0, piece.operation(), transactions.nextSequence(), Machine.NEVER);
            transaction.replayed = piece.content();
            transactions.add(transaction);
            send(transaction, links.best(), now);
        }
        if (!replay.complete()) {
            return false;
        }
        replay.finish();
        for (int slot = 0; slot < links.slots(); slot++) {
            Link link = links.live(slot);
            if (link != null) {
                sayReplayed(link);
            }
        }
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
                && transactions.sentCount() < grant.terms().transactionsMax()) {
            send(ownFlush, links.best(), now);
        }
    }

    private void send(Transaction transaction, @Nullable Link link, long now) {
        if (link == null) {
            throw new IllegalStateException("nothing is sent where no link lives");
        }
        int flags = transaction.isSent() ? Message.Request.RESEND : 0;
        if (!transaction.isSent()) {
            transactions.giveId(transaction);
            transaction.firstSentIn = grant.boot();
            transaction.firstEpoch = grant.holder().epoch();
        }
        if (flags == 0 || transaction.resendPause == 0) {
            transaction.resendPause = settings.resendNanos();
        }
        transaction.sentOn(link, now);
        transactions.wakeAt(transaction, Math.min(transaction.giveUpAt, now + transaction.resendPause));
        outbox.send(link, transaction.request(flags, grant.holder().epoch(), grant.boot(), transactions.settled()));
    }

    /** G8: what proves that the server is wrong, or null. */
    @Nullable Closing contradiction(Message.Answer answer) {
        return settlement.contradiction(grant, answer);
    }

    @Nullable Failure answered(Message.Answer answer) {
        return settlement.answered(grant, answer);
    }

    /** T2: a bounded piece of work; what is due and not reached now comes first the next time. */
    void timerFired(long now) {
        for (int i = 0; i < WORK_PER_PASS; i++) {
            Transaction transaction = transactions.due(now);
            if (transaction == null) {
                return;
            }
            if (now >= transaction.giveUpAt || !hasAttempts(transaction)) {
                settlement.giveUp(transaction, Problem.TIMED_OUT);
            } else {
                resend(transaction, now);
            }
        }
    }

    private void resend(Transaction transaction, long now) {
        transaction.resendPause = Math.min(transaction.resendPause * 2, settings.resendNanos() * LONGEST_RESEND);
        Link link = isDue(transaction) ? other(transaction) : null;
        // What has not even left this host is not sent again behind itself.
        if (link != null && !link.isCongested()) {
            send(transaction, link, now);
        } else {
            transactions.wakeAt(transaction, Math.min(transaction.giveUpAt, now + transaction.resendPause));
        }
    }

    /** D3, H3: while others go first it waits, however late it is. */
    private boolean isDue(Transaction transaction) {
        boolean replayed = replay.finishedIn(grant.boot()) || transaction.purpose == Transaction.Purpose.REPLAY;
        return replayed && (!transaction.isStranded() || fits(transaction));
    }

    /** T2: what one link did not answer is tried on another, if there is one. */
    private @Nullable Link other(Transaction transaction) {
        Link last = transaction.link();
        if (last != null) {
            last.timedOut(transaction.sentAt);
        }
        return links.best(last);
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
        digest.add(stranded)
                .add(settlement.failedFlushes())
                .add(leaving)
                .add(ownFlush == null || ownFlush.isOver() ? 0 : ownFlush.sequence);
        grant.digest(digest);
        transactions.digest(digest);
        retention.digest(digest);
        replay.digest(digest);
        doubts.digest(digest);
        waiting.digest(digest);
        copies.digest(digest);
    }
}
