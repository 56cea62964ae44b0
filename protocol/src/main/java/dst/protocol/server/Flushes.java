package dst.protocol.server;

import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.StateDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The flushes of one disk: one runs at a time, each after every change that was started before it was asked for; and the commit
 * number, which is what had been executed when the last good one was issued (D1, D2).
 */
final class Flushes {
    private final Store store;
    private final ServerOutbox outbox;
    private final List<Waiting> waiting = new ArrayList<>();
    private List<Waiting> covered = List.of();
    private long ticket;
    private long covers;
    private long commit;
    private boolean running;

    /** Who waits for a flush. */
    sealed interface Waiter permits ForTask, Takeover, Removal, Leaving.Departure {
        /** Done, in the boot in which it was asked for. If that boot ends instead, nobody is told. */
        void flushed();
    }

    /** A client's FLUSH. */
    record ForTask(Task task, Requests requests) implements Waiter {
        @Override
        public void flushed() {
            requests.finished(task);
        }
    }

    private record Waiting(Waiter waiter, long startedBefore) {}

    Flushes(Store store, ServerOutbox outbox) {
        this.store = store;
        this.outbox = outbox;
    }

    void ask(Waiter waiter) {
        waiting.add(new Waiting(waiter, store.startedSoFar()));
        issue();
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

    void issue() {
        if (running || waiting.isEmpty()) {
            return;
        }
        List<Waiting> due = new ArrayList<>();
        for (Iterator<Waiting> entries = waiting.iterator(); entries.hasNext(); ) {
            Waiting entry = entries.next();
            if (!store.changesRunSince(entry.startedBefore())) {
                due.add(entry);
                entries.remove();
            }
        }
        if (!due.isEmpty()) {
            start(due);
        }
    }

    private void start(List<Waiting> due) {
        covered = due;
        running = true;
        ticket = store.nextTicket();
        // D2: what is executed while the flush runs is not covered by it.
        covers = store.executionsSoFar();
        outbox.start(store, new DiskRequest.Flush(ticket, 0));
    }

    void ended(DiskResult result) {
        running = false;
        if (result instanceof DiskResult.Data data) {
            data.data().release();
        }
        if (!store.ready()) {
            return;
        }
        if (failed(result)) {
            store.flushFailed();
            return;
        }
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
            switch (entry.waiter()) {
                case ForTask(Task task, Requests requests) ->
                    digest.add(task.request.id())
                            .add(task.attachment.export.export.name())
                            .add(task.attachment.holder);
                case Takeover takeover -> digest.add(takeover.next());
                case Removal removal -> digest.add(removal.deadline());
                case Leaving.Departure departure -> departure.digest(digest);
            }
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
