package dst.protocol.server;

import dst.protocol.Access;
import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Machine;
import dst.protocol.Problem;
import dst.protocol.ServerSettings;
import dst.protocol.StateDigest;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All disks and exports of one server: how they come, change, lose their boot and go. */
final class Exports implements Store.Owner, ServerLinks.Watcher {
    final Requests requests;
    final ServerLinks links;
    final Epochs epochs;
    private final ServerOutbox outbox;
    private final Map<Integer, Store> stores = new TreeMap<>();
    private final Map<String, ExportState> exports = new TreeMap<>();
    private final Set<String> removedNames = new TreeSet<>();
    private boolean allOpened;

    /** L6: once there, it is not taken back. */
    private @Nullable Leaving leaving;

    Exports(ServerSettings settings, ServerOutbox outbox) {
        this.outbox = outbox;
        this.requests = new Requests(outbox);
        this.links = new ServerLinks(settings, this, outbox);
        this.epochs = new Epochs(settings.attachmentsMax(), exports.values(), links, requests, outbox);
    }

    void open(int disk, Boot boot, BootCause cause) {
        Store known = stores.get(disk);
        if (known == null) {
            stores.put(disk, new Store(disk, boot, cause, this, outbox));
        } else {
            endBoot(known, cause);
            known.reopened(boot, cause);
        }
    }

    void open(Export export, Holder holder, Access access) {
        ExportState known = exports.get(export.name());
        if (known != null && known.isInUse()) {
            // G3: its holder would be one of two.
            throw new IllegalStateException("export " + export.name() + " is open already");
        }
        if (known != null) {
            // G3: whoever was proposed the export as it was is granted nothing of it.
            links.closeAll(known, Closing.of(Closing.Cause.REFUSED, "the export was opened anew"));
        }
        removedNames.remove(export.name());
        ExportState opened = new ExportState(export, store(export.disk()), holder, access);
        exports.put(export.name(), opened);
        noteIfNobodyIsAdmitted(opened);
    }

    void allOpened() {
        allOpened = true;
    }

    Store store(int disk) {
        Store store = stores.get(disk);
        if (store == null) {
            throw new IllegalStateException("no disk " + disk);
        }
        return store;
    }

    @Nullable ExportState find(String name) {
        return exports.get(name);
    }

    /** H4, G6: what to say of an export that is not here: it may come, it was taken away, or nobody knows of it. */
    Problem problemOfMissing(String name) {
        if (!allOpened) {
            return Problem.NOT_READY;
        }
        return removedNames.contains(name) ? Problem.REMOVED : Problem.NO_SUCH_EXPORT;
    }

    /**
     * R6: at once. What is held for somebody who may not do it any more never starts; a link whose agreement is not true any more
     * is closed, and its client hears in the next handshake what is true now.
     */
    void changeAccess(ExportState export, Access access) {
        export.access = access;
        List<Task> forbidden = new ArrayList<>();
        export.attachments.forEach(
                attachment -> forbidden.addAll(attachment.takeForbidden(task -> isForbidden(export, task))));
        forbidden.forEach(task -> requests.drop(export.store, task));
        for (ServerLink link : links.all()) {
            Agreement agreement = link.agreement();
            if (agreement != null
                    && link.concerns(export)
                    && agreement.device().permission() != export.permissionOf(link.principal)) {
                links.close(link, Closing.of(Closing.Cause.REFUSED, "what it may do has changed"));
            }
        }
        noteIfNobodyIsAdmitted(export);
    }

    private static boolean isForbidden(ExportState export, Task task) {
        return !export.permissionOf(task.link.principal).permits(task.request.kind());
    }

    private void noteIfNobodyIsAdmitted(ExportState export) {
        if (export.admitsNobody()) {
            outbox.note("export " + export.export.name() + " admits nobody");
        }
    }

    @Override
    public void gone(ServerLink link) {
        epochs.left(link);
    }

    @Override
    public void finished(Store store, Task task) {
        requests.finished(store, task);
    }

    @Override
    public void flushFailed(Store store) {
        endBoot(store, BootCause.FLUSH_FAILED);
    }

    /** D5: every link of every export on the disk is closed, and what was recorded in the boot is forgotten. */
    private void endBoot(Store store, BootCause cause) {
        store.endBoot(cause);
        if (leaving != null) {
            leaving.bootEnded(store);
        }
        for (ExportState export : exports.values()) {
            if (export.store == store) {
                export.attachments.forEach(Attachment::end);
                export.attachments.clear();
                links.closeAll(export, Closing.of(Closing.Cause.BOOT_ENDED, cause.words()));
                if (export.removal != null) {
                    export.removal.bootEnded();
                }
            }
        }
    }

    void remove(ExportState export, long deadline) {
        if (export.removal == null) {
            export.removal =
                    new Removal(export.store, leaving == null ? deadline : Math.min(deadline, leaving.deadline));
        }
    }

    /** L6: for good, whatever comes. */
    void leave(long deadline) {
        if (leaving == null) {
            leaving = new Leaving(exports.values(), epochs, links, outbox, deadline);
            leaving.begin(requests);
        }
    }

    boolean isLeaving() {
        return leaving != null;
    }

    /** What waits for the disk goes on as far as it can. */
    void progress(long now) {
        for (ExportState export : changing()) {
            if (export.takeover != null) {
                epochs.progress(export, export.takeover);
            }
            if (export.removal != null) {
                progressRemoval(export, export.removal, now);
            }
        }
        if (leaving != null) {
            leaving.progress(now, stores.values());
        }
    }

    /** A copy, since one that is removed goes; mostly there is none. */
    private List<ExportState> changing() {
        List<ExportState> changing = List.of();
        for (ExportState export : exports.values()) {
            if (export.takeover != null || export.removal != null) {
                changing = changing.isEmpty() ? new ArrayList<>() : changing;
                changing.add(export);
            }
        }
        return changing;
    }

    private void progressRemoval(ExportState export, Removal removal, long now) {
        if (!removal.over() && (removal.clean(export.isQuiet()) || removal.isHopeless() || now >= removal.deadline())) {
            boolean clean = removal.end(export.lacksReplay());
            sayGoodbye(export, clean);
            links.closeAll(export, Closing.of(Closing.Cause.DONE, "the export was removed"));
            new ArrayList<>(export.attachments).forEach(attachment -> epochs.forget(export, attachment));
        }
        if (removal.isToBeRecorded() && !export.isBeingRecorded()) {
            removal.isRecorded();
            epochs.recordFlushed(export);
        }
        // The disk's lock is kept until nothing of this export runs any more, a flush included; nor is anything
        // recorded of it.
        if (removal.over()
                && export.isDrained()
                && !export.isBeingRecorded()
                && (export.store.isLeftAlone() || sharesItsDisk(export))) {
            exports.remove(export.export.name());
            removedNames.add(export.export.name());
            letGo(export.store, removal.wasClean());
            outbox.removed(export.export.name(), removal.wasClean());
        }
    }

    /** L5: with its last export a disk is none of this server's any more. */
    private void letGo(Store store, boolean clean) {
        if (exports.values().stream().anyMatch(export -> export.store == store)) {
            return;
        }
        stores.remove(store.disk);
        store.discard();
        if (leaving != null) {
            leaving.letGo(store, clean);
        }
    }

    /** Whether the disk stays with another export anyway. */
    private boolean sharesItsDisk(ExportState one) {
        for (ExportState other : exports.values()) {
            if (other != one && other.store == one.store) {
                return true;
            }
        }
        return false;
    }

    private void sayGoodbye(ExportState export, boolean clean) {
        Store store = export.store;
        for (Attachment attachment : export.attachments) {
            for (ServerLink link : attachment.links) {
                outbox.send(
                        link, new Message.Goodbye(clean, store.flushes.commit(), store.boot, "the export was removed"));
            }
        }
    }

    long nextDeadline() {
        long next = links.nextDeadline(Machine.NEVER);
        for (ExportState export : exports.values()) {
            if (export.removal != null && !export.removal.over()) {
                next = Math.min(next, export.removal.deadline());
            }
        }
        if (leaving != null && !leaving.over()) {
            next = Math.min(next, leaving.deadline);
        }
        return next;
    }

    void discard() {
        links.discard();
        for (ExportState export : exports.values()) {
            export.attachments.forEach(Attachment::end);
        }
        for (Store store : stores.values()) {
            store.discard();
        }
    }

    void digest(StateDigest digest) {
        digest.add(allOpened).add(removedNames.toString());
        stores.values().forEach(store -> store.digest(digest));
        exports.values().forEach(export -> export.digest(digest));
        epochs.digest(digest);
        links.digest(digest);
        digest.add(leaving != null);
        if (leaving != null) {
            leaving.digest(digest);
        }
    }
}
