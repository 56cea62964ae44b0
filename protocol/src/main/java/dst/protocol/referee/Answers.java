package dst.protocol.referee;

import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * What a server answers follows from what its disk did: Done when all of it is done (D1, R4), data as the disk gave it (R5), the
 * disk's errors as they are (R3), a refusal only of what was not executed (T8), and the same again to a copy (T3).
 */
final class Answers extends ServerObserver {
    private final BlockSums sums;
    private final Charge d1;
    private final Charge r3;
    private final Charge r4;
    private final Charge r5;
    private final Charge t3;
    private final Charge t8;

    Answers(BlockSums sums, Charges charges) {
        this.sums = sums;
        this.d1 = charges.charge(Rules.D1, Side.SERVER);
        this.r3 = charges.charge(Rules.R3, Side.SERVER);
        this.r4 = charges.charge(Rules.R4, Side.SERVER);
        this.r5 = charges.charge(Rules.R5, Side.SERVER);
        this.t3 = charges.charge(Rules.T3, Side.SERVER);
        this.t8 = charges.charge(Rules.T8, Side.SERVER);
    }

    @Override
    void answers(long now, WatchedLink link, ExportView export, @Nullable Task task, Message.Answer answer) {
        if (task == null || task.twin || export.disk.bootEnded) {
            return;
        }
        boolean copy = task.answered && task.kind != Kind.READ;
        if (copy) {
            checkSame(now, task, answer);
        } else if (answer.problem() == Problem.NONE) {
            switch (task.kind) {
                case READ -> checkRead(now, task, answer);
                case FLUSH -> checkFlush(now, task);
                case WRITE, ZERO, TRIM -> checkChange(now, task);
            }
        } else {
            checkProblem(now, task, answer.problem());
        }
    }

    private void checkSame(long now, Task task, Message.Answer answer) {
        t3.seen();
        if (answer.problem() != task.problem || answer.execution() != task.execution) {
            Charge charge = answer.problem() != task.problem && task.problem == Problem.NONE ? t8 : t3;
            charge.broken(
                    now,
                    "the server answered ",
                    task,
                    " with ",
                    words(answer.problem()),
                    ", execution ",
                    answer.execution(),
                    ", at ",
                    new Sentence.Time(now),
                    ", but before with ",
                    words(task.problem),
                    ", execution ",
                    task.execution);
        }
    }

    private void checkChange(long now, Task task) {
        d1.seen();
        if (task.failed != null) {
            r3.broken(now, said(now, task), "but the disk had failed it: ", task.failed.words());
        } else if (!task.started) {
            d1.broken(now, said(now, task), "but it had not been given to the disk");
        } else if (task.runningPieces > 0) {
            d1.broken(now, said(now, task), "but the disk had not ended it");
        } else if (task.progress < task.length) {
            r4.broken(now, said(now, task), "but the disk had moved only ", task.progress, " bytes of it");
        } else if (task.durable && !task.passedOn && task.export.disk.flushIssued < task.endedAs) {
            d1.broken(
                    now,
                    said(now, task),
                    task.export.disk.flushSeen,
                    "but it was to be durable, and the disk was neither told so nor had flushed since");
        }
    }

    private void checkFlush(long now, Task task) {
        d1.seen();
        DiskView disk = task.export.disk;
        if (disk.flushedBefore <= task.changesBefore) {
            d1.broken(
                    now,
                    said(now, task),
                    task.changeBefore,
                    disk.flushSeen,
                    "but ",
                    (disk.flushedBefore == 0
                            ? "no disk flush had ended well in " + disk.boot
                            : "the last good disk flush was issued while a change that was started before it"
                                    + " was still running, or before one was started"));
        }
    }

    private void checkRead(long now, Task task, Message.Answer answer) {
        r5.seen();
        int given = answer.payload().readableBytes();
        if (task.failed != null) {
            r3.broken(now, said(now, task), "but the disk had failed it: ", task.failed.words());
        } else if (!task.started || (task.progress < task.length && task.runningPieces > 0)) {
            r5.broken(now, said(now, task), "but the disk had not read it");
        } else if (given != task.length || task.progress < task.length) {
            r4.broken(
                    now,
                    said(now, task),
                    "with ",
                    given,
                    " bytes, where the disk had read ",
                    task.progress,
                    " of ",
                    task.length);
        } else if (task.readable && !sameBytes(task, answer)) {
            r5.broken(now, said(now, task), "with other bytes than the disk had read");
        }
    }

    private boolean sameBytes(Task task, Message.Answer answer) {
        int blockSize = task.export.export.device().blockSize();
        int[] given = sums.of(answer.payload(), blockSize);
        for (int i = 0; i < given.length && i < task.read.length; i++) {
            if (given[i] != task.read[i]) {
                return false;
            }
        }
        return true;
    }

    private void checkProblem(long now, Task task, Problem problem) {
        if (task.failed != null && task.failed.ofDisk()) {
            r3.seen();
            if (problem != task.failed) {
                r3.broken(now, said(now, task, problem), "the disk had said: ", task.failed.words());
            }
        } else if (task.started && task.kind.changes() && !problem.ofDisk()) {
            t8.broken(
                    now,
                    said(now, task, problem),
                    (task.runningPieces > 0 ? "it was running on the disk" : "the disk had executed it"));
        } else if (task.endedAs > 0 && task.kind != Kind.FLUSH && problem.ofDisk()) {
            r3.broken(now, said(now, task, problem), "the disk had ended it well");
        } else {
            t8.seen();
        }
    }

    private static Sentence said(long now, Task task, Problem problem) {
        return Sentence.of(
                "the server answered ", task, " with ", words(problem), " at ", new Sentence.Time(now), ", but ");
    }

    private static Sentence said(long now, Task task) {
        return Sentence.of("the server answered ", task, " as done at ", new Sentence.Time(now), ", ");
    }

    private static String words(Problem problem) {
        return problem == Problem.NONE ? "done" : "\"" + problem.words() + "\"";
    }
}
