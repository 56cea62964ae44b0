package dst.protocol.client;

import dst.protocol.ClientSettings;
import dst.protocol.Kind;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What could be sent as far as overlapping operations go: in the order of submission, within the limits (H3, D4), and no read of
 * what is in doubt (T7).
 */
final class Waiting {
    /** So many doubts, and the client flushes without waiting for a read. */
    static final int DOUBTS_MAX = 1024;

    private final Transactions transactions;
    private final Retention retention;
    private final Doubts doubts;
    private final TreeSet<Transaction> ready = new TreeSet<>(Comparator.comparingLong(one -> one.sequence));
    private final List<Transaction> doubtful = new ArrayList<>();
    private final List<Transaction> roomless = new ArrayList<>();
    private long loadWhenFull;

    Waiting(Transactions transactions, Retention retention, Doubts doubts) {
        this.transactions = transactions;
        this.retention = retention;
        this.doubts = doubts;
    }

    Transactions transactions() {
        return transactions;
    }

    Retention retention() {
        return retention;
    }

    Doubts doubts() {
        return doubts;
    }

    void add(Transaction transaction) {
        ready.add(transaction);
    }

    void remove(Transaction transaction) {
        if (!transaction.isSent()) {
            ready.remove(transaction);
            doubtful.remove(transaction);
            roomless.remove(transaction);
        }
    }

    /** The next one that may be sent now; it is not here any more. */
    @Nullable Transaction next(Terms terms, ClientSettings settings) {
        if (!roomless.isEmpty() && load() < loadWhenFull) {
            ready.addAll(roomless);
            roomless.clear();
        }
        while (!ready.isEmpty() && hasSlot(ready.first(), terms)) {
            Transaction transaction = ready.removeFirst();
            if (transaction.kind == Kind.READ && doubts.concern(transaction)) {
                doubtful.add(transaction);
            } else if (!hasRoom(transaction, settings)) {
                roomless.add(transaction);
                loadWhenFull = load();
            } else {
                return transaction;
            }
        }
        return null;
    }

    /** One slot is kept for the client's own flush, without which nothing might move. */
    private boolean hasSlot(Transaction transaction, Terms terms) {
        int count = transactions.sentCount();
        return count == 0
                || (count < terms.transactionsMax() - 1
                        && transactions.sentBytes() + transaction.bytes() <= terms.bytesMax());
    }

    /** D4: what may have to be retained has its memory before it is sent; and nobody overtakes who waits for that. */
    private boolean hasRoom(Transaction transaction, ClientSettings settings) {
        int wanted = transaction.retainable();
        return wanted == 0 || (roomless.isEmpty() && load() + wanted <= settings.retainedBytesMax());
    }

    /** What is retained, and what may have to be. */
    private long load() {
        return retention.bytes() + transactions.retainable();
    }

    void doubtsCleared() {
        if (!doubtful.isEmpty()) {
            ready.addAll(doubtful);
            doubtful.clear();
        }
    }

    /** T7, D4: whether something here, or soon, waits for a flush. */
    boolean wantsFlush(ClientSettings settings) {
        return !doubtful.isEmpty()
                || (!roomless.isEmpty() && !retention.isEmpty())
                || doubts.size() > DOUBTS_MAX
                || retention.bytes() > settings.retainedBytesMax() / 4 * 3;
    }

    /** What is in none of the three waits for what it overlaps, and that follows from all that is not settled. */
    void digest(StateDigest digest) {
        ready.forEach(one -> digest.add(one.sequence));
        digest.add(ready.size());
        doubtful.forEach(one -> digest.add(one.sequence));
        digest.add(doubtful.size());
        roomless.forEach(one -> digest.add(one.sequence));
        digest.add(roomless.size()).add(loadWhenFull);
    }
}
