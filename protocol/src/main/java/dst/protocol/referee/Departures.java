package dst.protocol.referee;

import dst.protocol.Boot;
import dst.protocol.DurablePort;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.ServerControl;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.wire.Message;

/**
 * L6 as it binds a server: one that goes away begins nothing more, says that it goes away only if it does, and by its deadline is gone;
 * and that everything was flushed it says, and has on record, only where that is so, and then it counts in the next boot.
 */
final class Departures extends ServerObserver {
    /** A host's clock may drift and stand still; this much is beyond any of that. */
    private static final long GRACE = 60_000_000_000L;

    private final ServerLife life;
    private final Charge l6;
    private boolean leaving;
    /** An export was removed after that, and not in order. */
    private boolean removedUnclean;

    private long askedAt;
    private Crossing askedSeen = Crossing.NONE;
    private Crossing removedSeen = Crossing.NONE;
    private long leaveBy = Long.MAX_VALUE;
    private long lateAt;

    Departures(ServerLife life, Charges charges) {
        this.life = life;
        this.l6 = charges.charge(Rules.L6, Side.SERVER);
    }

    @Override
    void began() {
        leaving = false;
        removedUnclean = false;
        leaveBy = Long.MAX_VALUE;
        lateAt = 0;
    }

    @Override
    void heard(long now, Signal input) {
        if (input instanceof ServerControl.Leave(long deadlineNanos) && !leaving) {
            l6.seen();
            leaving = true;
            askedAt = now;
            askedSeen = l6.now();
            leaveBy = deadlineNanos > Long.MAX_VALUE / 8 || now > Long.MAX_VALUE - GRACE - 4 * deadlineNanos
                    ? Long.MAX_VALUE
                    : now + 4 * deadlineNanos + GRACE;
        }
    }

    /** The rest of what had been started before is no beginning. */
    @Override
    void starts(long now, DiskView disk, DiskOperation operation) {
        Task task = operation.task;
        if (leaving && task != null && !task.started && operation.kind != Kind.FLUSH) {
            l6.broken(
                    now,
                    "the server started ",
                    operation,
                    " at ",
                    new Sentence.Time(now),
                    askedSeen,
                    ", after it had been told to go away");
        }
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        switch (message) {
            case Message.Welcome it -> checkBegins(now, link, "proposed terms");
            case Message.Attached it -> {
                checkBegins(now, link, "granted an attachment");
                checkOwed(now, link, it);
            }
            case Message.Refuse it
            when it.problem() == Problem.GOES_AWAY && !leaving ->
                l6.broken(
                        now,
                        "the server said on link ",
                        link.id,
                        " at ",
                        new Sentence.Time(now),
                        " that it goes away, but nobody had told it to");
            default -> {}
        }
    }

    private void checkBegins(long now, WatchedLink link, String what) {
        if (leaving) {
            l6.broken(
                    now,
                    "the server ",
                    what,
                    " on link ",
                    link.id,
                    " at ",
                    new Sentence.Time(now),
                    askedSeen,
                    ", after it had been told to go away");
        }
    }

    private void checkOwed(long now, WatchedLink link, Message.Attached attached) {
        if (link.export != null && link.export.leftNothing) {
            l6.seen();
            if (attached.owed()) {
                l6.broken(
                        now,
                        "the server told its client on link ",
                        link.id,
                        " at ",
                        new Sentence.Time(now),
                        link.export.recordSeen,
                        " that a replay may be missing, but on record was that everything had been flushed",
                        " at the end of the boot before");
            }
        }
    }

    @Override
    void told(long now, Signal output) {
        switch (output) {
            case DurablePort.Keep it
            when it.holder().flushedIn() != 0 -> {
                ExportView export = life.export(it.export());
                if (export != null) {
                    checkRecord(now, export, it.holder().flushedIn());
                }
            }
            case ServerControl.Left it -> {
                leaveBy = Long.MAX_VALUE;
                if (it.clean()) {
                    checkLeft(now);
                }
            }
            case ServerControl.Removed it -> {
                removedUnclean |= leaving && !it.clean();
                removedSeen = l6.now();
            }
            default -> {}
        }
    }

    /** Of what was removed before that, its end was told then. */
    private void checkLeft(long now) {
        for (ExportView export : life.exports) {
            if (!export.gone) {
                checkFlushed(now, export, "said when it left");
            }
        }
        if (removedUnclean) {
            l6.broken(
                    now,
                    "the server said when it left at ",
                    new Sentence.Time(now),
                    removedSeen,
                    " that everything was flushed, but an export had been removed meanwhile, and not in order");
        }
    }

    private void checkRecord(long now, ExportView export, long counter) {
        l6.seen();
        Boot boot = export.disk.boot;
        if (counter != boot.counter()) {
            l6.broken(
                    now,
                    "the server wrote down at ",
                    new Sentence.Time(now),
                    " that everything was flushed in boot ",
                    counter,
                    ", but its disk was in ",
                    boot);
        } else {
            checkFlushed(now, export, "wrote down");
        }
    }

    private void checkFlushed(long now, ExportView export, String how) {
        Sentence why = export.unflushed();
        if (export.disk.bootEnded) {
            why = Sentence.of(export.disk.failureSeen, "a failed flush had ended the boot");
        } else if (why.isNothing() && export.mayLackSomething()) {
            why = Sentence.of(
                    export.recordSeen,
                    "epoch ",
                    export.durable.epoch(),
                    " had not written again what earlier boots may have lost");
        }
        if (!why.isNothing()) {
            l6.broken(
                    now,
                    "the server ",
                    how,
                    " at ",
                    new Sentence.Time(now),
                    " that everything of ",
                    export.export.name(),
                    " was flushed, but ",
                    why);
        }
    }

    @Override
    boolean watchesSteps() {
        return true;
    }

    @Override
    void stepped(long now) {
        if (now <= leaveBy) {
            return;
        }
        if (lateAt == 0) {
            lateAt = now;
        } else if (now - lateAt > GRACE) {
            l6.broken(
                    now,
                    askedSeen,
                    "the server was told to go away at ",
                    new Sentence.Time(askedAt),
                    " and has not done so by ",
                    new Sentence.Time(now),
                    ", long after its deadline");
        }
    }
}
