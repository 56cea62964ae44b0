package dst.protocol.client;

import dst.protocol.Machine;
import dst.protocol.Order;
import dst.protocol.StateDigest;
import dst.protocol.wire.Settled;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is not settled: waiting for its turn, or sent and not answered. Ids are given here, rising by one, and with
 * them the settled set that tells the server of all the others (T1, T3).
 */
final class Transactions {
    /** How far the newest id may be ahead of the oldest unsettled replay, so that every replay stays within the window. */
    private static final int REPLAY_REACH = Settled.WINDOW - 128;

    private final Order order = new Order();
    private final ArrayDeque<Order.Place> freed = new ArrayDeque<>();
    private final TreeSet<Transaction> waking = new TreeSet<>();
    private final LongObjectHashMap<Transaction> sent = new LongObjectHashMap<>();

    /** Those not sent yet, by the order of their submission. */
    private final LongObjectHashMap<Transaction> unsent = new LongObjectHashMap<>();

    private @Nullable Transaction first;
    private @Nullable Transaction last;
    private long nextId = 1;
    private long sequence;
    private int sentCount;
    private long sentBytes;
    private long retainable;

    /** The next place among all that this client takes up. */
    long nextSequence() {
        return ++sequence;
    }

    /** Takes one up; true if nothing that it overlaps is ahead of it. */
    boolean add(Transaction transaction) {
        unsent.put(transaction.sequence, transaction);
        wakeAt(transaction, transaction.giveUpAt);
        return transaction.purpose == Transaction.Purpose.REPLAY || order.enter(transaction);
    }

    /** T1: it gets its id now, and is in flight until it settles. */
    void giveId(Transaction transaction) {
        unsent.remove(transaction.sequence);
        transaction.id = nextId++;
        sent.put(transaction.id, transaction);
        transaction.previous = last;
        if (last == null) {
            first = transaction;
        } else {
            last.next = transaction;
        }
        last = transaction;
        if (transaction.purpose != Transaction.Purpose.REPLAY) {
            sentCount++;
            sentBytes += transaction.bytes();
            retainable += transaction.retainable();
        }
    }

    /** It is over; those that waited only for it are handed on. */
    void remove(Transaction transaction, Consumer<Transaction> free) {
        leaveWaking(transaction);
        transaction.setOver();
        if (transaction.isSent()) {
            transaction.leaveLink();
            unlink(transaction);
        } else {
            unsent.remove(transaction.sequence);
        }
        if (transaction.purpose != Transaction.Purpose.REPLAY) {
            order.leave(transaction, freed);
            for (Order.Place place = freed.poll(); place != null; place = freed.poll()) {
                free.accept((Transaction) place);
            }
        }
    }

    private void unlink(Transaction transaction) {
        sent.remove(transaction.id);
        Transaction before = transaction.previous;
        Transaction after = transaction.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        transaction.previous = null;
        transaction.next = null;
        if (transaction.purpose != Transaction.Purpose.REPLAY) {
            sentCount--;
            sentBytes -= transaction.bytes();
            retainable -= transaction.retainable();
        }
    }

    @Nullable Transaction find(long id) {
        return sent.get(id);
    }

    /** The sent and unsettled one with the lowest id; follow {@code next} for the others. */
    @Nullable Transaction firstSent() {
        return first;
    }

    int sentCount() {
        return sentCount;
    }

    long sentBytes() {
        return sentBytes;
    }

    /** How much may still have to be retained of what is in flight (D4). */
    long retainable() {
        return retainable;
    }

    boolean isEmpty() {
        return first == null && unsent.isEmpty();
    }

    /** Everything unsettled, in the order of submission. */
    List<Transaction> all() {
        List<Transaction> all = new ArrayList<>(unsent.values());
        all.addAll(sent.values());
        all.sort((one, other) -> Long.compare(one.sequence, other.sequence));
        return all;
    }

    /** T3: whether one more replay would still leave all of them within the window. */
    boolean replayFits() {
        for (Transaction one = first; one != null; one = one.next) {
            if (one.purpose == Transaction.Purpose.REPLAY) {
                return nextId - one.id < REPLAY_REACH;
            }
        }
        return true;
    }

    /** Every id that was given and is not unsettled. */
    Settled settled() {
        long lowest = first == null ? nextId : first.id;
        long mark = lowest & -64;
        if (nextId - mark > Settled.WINDOW) {
            mark = (nextId - Settled.WINDOW + 63) & -64;
        }
        long[] bits = new long[(int) ((nextId - mark + 63) >>> 6)];
        for (long id = mark; id < nextId; id += 64) {
            long count = Math.min(64, nextId - id);
            bits[(int) ((id - mark) >>> 6)] = count == 64 ? -1L : (1L << count) - 1;
        }
        int below = 0;
        for (Transaction one = first; one != null && one.id < mark; one = one.next) {
            below++;
        }
        long[] open = new long[below];
        int index = 0;
        for (Transaction one = first; one != null; one = one.next) {
            if (one.id < mark) {
                open[index++] = one.id;
            } else {
                bits[(int) ((one.id - mark) >>> 6)] &= ~(1L << (one.id & 63));
            }
        }
        return new Settled(mark, bits, open);
    }

    void wakeAt(Transaction transaction, long time) {
        leaveWaking(transaction);
        transaction.wakeAt = time;
        if (time != Machine.NEVER) {
            waking.add(transaction);
        }
    }

    private void leaveWaking(Transaction transaction) {
        if (transaction.wakeAt != Machine.NEVER) {
            waking.remove(transaction);
        }
    }

    /** The next one that is due, or null. It has to be given a later time, or removed. */
    @Nullable Transaction due(long now) {
        return waking.isEmpty() || waking.first().wakeAt > now ? null : waking.first();
    }

    long nextWake() {
        return waking.isEmpty() ? Machine.NEVER : waking.first().wakeAt;
    }

    void digest(StateDigest digest) {
        digest.add(nextId).add(sequence).add(unsent.size()).add(sent.size());
        all().forEach(one -> one.digest(digest));
        order.digest(digest, place -> ((Transaction) place).sequence);
    }
}
