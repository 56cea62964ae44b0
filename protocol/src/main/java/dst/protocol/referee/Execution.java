package dst.protocol.referee;

import dst.protocol.DiskResult;
import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * What a server may start on a disk: each change once in a boot and never once it is settled (T3), only of the current boot and
 * epoch (T4), never over something that runs (T5), only what the device allows (R2), and exactly what was asked (R4, R5).
 */
final class Execution extends ServerObserver {
    private final ServerLife life;
    private final BlockSums sums;
    private final Charge t3;
    private final Charge t4;
    private final Charge t5;
    private final Charge r2;
    private final Charge r4;
    private final Charge r5;

    Execution(ServerLife life, BlockSums sums, Charges charges) {
        this.life = life;
        this.sums = sums;
        this.t3 = charges.charge(Rules.T3, Side.SERVER);
        this.t4 = charges.charge(Rules.T4, Side.SERVER);
        this.t5 = charges.charge(Rules.T5, Side.SERVER);
        this.r2 = charges.charge(Rules.R2, Side.SERVER);
        this.r4 = charges.charge(Rules.R4, Side.SERVER);
        this.r5 = charges.charge(Rules.R5, Side.SERVER);
    }

    @Override
    void starts(long now, DiskView disk, DiskOperation operation) {
        Kind kind = operation.kind;
        if (kind == null) {
            return;
        }
        if (kind != Kind.FLUSH) {
            checkOverlap(now, disk, operation);
            checkAllowed(now, disk, operation, kind);
        }
        Task task = operation.task;
        if (task != null) {
            if (isOnce(now, task, operation) && kind != Kind.FLUSH) {
                checkContent(now, task, operation);
            }
        } else if (operation.transaction != 0) {
            checkStray(now, disk, operation);
        }
    }

    @Override
    void requested(long now, WatchedLink link, Task task, Message.Request request, boolean first) {
        task.attachment.hears(request.settled(), t3.now());
    }

    private void checkOverlap(long now, DiskView disk, DiskOperation operation) {
        for (int i = 0; i < disk.running.size(); i++) {
            DiskOperation other = disk.running.get(i);
            t5.seen();
            if (operation.conflictsWith(other)) {
                t5.broken(
                        now,
                        "the server started ",
                        operation,
                        " on the disk at ",
                        new Sentence.Time(now),
                        " while the overlapping ",
                        other,
                        ", started at ",
                        new Sentence.Time(other.startedAt),
                        ", was running");
                return;
            }
        }
    }

    private void checkAllowed(long now, DiskView disk, DiskOperation operation, Kind kind) {
        int blockSize = life.blockSize(disk);
        if (blockSize == 0) {
            return;
        }
        r2.seen();
        ExportView export = null;
        for (int i = 0; i < life.exports.size(); i++) {
            ExportView one = life.exports.get(i);
            if (one.disk == disk && one.covers(operation.offset, operation.end())) {
                export = one;
            }
        }
        String why = null;
        if (export == null) {
            why = "that is outside the device";
        } else if (operation.task != null) {
            Permission permission = export.export.device().permission();
            boolean allowed = kind.changes() ? permission.writes() : permission.reads();
            why = allowed || operation.task.continues() ? null : "the device permits " + permission;
            if (why == null && !isWhole(operation.task, blockSize)) {
                why = "that is not a whole number of blocks of " + blockSize;
            }
        }
        if (why != null) {
            r2.broken(now, "the server started ", operation, " on the disk at ", new Sentence.Time(now), ", but ", why);
        }
    }

    private static boolean isWhole(Task task, int blockSize) {
        return task.offset % blockSize == 0 && task.length % blockSize == 0;
    }

    private boolean isOnce(long now, Task task, DiskOperation operation) {
        t3.seen();
        if (!task.started) {
            if (task.attachment.taken.contains(task.id)) {
                t3.broken(
                        now,
                        task.attachment.whySettled(task.id),
                        "the server started ",
                        task,
                        " on the disk at ",
                        new Sentence.Time(now),
                        ", though it had taken a settled set that contains it");
            }
            return true;
        }
        boolean continues = task.runningPieces == 0 && task.failed == null && task.progress < task.length;
        if (task.kind == Kind.READ || continues) {
            return true;
        }
        t3.broken(
                now,
                "the server executed ",
                task,
                " a second time in ",
                operation.boot,
                ", at ",
                new Sentence.Time(now));
        return false;
    }

    private void checkContent(long now, Task task, DiskOperation operation) {
        boolean again = task.kind == Kind.READ && (task.progress == task.length || task.failed != null);
        int from = again ? 0 : task.progress;
        Charge charge = from > 0 ? r4 : r5;
        charge.seen();
        long offset = task.export.export.start() + task.offset + from;
        boolean suits = suits(task.kind, operation);
        if (!suits || operation.offset != offset || operation.end() > offset - from + task.length) {
            charge.broken(
                    now,
                    "the server gave the disk ",
                    new Sentence.Access(
                            0,
                            operation.kind == null ? task.kind : operation.kind,
                            new Range(operation.offset, operation.length)),
                    " for ",
                    task,
                    " at ",
                    new Sentence.Time(now),
                    (from > 0 ? ", of which " + from + " bytes had been moved before" : ""));
        } else if (operation.kind == Kind.WRITE && !sameBytes(task, operation, from)) {
            charge.broken(
                    now,
                    "the server gave the disk other bytes than it had received for ",
                    task,
                    " at ",
                    new Sentence.Time(now),
                    (from > 0 ? ", after " + from + " bytes had been moved" : ""));
        }
    }

    /** A server may write zeros for a ZERO, and zero for a TRIM. */
    private static boolean suits(Kind asked, DiskOperation operation) {
        return operation.kind == asked
                || (asked == Kind.ZERO && operation.kind == Kind.WRITE)
                || (asked == Kind.TRIM && operation.kind == Kind.ZERO);
    }

    private boolean sameBytes(Task task, DiskOperation operation, int from) {
        int blockSize = task.export.export.device().blockSize();
        boolean whole = task.kind == Kind.ZERO || task.blocks.length * (long) blockSize == task.length;
        if (from % blockSize != 0 || !whole) {
            return true;
        }
        int first = from / blockSize;
        for (int i = 0; i < operation.blocks.length; i++) {
            int expected = task.kind == Kind.ZERO ? sums.zero(blockSize) : task.blocks[first + i];
            if (BlockSums.whole(operation.blocks[i]) != expected) {
                return false;
            }
        }
        return true;
    }

    /** Started for a transaction that is not on record in this boot and epoch. */
    private void checkStray(long now, DiskView disk, DiskOperation operation) {
        ExportView export = life.only(disk);
        if (export == null || export.granted == 0 || export.attachments.size() != 1) {
            return;
        }
        t4.seen();
        AttachmentView attachment = export.attachments.getFirst();
        Crossing stale = export.stale.get(operation.transaction);
        if (attachment.taken.contains(operation.transaction)) {
            t3.broken(
                    now,
                    attachment.whySettled(operation.transaction),
                    "the server started transaction ",
                    new Sentence.Number(operation.transaction),
                    " (",
                    operation,
                    ") on the disk at ",
                    new Sentence.Time(now),
                    ", though it had taken a settled set that contains it");
        } else if (stale != null) {
            t4.broken(
                    now,
                    stale,
                    "the server started transaction ",
                    new Sentence.Number(operation.transaction),
                    " (",
                    operation,
                    ") on the disk at ",
                    new Sentence.Time(now),
                    ", but every copy of it belongs to an earlier boot or epoch than ",
                    disk.boot,
                    ", epoch ",
                    export.granted);
        }
    }

    @Override
    void answers(long now, WatchedLink link, ExportView export, @Nullable Task task, Message.Answer answer) {
        if (answer.problem() == Problem.STALE) {
            t4.seen();
        }
    }

    @Override
    void ended(long now, DiskView disk, DiskOperation operation, DiskResult result) {
        Task task = operation.task;
        if (task != null && task.failed == null && task.progress < task.length && operation.kind != Kind.FLUSH) {
            r4.seen();
        }
    }
}
