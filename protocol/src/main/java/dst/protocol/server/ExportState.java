package dst.protocol.server;

import dst.protocol.Access;
import dst.protocol.Boot;
import dst.protocol.Device;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Permission;
import dst.protocol.StateDigest;
import dst.protocol.Unique;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One export: who may use it, who does, and whether it is changing hands or going away. */
final class ExportState {
    final Export export;
    final Store store;

    /** As it is durable. That of a shared export is of the time in which it was not shared. */
    Holder holder;

    /** R6: who may do what. */
    Access access;

    /** The holder's, one at most; of a shared export any number. Forgotten with the boot, the epoch, or the last link of a reader. */
    final List<Attachment> attachments = new ArrayList<>();

    @Nullable Takeover takeover;

    /** H5: what becomes of the present epoch, on its way to be durable; until it is, nobody is granted or told of it. */
    @Nullable Holder recording;

    /** H5: the boot in which the present epoch said that it had replayed. */
    Boot replayedIn = Boot.NONE;

    /** D3: the boot in which the present epoch began: in that one its holder has nothing to write again. */
    Boot grantedIn = Boot.NONE;

    /** H5: what the holder hears at its grant. After a restart nobody knows, so it is owed until it says "replayed". */
    boolean owedToHolder;

    /** L5: once there, it is not taken back. */
    @Nullable Removal removal;

    ExportState(Export export, Store store, Holder holder, Access access) {
        this.export = export;
        this.store = store;
        this.holder = holder.ofAnyBoot();
        this.access = access;
        this.owedToHolder = holder.epoch() != 0;
        if (holder.leftNothingBefore(store.boot)) {
            // L6: as if the holder had written everything again already.
            replayedIn = store.boot;
            owedToHolder = false;
        }
    }

    boolean shared() {
        return export.shared();
    }

    /** The epoch that an attachment would end or join; a shared export has none (H5). */
    Holder current() {
        return shared() ? Holder.NOBODY : holder;
    }

    /** R6: what the device permits and the rules of access give. */
    Permission permissionOf(String principal) {
        return export.device().permission().and(access.of(principal));
    }

    /** H3: the device as that principal has it. */
    Device deviceFor(String principal) {
        Device device = export.device();
        return new Device(device.identity(), device.size(), device.blockSize(), permissionOf(principal));
    }

    boolean admitsNobody() {
        Permission most = export.device().permission();
        return access.rules().values().stream().allMatch(given -> given.and(most) == Permission.NONE);
    }

    @Nullable Attachment attachmentOf(Unique token) {
        for (Attachment attachment : attachments) {
            if (attachment.holder().token().equals(token)) {
                return attachment;
            }
        }
        return null;
    }

    List<ServerLink> linksOf(Unique token) {
        Attachment attachment = attachmentOf(token);
        return attachment == null ? List.of() : attachment.links;
    }

    /** H5: whether somebody else lives in it. */
    boolean isOccupiedFor(Unique token) {
        if (shared()) {
            return false;
        }
        for (Attachment attachment : attachments) {
            if (!attachment.holder().token().equals(token) && !attachment.links.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** L5: whether everything that was accepted has been answered, but for flushes. */
    boolean isQuiet() {
        for (Attachment attachment : attachments) {
            if (!attachment.isQuiet()) {
                return false;
            }
        }
        return true;
    }

    /** Whether somebody holds it here or something of it runs; a disk opened anew ends both. */
    boolean isInUse() {
        return !attachments.isEmpty() || takeover != null || recording != null || !isDrained();
    }

    /** Whether the disk has ended all tasks of whatever attachment. */
    boolean isDrained() {
        return store.runsNothingOf(export.name());
    }

    /** H5: whether what is durable about the holder is being changed. */
    boolean isBeingRecorded() {
        return recording != null || (takeover != null && takeover.persisting());
    }

    boolean removing() {
        return removal != null;
    }

    /** H5: whether content that the present epoch, or one before it, had acknowledged may be missing. */
    boolean owed() {
        return holder.epoch() != 0 && !holder.clean() && !replayedIn.equals(store.boot);
    }

    /** D3: whether the holder may have to write something again before everything that was acknowledged is there. */
    boolean lacksReplay() {
        return owed() && (owedToHolder || !grantedIn.equals(store.boot));
    }

    void digest(StateDigest digest) {
        digest.add(export.toString())
                .add(holder)
                .add(access.rules().toString())
                .add(grantedIn)
                .add(replayedIn)
                .add(owedToHolder)
                .add(attachments.size());
        attachments.forEach(attachment -> attachment.digest(digest));
        digest.add(takeover != null);
        if (takeover != null) {
            takeover.digest(digest);
        }
        digest.add(recording == null ? Holder.NOBODY : recording).add(removal != null);
        if (removal != null) {
            removal.digest(digest);
        }
    }
}
