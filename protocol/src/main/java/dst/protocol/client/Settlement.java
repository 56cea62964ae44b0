package dst.protocol.client;

import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a transaction: an answer, the end of patience or the end of the device settles it, exactly once (G5); and what
 * that means for what is retained and for what is in doubt.
 */
final class Settlement {
    private final ClientOutbox outbox;
    private final Transactions transactions;
    private final Retention retention;
    private final Replay replay;
    private final Doubts doubts;
    private final Waiting waiting;
    private final Copies copies;
    private int failedFlushes;

    Settlement(ClientOutbox outbox, Replay replay, Waiting waiting, Copies copies) {
        this.outbox = outbox;
        this.copies = copies;
        this.transactions = waiting.transactions();
        this.retention = waiting.retention();
        this.replay = replay;
        this.waiting = waiting;
        this.doubts = waiting.doubts();
    }

    /** D5: a boot ended because a flush failed; how many have in a row. */
    int anotherFailedFlush() {
        return ++failedFlushes;
    }

    int failedFlushes() {
        return failedFlushes;
    }

    /** G8: what proves that the server is wrong, or null. An answer that does not count proves nothing (T4). */
    @Nullable Closing contradiction(Operations.Grant grant, Message.Answer answer) {
        Transaction transaction = transactions.find(answer.id());
        boolean current =
                answer.epoch() == grant.holder().epoch() && answer.boot().equals(grant.boot());
        if (transaction == null || !current) {
            return null;
        }
        boolean done = answer.problem() == Problem.NONE;
        boolean read = transaction.kind == Kind.READ && done;
        if (answer.payload().readableBytes() != (read ? transaction.length : 0)) {
            return Closing.peerWrong("R4", "an answer with the wrong amount of data");
        }
        if (done && !isPossible(transaction, grant.agreement().device())) {
            return Closing.peerWrong("R2", "something was done that the device cannot do");
        }
        boolean numbered = answer.execution() > 0 && !retention.knows(answer.execution());
        if (done && transaction.kind.changes() && !numbered) {
            return Closing.peerWrong("D2", "execution number " + answer.execution() + " is none, or known already");
        }
        return null;
    }

    private static boolean isPossible(Transaction transaction, Device device) {
        return transaction.kind == Kind.FLUSH
                || (((transaction.offset | transaction.length) & (device.blockSize() - 1)) == 0
                        && transaction.end() <= device.size());
    }

    /** T4: an answer counts if it is of this epoch and this boot; it settles what it names, once. */
    Operations.@Nullable Failure answered(Operations.Grant grant, Message.Answer answer) {
        boolean current =
                answer.epoch() == grant.holder().epoch() && answer.boot().equals(grant.boot());
        Transaction transaction = current ? transactions.find(answer.id()) : null;
        if (transaction == null || answer.problem() == Problem.STALE) {
            answer.payload().release();
            return null;
        }
        Operations.Failure failure = settle(grant, transaction, answer);
        if (failure == null) {
            retention.commit(answer.commit());
        }
        return failure;
    }

    private Operations.@Nullable Failure settle(
            Operations.Grant grant, Transaction transaction, Message.Answer answer) {
        if (transaction.purpose == Transaction.Purpose.REPLAY) {
            return settleReplay(transaction, answer);
        }
        if (answer.problem() != Problem.NONE) {
            answer.payload().release();
            if (transaction.purpose == Transaction.Purpose.OWN_FLUSH) {
                return new Operations.Failure(answer.problem(), "flushing failed for good");
            }
            failed(grant, transaction, answer.problem());
            return null;
        }
        done(grant, transaction, answer);
        return null;
    }

    /** D3: replays have no second try; what cannot be written again is lost, and the device with it. */
    private Operations.@Nullable Failure settleReplay(Transaction transaction, Message.Answer answer) {
        answer.payload().release();
        Content content = transaction.replayed;
        forget(transaction);
        if (answer.problem() != Problem.NONE || content == null) {
            return new Operations.Failure(answer.problem(), "acknowledged content could not be written again");
        }
        replay.answered(content, transaction.length, answer.execution());
        return null;
    }

    private void done(Operations.Grant grant, Transaction transaction, Message.Answer answer) {
        switch (transaction.kind) {
            case READ -> {}
            case WRITE, ZERO -> {
                wrote(grant, transaction, answer.execution());
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
    private void wrote(Operations.Grant grant, Transaction transaction, long execution) {
        if (transaction.isDurable()) {
            retention.endRetention(transaction.offset, transaction.end());
            return;
        }
        boolean zero = transaction.kind == Kind.ZERO;
        retention.retain(new Content(transaction, zero ? null : transaction.takeData(), grant.boot(), execution));
    }

    /** T8: Refused if nothing can have happened; R3: the disk's word on a change leaves it open what it did. */
    private void failed(Operations.Grant grant, Transaction transaction, Problem problem) {
        boolean harmless = transaction.kind == Kind.READ;
        Operations.Grant first = transaction.firstGrant;
        boolean sameEpoch = first.holder().epoch() == grant.holder().epoch();
        boolean certain = !problem.ofDisk() && sameEpoch && first.boot().equals(grant.boot());
        if (harmless || certain) {
            finish(transaction, new Outcome.Refused(problem, problem.words()));
        } else {
            becomeUnknown(transaction, problem);
        }
    }

    /** T7: told at once; from the next request on the server knows, and no read sees what it left before that is certain. */
    private void becomeUnknown(Transaction transaction, Problem problem) {
        if (transaction.kind.leavesContent()) {
            doubts.add(transaction.offset, transaction.end(), transactions.nextSequence());
        }
        finish(transaction, new Outcome.Unknown(problem, problem.words()));
    }

    /** Patience, or the device, has ended. */
    void giveUp(Transaction transaction, Problem problem) {
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
        }
    }

    /** It is over, and nobody is told. */
    void forget(Transaction transaction) {
        waiting.remove(transaction);
        transactions.remove(transaction, waiting::add);
        copies.letGo(transaction);
        transaction.releaseData();
    }
}
