package dst.protocol.server;

import dst.protocol.Boot;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.StateDigest;
import org.jspecify.annotations.Nullable;

/** One export: who holds it, and whether it is changing hands or going away. */
final class ExportState {
    final Export export;
    final Store store;
    Holder holder;

    /** The holder's, while this server has one; forgotten with the boot or the epoch. */
    @Nullable Attachment attachment;

    @Nullable Takeover takeover;

    /** H5: the boot in which the present epoch said that it had replayed, or left with nothing to replay. */
    Boot replayedIn = Boot.NONE;

    /** H5: what the holder hears at its grant. After a restart nobody knows, so it is owed until it says "replayed". */
    boolean owedToHolder;

    /** L5: once there, it is not taken back. */
    @Nullable Removal removal;

    /** Tasks of whatever attachment that the disk has not ended. */
    int runningTasks;

    ExportState(Export export, Store store, Holder holder) {
        this.export = export;
        this.store = store;
        this.holder = holder;
        this.owedToHolder = holder.epoch() != 0;
    }

    /** Whether somebody holds it here or something of it runs; a disk opened anew ends both. */
    boolean isInUse() {
        return attachment != null || takeover != null || runningTasks > 0;
    }

    boolean removing() {
        return removal != null;
    }

    /** H5: whether content that the present epoch had acknowledged may be missing. */
    boolean owed() {
        return holder.epoch() != 0 && !replayedIn.equals(store.boot);
    }

    void digest(StateDigest digest) {
        digest.add(export.name())
                .add(holder.epoch())
                .add(holder.token())
                .add(replayedIn)
                .add(removal != null)
                .add(runningTasks)
                .add(takeover != null);
        if (attachment != null) {
            attachment.digest(digest);
        }
    }
}
