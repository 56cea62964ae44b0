package dst.protocol.server;

import dst.protocol.DiskResult;
import dst.protocol.StateDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * The flushes of one disk: one runs at a time, each after every change that was started before it was asked for; and the commit
 * number, which is what had been executed when the last good one was issued (D1, D2).
 */
final class Flushes {
    private final List<Waiting> waiting = new ArrayList<>();
    private List<Waiting> covered = List.of();
    private long ticket;
    private long covers;
    private long commit;
    private boolean running;

    /** Who waits for a flush. */
    interface Waiter {
        /** Done, in the boot in which it was asked for. If that boot ends instead, nobody is told. */
        void flushed();

        /** Which of all waiters it is. */
        void identify(StateDigest digest);
    }

    private record Waiting(Waiter waiter, long startedBefore) {}

    void ask(Waiter waiter, long startedSoFar) {
        waiting.add(new Waiting(waiter, startedSoFar));
    }

    /** The waiter does not care any more. */
    void drop(Waiter waiter) {
        waiting.removeIf(entry -> entry.waiter().equals(waiter));
        covered =
                covered.stream().filter(entry -> !entry.waiter().equals(waiter)).toList();
    }

    void dropAll() {
        waiting.clear();
        covered = List.of();
    }

    boolean owns(long ended) {
        return running && ended == ticket;
    }

    /** Whether one has to run now: it will be for all those of whom no change runs that was started before they asked. */
    boolean isDue(LongPredicate changesRunSince) {
        if (running || waiting.isEmpty()) {
            return false;
        }
        List<Waiting> due = new ArrayList<>();
        for (Iterator<Waiting> entries = waiting.iterator(); entries.hasNext(); ) {
            Waiting entry = entries.next();
            if (!changesRunSince.test(entry.startedBefore())) {
                due.add(entry);
                entries.remove();
            }
        }
        if (due.isEmpty()) {
            return false;
        }
        covered = due;
        return true;
    }

    /** D2: what is executed while the flush runs is not covered by it. */
    void start(long itsTicket, long executedSoFar) {
        running = true;
        ticket = itsTicket;
        covers = executedSoFar;
    }

    /** Whether it was a good one. */
    boolean ended(DiskResult result) {
        running = false;
        return !failed(result);
    }

    /** It counts: everybody who waited for it is told. */
    void succeeded() {
        commit = covers;
        List<Waiting> done = covered;
        covered = List.of();
        for (Waiting entry : done) {
            entry.waiter().flushed();
        }
    }

    private static boolean failed(DiskResult result) {
        return !(result instanceof DiskResult.Transferred);
    }

    /** The commit number: every execution of this boot up to it is durable. */
    long commit() {
        return commit;
    }

    void digest(StateDigest digest) {
        digest.add(ticket).add(covers).add(commit).add(running);
        digest(waiting, digest);
        digest(covered, digest);
    }

    private static void digest(List<Waiting> entries, StateDigest digest) {
        digest.add(entries.size());
        for (Waiting entry : entries) {
            digest.add(entry.startedBefore());
            entry.waiter().identify(digest);
        }
    }

    boolean running() {
        return running;
    }

    void newBoot() {
        running = false;
        commit = 0;
        covers = 0;
    }
}
