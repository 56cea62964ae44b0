package dst.protocol.referee;

import dst.protocol.Access;
import dst.protocol.Permission;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Unique;
import dst.protocol.wire.Settled;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One attachment as its server's boundary shows it, over whatever links: what it asked in the present boot. */
final class AttachmentView {
    private static final int REMEMBERED_MAX = 1 << 16;

    private static final int SAID_MAX = 256;

    final Unique token;
    /** 0 for one of a shared export. */
    final long epoch;

    /** What it asked in the present boot. */
    final LongObjectHashMap<Task> tasks = new LongObjectHashMap<>();

    private final ArrayDeque<Task> order = new ArrayDeque<>();

    private @Nullable Access access;
    private String asked = "";
    private Permission permission = Permission.NONE;

    /** The newest settled set that the server has shown to have taken: it acted on the request that carried it. */
    Settled taken = Settled.NONE;
    /** The request that said it. */
    Crossing takenSeen = Crossing.NONE;
    /** Those that came, each newer than the one before it, and what brought them. */
    private final ArrayDeque<Said> said = new ArrayDeque<>();

    private record Said(Settled settled, Crossing seen) {}

    /** The newest one that has come. */
    Settled received = Settled.NONE;

    /** Other content came under a known id (T2). */
    boolean contradicted;

    /** The client said in this boot that its replay is over. */
    boolean replayed;
    /** It said goodbye in this boot, with nothing retained. */
    boolean leftClean;
    /** Of its first link (R7). */
    String origin = "";
    /** Links that were granted and are open. */
    int links;

    AttachmentView(Unique token, long epoch) {
        this.token = token;
        this.epoch = epoch;
    }

    /** A boot ended: nothing of before is on record any more. */
    void forget() {
        tasks.clear();
        order.clear();
        taken = Settled.NONE;
        takenSeen = Crossing.NONE;
        said.clear();
        received = Settled.NONE;
        replayed = false;
        leftClean = false;
    }

    void hears(Settled settled, Crossing now) {
        if (said.isEmpty() || settled.newerThan(said.getLast().settled)) {
            said.add(new Said(settled, now));
            if (said.size() > SAID_MAX) {
                said.remove();
            }
        }
    }

    /** What was the first to say that this one is settled, and what shows that the server has taken that. */
    Sentence whySettled(long id) {
        for (Said one : said) {
            if (one.settled.contains(id)) {
                return Sentence.of(one.seen, takenSeen);
            }
        }
        return Sentence.of(takenSeen);
    }

    void add(Task task) {
        if (tasks.size() >= REMEMBERED_MAX) {
            forget();
        }
        tasks.put(task.id, task);
        order.add(task);
    }

    /** The server acts on a task: it has taken the set that came with it. What is settled and not running is over. */
    void acts(Task task) {
        if (task.settled.newerThan(taken)) {
            taken = task.settled;
            takenSeen = task.seen;
        }
        for (Task eldest = order.peek(); eldest != null; eldest = order.peek()) {
            if (!taken.contains(eldest.id) || eldest.runningPieces > 0) {
                return;
            }
            order.remove();
            tasks.remove(eldest.id);
        }
    }

    /** What that one may do now. Asked for each operation, and nearly always answered the same. */
    Permission permission(ExportView export, String principal) {
        if (!export.access.equals(access) || !principal.equals(asked)) {
            permission = export.permits(principal);
            access = export.access;
            asked = principal;
        }
        return permission;
    }

    @Nullable Task task(long id) {
        return tasks.get(id);
    }
}
