package dst.protocol.referee;

import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.wire.Settled;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One export as its server's boundary shows it: who durably holds it, who was granted it, and what that attachment asked. */
final class ExportView {
    private static final int REMEMBERED_MAX = 1 << 16;

    Export export;
    final DiskView disk;
    /** As it is on durable record. */
    Holder durable;
    /** The epoch that was granted last; 0 before any was. */
    long granted;
    /** What the granted attachment asked in the present boot. */
    final LongObjectHashMap<Task> tasks = new LongObjectHashMap<>();

    private final ArrayDeque<Task> order = new ArrayDeque<>();
    /** Ids of requests that belonged to another boot or epoch. */
    final LongObjectHashMap<Boolean> stale = new LongObjectHashMap<>();

    long idMax;
    /** The newest settled set that the server has shown to have taken: it acted on the request that carried it. */
    Settled taken = Settled.NONE;

    /** The client said in this boot that its replay is over. */
    boolean replayed;

    ExportView(Export export, DiskView disk, Holder durable) {
        this.export = export;
        this.disk = disk;
        this.durable = durable;
    }

    void grant(long epoch) {
        if (epoch != granted) {
            granted = epoch;
            idMax = 0;
            forget();
        }
    }

    /** A boot ended: nothing of before is on record any more. */
    void forget() {
        tasks.clear();
        order.clear();
        stale.clear();
        taken = Settled.NONE;
        replayed = false;
    }

    void add(Task task) {
        if (tasks.size() >= REMEMBERED_MAX) {
            forget();
        }
        tasks.put(task.id, task);
        order.add(task);
        idMax = Math.max(idMax, task.id);
    }

    /** The server acts on a task: it has taken the set that came with it. What is settled and not running is over. */
    void acts(Task task) {
        if (task.settled.newerThan(taken)) {
            taken = task.settled;
        }
        for (Task eldest = order.peek(); eldest != null; eldest = order.peek()) {
            if (!taken.contains(eldest.id) || eldest.runningPieces > 0) {
                return;
            }
            order.remove();
            tasks.remove(eldest.id);
        }
    }

    @Nullable Task task(long id) {
        return tasks.get(id);
    }

    boolean covers(long offset, long end) {
        return offset >= export.start()
                && end <= export.start() + export.device().size();
    }
}
