package dst.protocol.referee;

import dst.protocol.ServerOutput;
import dst.protocol.Side;
import dst.protocol.Words;
import dst.protocol.wire.Message;

/** L5 as it binds a server: an export is gone only when nothing of it runs, and its client is told so, and no more than is so. */
final class Removals extends ServerObserver {
    private final ServerLife life;
    private final Charge l5;

    Removals(ServerLife life, Docket docket) {
        this.life = life;
        this.l5 = docket.charge("L5", Side.SERVER);
    }

    /** "Removed for good" is said of nothing that only goes away for a while, and "clean" of nothing that is not durable. */
    @Override
    void sent(long now, Link link, Message message) {
        ExportView export = link.export;
        if (!(message instanceof Message.Goodbye goodbye) || export == null) {
            return;
        }
        l5.seen();
        String said = "the server said goodbye on link " + link.id + " at " + Words.seconds(now);
        if (!export.removing) {
            l5.broken(now, said + " as if its export were gone for good, which nobody had asked for");
        } else if (goodbye.clean() && !export.unflushed().isEmpty()) {
            l5.broken(now, said + " and that everything was flushed, but " + export.unflushed());
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
