package dst.protocol.referee;

import dst.protocol.Kind;
import dst.protocol.ServerOutput;
import dst.protocol.Side;
import dst.protocol.Words;
import dst.protocol.wire.Message;

/**
 * H5 as it binds a server: it grants what is on durable record, to whoever asked, and a new epoch only after everything older
 * has ended and is flushed. L5: an export is gone only when nothing of it runs.
 */
final class Grants extends ServerObserver {
    private final ServerLife life;
    private final Charge h5;
    private final Charge l5;

    Grants(ServerLife life, Docket docket) {
        this.life = life;
        this.h5 = docket.charge("H5", Side.SERVER);
        this.l5 = docket.charge("L5", Side.SERVER);
    }

    @Override
    void sent(long now, Link link, Message message) {
        ExportView export = link.export;
        if (!(message instanceof Message.Attached attached) || export == null) {
            return;
        }
        h5.seen();
        String said = "the server granted epoch " + attached.holder().epoch() + " on link " + link.id + " at "
                + Words.seconds(now) + ", but ";
        if (!attached.holder().equals(export.durable)) {
            h5.broken(now, said + "on durable record was epoch " + export.durable.epoch());
        } else if (link.hello != null
                && !link.hello.token().equals(attached.holder().token())) {
            h5.broken(now, said + "another client than the one on that link holds it");
        } else if (attached.holder().epoch() != export.granted) {
            checkTakeover(now, export, said);
        }
    }

    private void checkTakeover(long now, ExportView export, String said) {
        DiskView disk = export.disk;
        if (life.only(disk) == null) {
            return; // What runs and what was flushed may be another export's.
        }
        for (DiskOperation operation : disk.running) {
            if (operation.changes || operation.kind == Kind.READ) {
                h5.broken(now, said + operation + " of an earlier epoch was running");
                return;
            }
        }
        boolean newHolder = export.granted != 0;
        if (newHolder && disk.changesStarted > 0 && disk.flushedBefore <= disk.changesStarted) {
            h5.broken(now, said + "what earlier epochs had written was not flushed");
        }
    }

    @Override
    void told(long now, ServerOutput output) {
        if (!(output instanceof ServerOutput.Removed removed)) {
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
                        "the server gave up export " + removed.export() + " at " + Words.seconds(now) + " while "
                                + operation + " was running");
                return;
            }
        }
    }
}
