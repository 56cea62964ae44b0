package dst.protocol.server;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Order;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * One disk: what runs on it and in which order, what has been executed, and up to where that is durable. Nothing is started in a
 * boot that has ended, and nothing of it is answered (D5).
 */
final class Store {
    final int disk;
    private final Owner owner;
    private final ServerOutbox outbox;
    final Flushes flushes;
    private final LongObjectHashMap<Task> running = new LongObjectHashMap<>();
    private final ArrayDeque<Order.Place> freed = new ArrayDeque<>();
    private Order order = new Order();
    private State state = State.READY;
    Boot boot;
    BootCause cause;
    private long tickets;
    private long starts;
    private long executions;
    private long ownTicket;

    /** Who is told what becomes of the disk. */
    interface Owner {
        /** The disk, or a flush, is done with it. */
        void finished(Store store, Task task);

        /** D5: a flush that failed is not tried again in this boot: nobody knows what it wrote. */
        void flushFailed(Store store);
    }

    private enum State {
        /** Operations are started. */
        READY,
        /** The boot has ended; what runs has to end first. */
        ENDING,
        /** The disk is forgetting its cache. */
        FORGETTING,
        /** The next boot is being drawn. */
        DRAWING,
        /** The disk could not forget: nothing that it says can be believed any more. */
        FAILED
    }

    Store(int disk, Boot boot, BootCause cause, Owner owner, ServerOutbox outbox) {
        this.disk = disk;
        this.boot = boot;
        this.cause = cause;
        this.owner = owner;
        this.outbox = outbox;
        this.flushes = new Flushes();
    }

    boolean ready() {
        return state == State.READY;
    }

    boolean failed() {
        return state == State.FAILED;
    }

    /** T5: takes the task's place; it runs now or as soon as nothing that it conflicts with is ahead. */
    void enter(Task task) {
        task.takeInHand();
        if (order.enter(task)) {
            start(task);
        }
    }

    /** A held task is given up: those behind it may go. */
    void abandon(Task task) {
        task.letGo();
        order.leave(task, freed);
        startFreed();
    }

    private void start(Task task) {
        task.state = Task.State.RUNNING;
        task.started = ++starts;
        submit(task);
    }

    private void submit(Task task) {
        long ticket = nextTicket();
        running.put(ticket, task);
        outbox.start(disk, task.rest(ticket));
    }

    private long nextTicket() {
        return ++tickets;
    }

    /** D1: asks for a flush, which runs as soon as no change does that was started before now. */
    void flush(Flushes.Waiter waiter) {
        flushes.ask(waiter, starts);
        issueFlush();
    }

    private void issueFlush() {
        if (flushes.isDue(this::changesRunSince)) {
            long ticket = nextTicket();
            flushes.start(ticket, executions);
            outbox.start(disk, new DiskRequest.Flush(ticket, 0));
        }
    }

    /** Whether a change that was started no later than that still runs (D1). */
    private boolean changesRunSince(long started) {
        for (Task task : running.values()) {
            if (task.started <= started && task.request.kind().changes()) {
                return true;
            }
        }
        return false;
    }

    void ended(long ticket, DiskResult result) {
        Task task = running.remove(ticket);
        if (task != null) {
            taskEnded(task, result);
        } else if (flushes.owns(ticket)) {
            flushEnded(result);
        } else if (state == State.FORGETTING && ticket == ownTicket) {
            forgotten(result);
        } else {
            release(result);
        }
        if (ready()) {
            issueFlush();
        } else {
            finishEnding();
        }
    }

    private void taskEnded(Task task, DiskResult result) {
        if (!ready()) {
            task.letGo();
            release(result);
            task.releaseContent();
            return;
        }
        boolean whole = take(task, result);
        if (!whole && task.problem == Problem.NONE) {
            submit(task);
            return;
        }
        if (whole && task.request.kind().changes()) {
            task.execution = ++executions;
        }
        task.letGo();
        order.leave(task, freed);
        owner.finished(this, task);
        startFreed();
    }

    /** Whether the task is whole now; if the disk failed or moved nothing, the task's problem is set. */
    private static boolean take(Task task, DiskResult result) {
        return switch (result) {
            case DiskResult.Failed failed -> fail(task, failed.problem());
            case DiskResult.Transferred moved ->
                (!task.isRead() && moves(task, moved.bytes()))
                        ? task.advance(moved.bytes())
                        : fail(task, Problem.IO_ERROR);
            case DiskResult.Data read -> {
                if (task.isRead() && moves(task, read.data().readableBytes())) {
                    yield task.advance(read.data());
                }
                read.data().release();
                yield fail(task, Problem.IO_ERROR);
            }
        };
    }

    /** R4: a disk that moves nothing, or more than it was asked to, has failed; so has one that moves the wrong way (R5). */
    private static boolean moves(Task task, int bytes) {
        return bytes > 0 && bytes <= task.left();
    }

    private static boolean fail(Task task, Problem problem) {
        task.problem = problem;
        return false;
    }

    private void startFreed() {
        for (Order.Place next = freed.poll(); next != null; next = freed.poll()) {
            Task task = (Task) next;
            if (!task.dropped) {
                start(task);
            }
        }
    }

    private void flushEnded(DiskResult result) {
        boolean good = flushes.ended(result);
        release(result);
        if (!ready()) {
            return;
        }
        if (good) {
            flushes.succeeded();
        } else {
            owner.flushFailed(this);
        }
    }

    /** What was not flushed may be lost. Held tasks are forgotten by their attachments; running ones end unanswered. */
    void endBoot(BootCause reason) {
        state = State.ENDING;
        cause = reason;
        order = new Order();
        flushes.dropAll();
        outbox.note("the boot of disk " + disk + " ended: " + reason.words());
    }

    void finishEnding() {
        if (state == State.ENDING && idle()) {
            state = State.FORGETTING;
            ownTicket = nextTicket();
            outbox.start(disk, new DiskRequest.Forget(ownTicket, 0));
        }
    }

    private void forgotten(DiskResult result) {
        if (result instanceof DiskResult.Transferred) {
            state = State.DRAWING;
            outbox.drawBoot(disk, cause);
        } else {
            release(result);
            state = State.FAILED;
            outbox.note("disk " + disk + " cannot forget its cache after a failed flush and stays failed");
        }
    }

    void bootDrawn(Boot next) {
        // One that was asked for before the disk was opened anew is no newer than what that brought.
        if (state == State.DRAWING && next.counter() > boot.counter()) {
            begin(next);
        }
    }

    /** The disk was opened anew (H4): nothing that was started before can still end, let alone have an effect. */
    void reopened(Boot next, BootCause reason) {
        for (Task task : running.values()) {
            task.letGo();
            task.releaseContent();
        }
        running.clear();
        cause = reason;
        begin(next);
    }

    private void begin(Boot next) {
        boot = next;
        executions = 0;
        flushes.newBoot();
        state = State.READY;
    }

    private static void release(DiskResult result) {
        if (result instanceof DiskResult.Data read) {
            read.data().release();
        }
    }

    /** Whether the disk has ended all tasks of that export, whatever attachment's. */
    boolean runsNothingOf(String export) {
        for (Task task : running.values()) {
            if (task.account.export.equals(export)) {
                return false;
            }
        }
        return true;
    }

    /** Whether no operation runs on the disk, but for flushes. */
    boolean runsNothing() {
        return running.isEmpty();
    }

    /** Whether nothing at all runs on the disk. */
    boolean quiet() {
        return idle() && state != State.FORGETTING;
    }

    /** Whether nothing is written down beside it either. */
    boolean isLeftAlone() {
        return quiet() && state != State.DRAWING;
    }

    private boolean idle() {
        return running.isEmpty() && !flushes.running();
    }

    /** Gives back what running tasks hold; held and answered ones belong to their attachments. */
    void discard() {
        for (Task task : running.values()) {
            task.releaseContent();
        }
        running.clear();
    }

    /** Of what runs, rising: a map's own order depends on what was in it before. */
    private long[] tickets() {
        long[] tickets = running.keySet().stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(tickets);
        return tickets;
    }

    void digest(StateDigest digest) {
        digest.add(disk)
                .add(boot)
                .add(cause.code())
                .add(state.ordinal())
                .add(tickets)
                .add(starts)
                .add(executions)
                .add(ownTicket)
                .add(running.size());
        order.digest(digest, place -> ((Task) place).name());
        for (long ticket : tickets()) {
            Task task = running.get(ticket);
            digest.add(ticket).add(task.account.export).add(task.account.holder);
            task.digest(digest);
        }
        flushes.digest(digest);
    }
}
