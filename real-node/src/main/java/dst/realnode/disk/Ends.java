package dst.realnode.disk;

import dst.protocol.DiskResult;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tickets and results in the order in which they came: a ring that costs nothing for an entry. */
final class Ends {
    private long[] tickets = new long[64];
    private @Nullable DiskResult[] results = new DiskResult[64];
    private int head;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    void add(long ticket, DiskResult result) {
        if (count == tickets.length) {
            grow();
        }
        int at = (head + count++) & (tickets.length - 1);
        tickets[at] = ticket;
        results[at] = result;
    }

    /** The first one's. */
    DiskResult result() {
        DiskResult result = results[head];
        if (result == null) {
            throw new IllegalStateException("nothing has ended");
        }
        return result;
    }

    /** Takes the first one away, and gives its ticket. */
    long remove() {
        long ticket = tickets[head];
        results[head] = null;
        head = (head + 1) & (tickets.length - 1);
        count--;
        return ticket;
    }

    private void grow() {
        int size = tickets.length;
        long[] moreTickets = Arrays.copyOf(tickets, 2 * size);
        @Nullable DiskResult[] moreResults = Arrays.copyOf(results, 2 * size);
        for (int i = 0; i < size; i++) {
            moreTickets[i] = tickets[(head + i) & (size - 1)];
            moreResults[i] = results[(head + i) & (size - 1)];
        }
        tickets = moreTickets;
        results = moreResults;
        head = 0;
    }
}
