package dst.protocol.referee;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Sentence.Crossing;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;

/** One disk as its server's boundary shows it: its boot, what runs on it, and what is known to be durable by flushes. */
final class DiskView {
    final int number;
    Boot boot;
    /** Why that began. */
    BootCause cause = BootCause.OTHER;
    /** What the server asked for the next one for. */
    BootCause nextCause = BootCause.OTHER;
    /** The server was told that the disk is there and its own (H4). */
    boolean opened;
    /** The last export on it was given up (L5). */
    boolean letGo;

    /** A flush failed: this boot is over (D5). */
    boolean bootEnded;

    boolean forgotten;

    final ArrayList<DiskOperation> running = new ArrayList<>();
    final LongObjectHashMap<DiskOperation> byTicket = new LongObjectHashMap<>();

    /** Counts starts and ends on this disk: the order of things. */
    long sequence;

    /** How many changes were started in this boot. */
    long changesStarted;
    /** Every change of this boot started before this number is durable by a flush that ended well; 0: no flush did. */
    long flushedBefore;
    /** How many changes ended in this boot, well or not: no more executions can have been drawn. */
    long changesEnded;
    /** That count, when the last flush that ended well was issued: no commit number is higher. */
    long commitMax;
    /** The sequence at which the last flush that ended well was issued; -1: none was. */
    long flushIssued = -1;

    /** The last change that was started in this boot, the last flush that ended well, and the one that failed. */
    Crossing changeSeen = Crossing.NONE;

    Crossing letGoSeen = Crossing.NONE;
    Crossing flushSeen = Crossing.NONE;
    Crossing failureSeen = Crossing.NONE;

    DiskView(int number, Boot boot) {
        this.number = number;
        this.boot = boot;
    }

    void newBoot(Boot drawn, BootCause begunFor) {
        boot = drawn;
        cause = begunFor;
        bootEnded = false;
        forgotten = false;
        changesStarted = 0;
        flushedBefore = 0;
        changesEnded = 0;
        commitMax = 0;
        flushIssued = -1;
        changeSeen = Crossing.NONE;
        flushSeen = Crossing.NONE;
        failureSeen = Crossing.NONE;
    }

    /** The number of the oldest change that runs, or the next one's. */
    long oldestRunningChange() {
        long oldest = changesStarted + 1;
        for (int i = 0; i < running.size(); i++) {
            DiskOperation operation = running.get(i);
            if (operation.changes) {
                oldest = Math.min(oldest, operation.change);
            }
        }
        return oldest;
    }
}
