package dst.protocol.server;

import dst.protocol.Holder;
import dst.protocol.StateDigest;
import dst.protocol.wire.Settled;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One client's use of an export: the requests that it has not settled, and the set of those that it has (T3). */
final class Attachment {
    final Account account;
    final List<ServerLink> links = new ArrayList<>();
    private final LongObjectHashMap<Task> tasks = new LongObjectHashMap<>();
    private final List<Task> freshlySettled = new ArrayList<>();
    private Settled settled = Settled.NONE;

    Attachment(Account account) {
        this.account = account;
    }

    Holder holder() {
        return account.holder;
    }

    boolean isSettled(long id) {
        return settled.contains(id);
    }

    /** R7: its place among those that share an export. */
    Stake<List<ServerLink>> stake() {
        long asked = links.stream().mapToLong(link -> link.asked).max().orElse(0);
        return new Stake<>(List.copyOf(links), account.origin, account.export, false, account.tasks() > 0, asked);
    }

    /** T3: the sets of one attachment grow, and their marks with them; what says otherwise would leave records behind (R7). */
    boolean contradicts(Settled newer) {
        return newer.newerThan(settled) && newer.mark() < settled.mark();
    }

    /** T3: no id from here on can be in use; the record stays bounded (R7). */
    boolean beyondWindow(long id) {
        return id >= settled.end();
    }

    /**
     * Takes a set, unless it is older than the one known. What it settles is forgotten here and marked as dropped, all of it
     * before the first is handed back: none of them may start because another one made way (T3).
     */
    List<Task> settle(Settled newer) {
        freshlySettled.clear();
        if (!newer.newerThan(settled)) {
            return freshlySettled;
        }
        Settled older = settled;
        settled = newer;
        for (int i = 0; i < older.openCount(); i++) {
            forgetIfSettled(older.open(i));
        }
        // No task has an id beyond the older set's window, whatever a peer claims.
        long end = Math.min(older.end(), newer.mark() + newer.words() * 64L);
        for (long base = older.mark(); base < end; base += 64) {
            long known = wordAt(older, base);
            for (long fresh = wordAt(newer, base) & ~known; fresh != 0; fresh &= fresh - 1) {
                forgetIfSettled(base + Long.numberOfTrailingZeros(fresh));
            }
        }
        return freshlySettled;
    }

    /** The 64 ids from {@code base} on; below the mark all count as settled, and are asked again one by one. */
    private static long wordAt(Settled set, long base) {
        if (base < set.mark()) {
            return -1L;
        }
        int word = (int) ((base - set.mark()) >>> 6);
        return word < set.words() ? set.word(word) : 0;
    }

    private void forgetIfSettled(long id) {
        if (settled.contains(id)) {
            Task task = tasks.remove(id);
            if (task != null) {
                task.dropped = true;
                freshlySettled.add(task);
            }
        }
    }

    @Nullable Task task(long id) {
        return tasks.get(id);
    }

    void record(Task task) {
        tasks.put(task.request.id(), task);
    }

    void forget(Task task) {
        tasks.remove(task.request.id());
    }

    /**
     * L5: whether everything that was accepted has been answered. A FLUSH does not count: the removal's own covers it, and whoever
     * asks for one after the other would keep the export for ever.
     */
    boolean isQuiet() {
        for (Task task : tasks.values()) {
            if (task.state != Task.State.ANSWERED && !task.isFlush()) {
                return false;
            }
        }
        return true;
    }

    /** What has not been started, and flushes: forgotten here and marked as dropped, for the caller to give up. */
    List<Task> takeUnstarted() {
        return drop(
                inOrder(task -> task.state == Task.State.HELD || (task.state == Task.State.RUNNING && task.isFlush())));
    }

    /** L6: what has not been started, but for flushes; the same as above. */
    List<Task> takeHeld() {
        return drop(inOrder(task -> task.state == Task.State.HELD));
    }

    /** R6: what is held for somebody who may not do it any more; the same as above. */
    List<Task> takeForbidden(Predicate<Task> forbidden) {
        return drop(inOrder(task -> task.state == Task.State.HELD && forbidden.test(task)));
    }

    private List<Task> drop(List<Task> some) {
        for (Task task : some) {
            task.dropped = true;
            forget(task);
        }
        return some;
    }

    /** By their ids: a map's own order depends on what was in it before. */
    private List<Task> inOrder(Predicate<Task> which) {
        List<Task> found = new ArrayList<>();
        for (Task task : tasks.values()) {
            if (which.test(task)) {
                found.add(task);
            }
        }
        found.sort(Comparator.comparingLong(task -> task.request.id()));
        return found;
    }

    /** The attachment is over. What runs goes on to its end and is answered to nobody. */
    void end() {
        for (Task task : tasks.values()) {
            task.dropped = true;
            if (task.state == Task.State.HELD || task.isFlush()) {
                task.releaseContent();
                task.letGo();
            }
        }
        tasks.clear();
    }

    void digest(StateDigest digest) {
        digest.add(account.export)
                .add(account.holder)
                .add(account.origin)
                .add(account.bytes())
                .add(account.tasks())
                .add(links.size())
                .add(tasks.size());
        links.forEach(link -> digest.add(link.number));
        settled.digest(digest);
        inOrder(task -> true).forEach(task -> task.digest(digest));
    }
}
