package dst.protocol.referee;

import dst.protocol.ServerOutput;
import dst.protocol.Side;
import dst.protocol.Words;

/** L5 as it binds a server: an export is gone only when nothing of it runs. */
final class Removals extends ServerObserver {
    private final ServerLife life;
    private final Charge l5;

    Removals(ServerLife life, Docket docket) {
        this.life = life;
        this.l5 = docket.charge("L5", Side.SERVER);
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
