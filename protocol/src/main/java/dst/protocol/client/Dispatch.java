package dst.protocol.client;

import dst.protocol.ClientSettings;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/** Which copy of a transaction goes over which link: the first one, those after a lost link and those after a silence (T2). */
final class Dispatch {
    private final ClientSettings settings;
    private final ClientLinks links;
    private final ClientOutbox outbox;
    private final Transactions transactions;
    private Operations.Grant grant = Operations.Grant.NONE;

    /** Some of what was sent has lost its link and was not sent again yet. */
    private boolean stranded;

    Dispatch(ClientSettings settings, ClientLinks links, ClientOutbox outbox, Transactions transactions) {
        this.settings = settings;
        this.links = links;
        this.outbox = outbox;
        this.transactions = transactions;
    }

    /** What the newest link was granted. */
    Operations.Grant grant() {
        return grant;
    }

    void granted(Operations.Grant newest) {
        grant = newest;
    }

    void linkLost() {
        stranded = true;
    }

    boolean isLive() {
        return links.isLive();
    }

    /** The link for the next request, or null: none lives, or on each of them too much waits to leave this host already (R7). */
    @Nullable ClientLink way() {
        ClientLink best = links.best();
        return best == null || best.isCongested() ? null : best;
    }

    void send(Transaction transaction, ClientLink link, long now) {
        int flags = transaction.isSent() ? Message.Request.RESEND : 0;
        if (!transaction.isSent()) {
            transactions.giveId(transaction);
            transaction.firstGrant = grant;
        }
        if (flags == 0 || transaction.resendPause == 0) {
            transaction.resendPause = settings.resendNanos();
        }
        transaction.sentOn(link);
        transactions.wakeAt(transaction, Math.min(transaction.giveUpAt, now + transaction.resendPause));
        outbox.send(link, transaction.request(flags, grant.holder().epoch(), grant.boot(), transactions.settled()));
    }

    /** D3: on every link that is attached in a boot: the word may be lost with the link that it was said on. */
    void sayReplayed(ClientLink link) {
        if (grant.holder().epoch() != 0) {
            outbox.send(link, new Message.Replayed(grant.holder().epoch(), grant.boot()));
        }
    }

    void sayReplayed() {
        for (int slot = 0; slot < links.slots(); slot++) {
            ClientLink link = links.live(slot);
            if (link != null) {
                sayReplayed(link);
            }
        }
    }

    /** D3: what a broken link has left undone of a replay. */
    void resendReplays(long now) {
        if (!stranded) {
            return;
        }
        stranded = false;
        for (Transaction one = transactions.firstSent(); one != null; one = one.next) {
            if (one.isStranded()) {
                resendAtOnce(one, one.purpose == Transaction.Purpose.REPLAY, now);
            }
        }
    }

    /** T2: what lost its link goes over those that live, at once and in the order of ids. */
    void resendStranded(Settlement settlement, long now) {
        if (!stranded) {
            return;
        }
        stranded = false;
        for (Transaction one = transactions.firstSent(); one != null; ) {
            Transaction next = one.next;
            if (one.isStranded() && !hasAttempts(one)) {
                settlement.giveUp(one, Problem.TIMED_OUT);
            } else if (one.isStranded()) {
                resendAtOnce(one, true, now);
            }
            one = next;
        }
    }

    /** With pauses that begin anew. H3, R7: what the new terms, or the links, have no room for waits until there is some. */
    private void resendAtOnce(Transaction transaction, boolean due, long now) {
        ClientLink link = due && fits(transaction) ? way() : null;
        if (link != null) {
            transaction.resendPause = 0;
            send(transaction, link, now);
        } else {
            stranded = true;
        }
    }

    /** T2: sends another copy, on another link if there is one; false if there is no good place for it now. Since when it waits. */
    boolean resend(Transaction transaction, long since, long now) {
        ClientLink last = transaction.link();
        if (last != null) {
            last.timedOut(since);
        }
        ClientLink link = wayFor(links.best(last), last);
        if (link == null || (transaction.isStranded() && !fits(transaction))) {
            return false;
        }
        send(transaction, link, now);
        return true;
    }

    /** What has not even left this host is not sent again behind itself. */
    private static @Nullable ClientLink wayFor(@Nullable ClientLink other, @Nullable ClientLink last) {
        if (other != null && !other.isCongested()) {
            return other;
        }
        return last != null && last.isOpen() && !last.isCongested() ? last : null;
    }

    /** T2: nobody gives up what the client does for itself (D3, D4). */
    boolean hasAttempts(Transaction transaction) {
        return transaction.purpose != Transaction.Purpose.SUBMITTED
                || transaction.attempts < settings.policy().attemptsMax();
    }

    /** H3: whether this one more on the links is within what was agreed; one alone always is. */
    private boolean fits(Transaction transaction) {
        int count = links.requests();
        return count == 0
                || (count < grant.terms().transactionsMax()
                        && links.bytes() + transaction.bytes() <= grant.terms().bytesMax());
    }

    void digest(StateDigest digest) {
        digest.add(stranded);
        grant.digest(digest);
    }
}
