package dst.protocol.referee;

import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.ServerControl;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.wire.Message;

/** L5 as it binds a server: an export is gone only when nothing of it runs, its client is told so, and no more than is so, and its disk is left alone. */
final class Removals extends ServerObserver {
    private final ServerLife life;
    private final Charge l5;

    Removals(ServerLife life, Charges charges) {
        this.life = life;
        this.l5 = charges.charge(Rules.L5, Side.SERVER);
    }

    /** "Removed for good" is said of nothing that only goes away for a while, and "clean" of nothing that is not durable. */
    @Override
    void sent(long now, WatchedLink link, Message message) {
        ExportView export = link.export;
        if (export == null) {
            return;
        }
        switch (message) {
            case Message.Goodbye it -> {
                checkRemoved(now, link, export);
                if (it.clean() && !export.unflushed().isNothing()) {
                    l5.broken(
                            now,
                            "the server said goodbye on link ",
                            link.id,
                            " at ",
                            new Sentence.Time(now),
                            " and that everything was flushed, but ",
                            export.unflushed());
                }
            }
            case Message.Refuse it when it.problem() == Problem.REMOVED -> checkRemoved(now, link, export);
            default -> {}
        }
    }

    private void checkRemoved(long now, WatchedLink link, ExportView export) {
        l5.seen();
        if (!export.removing) {
            l5.broken(
                    now,
                    "the server said on link ",
                    link.id,
                    " at ",
                    new Sentence.Time(now),
                    " that its export is gone for good, which nobody had asked for");
        }
    }

    @Override
    void told(long now, Signal output) {
        if (!(output instanceof ServerControl.Removed removed)) {
            return;
        }
        ExportView export = life.export(removed.export());
        if (export == null) {
            return;
        }
        l5.seen();
        for (DiskOperation operation : export.disk.running) {
            if (operation.task != null && operation.task.export == export) {
                l5.broken(
                        now,
                        "the server gave up export ",
                        removed.export(),
                        " at ",
                        new Sentence.Time(now),
                        " while ",
                        operation,
                        " was running");
                return;
            }
        }
        export.gone = true;
        export.disk.letGoSeen = l5.now();
        export.disk.letGo = life.exports.stream().noneMatch(other -> other.disk == export.disk && !other.gone);
    }

    /** Whoever gave up the last export on a disk has no business there. */
    @Override
    void starts(long now, DiskView disk, DiskOperation operation) {
        if (disk.letGo) {
            l5.broken(
                    now,
                    "the server started ",
                    operation,
                    " at ",
                    new Sentence.Time(now),
                    disk.letGoSeen,
                    " on a disk of which it had given up the last export");
        }
    }
}
