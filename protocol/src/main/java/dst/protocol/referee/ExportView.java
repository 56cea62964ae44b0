package dst.protocol.referee;

import dst.protocol.Access;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Permission;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** One export as its server's boundary shows it: who durably holds it, who may use it and who was granted it. */
final class ExportView {
    Export export;
    final DiskView disk;
    /** A request came together with its Attach, before the grant: what the server made of it is not followed. */
    boolean unfollowed;
    /** As it is on durable record. */
    Holder durable;
    /** The one that the server has asked to be recorded after that. */
    Holder next = Holder.NOBODY;
    /** H5: what is then to be said of the epoch before that. */
    private boolean owedToNext;
    /** H5: the epoch before the durable one may have left a replay undone. */
    boolean owed;
    /** The last change started within this export in this boot, by its number among the disk's; 0: none was. */
    long lastChange;
    /** L5: it is to be taken away for good. */
    boolean removing;
    /** It was given up. */
    boolean gone;
    /** L6: on record was that the boot before this one, the present one, had ended with everything durable. */
    boolean leftNothing;
    /** What was acknowledged before this boot is there, whoever acknowledged it. */
    private boolean whole;
    /** Who may do what (R6). */
    Access access;
    /** The epoch that was granted last; 0 before any was. */
    long granted;
    /** Those that were granted and not ended: one, unless the export is shared. */
    final ArrayList<AttachmentView> attachments = new ArrayList<>();
    /** Ids of requests that belonged to another boot or epoch. */
    final LongObjectHashMap<Crossing> stale = new LongObjectHashMap<>();
    /** What made the present record durable, and what said who may do what; the last change, and the record that was asked for. */
    Crossing recordSeen = Crossing.NONE;

    Crossing accessSeen = Crossing.NONE;
    Crossing changeSeen = Crossing.NONE;
    Crossing nextSeen = Crossing.NONE;

    ExportView(Export export, DiskView disk, Holder durable, Access access) {
        this.export = export;
        this.disk = disk;
        this.durable = durable.ofAnyBoot();
        this.access = access;
        this.leftNothing = durable.leftNothingBefore(disk.boot);
        this.whole = leftNothing;
        this.owed = durable.epoch() > 1 && !leftNothing;
    }

    /** A holder is to be recorded: whether its predecessor left anything undone is known now, and stays so if the boot ends meanwhile. */
    void records(Holder holder) {
        next = holder;
        owedToNext = leavesSomething();
    }

    void persisted(Holder holder) {
        if (holder.flushedIn() != 0) {
            return; // Of the same epoch, and for the next boot.
        }
        whole |= !leavesSomething();
        owed = holder.equals(next) ? owedToNext : leavesSomething();
        durable = holder;
        next = Holder.NOBODY;
    }

    /** L6: whether something that was acknowledged before this boot may not be there, and nobody has written it again. */
    boolean mayLackSomething() {
        return !whole && leavesSomething();
    }

    /** What of this boot is not durable yet, in words; empty if everything is. */
    Sentence unflushed() {
        for (DiskOperation operation : disk.running) {
            if (operation.changes && covers(operation.offset, operation.end())) {
                return operation.named().and(" was running");
            }
        }
        return lastChange > 0 && disk.flushedBefore <= lastChange
                ? Sentence.of(changeSeen, disk.flushSeen, "what had been written was not flushed")
                : Sentence.EMPTY;
    }

    /** H5: whether something that the durable epoch, or one before it, had acknowledged may be missing. */
    boolean leavesSomething() {
        boolean known = durable.epoch() == 0 || durable.clean() || leftNothing;
        for (AttachmentView attachment : attachments) {
            known |= attachment.epoch == durable.epoch() && (attachment.replayed || attachment.leftClean);
        }
        return !known;
    }

    /** The attachment that is granted here; a new epoch ends the one before. */
    AttachmentView grant(Holder holder) {
        boolean same = export.shared() || holder.epoch() == granted;
        if (!same) {
            granted = holder.epoch();
            attachments.clear();
            stale.clear();
        }
        for (int i = 0; i < attachments.size(); i++) {
            if (!export.shared() || attachments.get(i).token.equals(holder.token())) {
                return attachments.get(i);
            }
        }
        AttachmentView attachment = new AttachmentView(holder.token(), holder.epoch());
        attachments.add(attachment);
        return attachment;
    }

    /** The durable epoch's client has left in this boot with nothing retained, or had before. */
    boolean leftClean() {
        for (AttachmentView attachment : attachments) {
            if (attachment.epoch == durable.epoch() && attachment.leftClean) {
                return true;
            }
        }
        return durable.clean();
    }

    /** H5: a shared export's attachments are forgotten with their last links, unless one takes a link's place in that step. */
    void forgetLeft() {
        attachments.removeIf(attachment -> attachment.links == 0);
    }

    /** A boot ended: nothing of before is on record any more. */
    void forget() {
        for (AttachmentView attachment : attachments) {
            attachment.forget();
        }
        stale.clear();
        lastChange = 0;
        changeSeen = Crossing.NONE;
        leftNothing = false;
        whole = false;
    }

    /** The task that this is a part of; null if there is none, or if it cannot be told which of several it is. */
    @Nullable Task taskOf(DiskOperation operation) {
        if (attachments.size() == 1) {
            return attachments.getFirst().task(operation.transaction);
        }
        Task found = null;
        for (int i = 0; i < attachments.size(); i++) {
            Task task = attachments.get(i).task(operation.transaction);
            if (task != null && task.mayBe(operation)) {
                task.twin |= found != null;
                if (found != null) {
                    found.twin = true;
                }
                found = task;
            }
        }
        return found == null || found.twin ? null : found;
    }

    boolean covers(long offset, long end) {
        return offset >= export.start()
                && end <= export.start() + export.device().size();
    }

    Permission permits(String principal) {
        Permission device = export.device().permission();
        Permission given = access.of(principal);
        boolean reads = device.reads() && given.reads();
        boolean writes = device.writes() && given.writes();
        return reads ? (writes ? Permission.BOTH : Permission.READ) : writes ? Permission.WRITE : Permission.NONE;
    }
}
