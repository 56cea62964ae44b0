package dst.protocol.referee;

import dst.protocol.Boot;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * D2 as it binds a server: execution numbers rise in the order in which the disk ended the changes, and no commit number goes
 * beyond what had been executed when the last good flush was issued.
 */
final class ExecutionNumbers extends ServerObserver {
    private static final int REMEMBERED = 32;

    private final Charge d2;
    private final long[] executions = new long[REMEMBERED];
    private final long[] ends = new long[REMEMBERED];
    private final Crossing[] answers = new Crossing[REMEMBERED];
    private final @Nullable DiskView[] disks = new DiskView[REMEMBERED];
    private int next;

    ExecutionNumbers(Charges charges) {
        this.d2 = charges.charge(Rules.D2, Side.SERVER);
    }

    @Override
    void began() {
        Arrays.fill(disks, null);
    }

    @Override
    void diskOpened(long now, DiskView disk) {
        Arrays.fill(disks, null);
    }

    @Override
    void bootDrawn(long now, DiskView disk, Boot before) {
        Arrays.fill(disks, null);
    }

    @Override
    void answers(long now, WatchedLink link, ExportView export, @Nullable Task task, Message.Answer answer) {
        DiskView disk = export.disk;
        if (disk.bootEnded || !answer.boot().equals(disk.boot)) {
            return;
        }
        checkCommit(now, disk, answer.commit());
        if (task != null
                && !task.answered
                && task.endedAs > 0
                && task.kind.changes()
                && answer.problem() == Problem.NONE) {
            checkExecution(now, disk, task, answer.execution());
        }
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        ExportView export = link.export;
        if (export == null || export.disk.bootEnded) {
            return;
        }
        switch (message) {
            case Message.Goodbye it
            when it.boot().equals(export.disk.boot) -> checkCommit(now, export.disk, it.commit());
            case Message.Refuse it when it.commit() != 0 -> checkCommit(now, export.disk, it.commit());
            default -> {}
        }
    }

    private void checkCommit(long now, DiskView disk, long commit) {
        d2.seen();
        if (commit > disk.commitMax) {
            d2.broken(
                    now,
                    disk.flushSeen,
                    disk.changeSeen,
                    "the server said at ",
                    new Sentence.Time(now),
                    " that every execution up to ",
                    commit,
                    " of ",
                    disk.boot,
                    " is durable, but when the last good flush was issued only ",
                    disk.commitMax,
                    " changes had ended");
        }
    }

    private void checkExecution(long now, DiskView disk, Task task, long execution) {
        d2.seen();
        if (execution <= 0) {
            d2.broken(now, "the server answered ", task, " as done at ", new Sentence.Time(now), " without a number");
            return;
        }
        for (int i = 0; i < REMEMBERED; i++) {
            if (disks[i] == disk
                    && (execution == executions[i] || execution < executions[i] != task.endedAs < ends[i])) {
                d2.broken(
                        now,
                        answers[i],
                        "the server gave ",
                        task,
                        " the execution number ",
                        execution,
                        " at ",
                        new Sentence.Time(now),
                        ", which does not fit the number ",
                        executions[i],
                        " of a change that the disk ended ",
                        (ends[i] < task.endedAs ? "before" : "after"),
                        " it");
                return;
            }
        }
        executions[next] = execution;
        ends[next] = task.endedAs;
        answers[next] = d2.now();
        disks[next] = disk;
        next = (next + 1) % REMEMBERED;
    }
}
