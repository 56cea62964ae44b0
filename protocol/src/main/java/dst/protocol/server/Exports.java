package dst.protocol.server;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Machine;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All disks, exports and links of one server, and what happens to them together. */
final class Exports {
    final Requests requests;
    private final Outbox outbox;
    private final Map<Integer, Store> stores = new TreeMap<>();
    private final Map<String, ExportState> exports = new TreeMap<>();
    /** R7: no more at once, whoever opens them. */
    static final int LINKS_MAX = 1024;

    private final Map<Long, Link> links = new TreeMap<>();
    private final List<Link> paused = new ArrayList<>();
    private final Set<String> removedNames = new TreeSet<>();
    private boolean allOpened;

    Exports(Outbox outbox) {
        this.outbox = outbox;
        this.requests = new Requests(this, outbox);
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

    void open(Export export, Holder holder) {
        ExportState known = exports.get(export.name());
        if (known != null && known.isInUse()) {
            // G3: its holder would be one of two.
            throw new IllegalStateException("export " + export.name() + " is open already");
        }
        removedNames.remove(export.name());
        exports.put(export.name(), new ExportState(export, store(export.disk()), holder));
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

    void add(Link link) {
        links.put(link.number, link);
    }

    boolean linksFull() {
        return links.size() > LINKS_MAX;
    }

    /** R7: nothing more is taken from this link for a while. L4: it is still sent to, and the disk goes on, so the while ends. */
    void pause(Link link) {
        if (!link.paused) {
            outbox.reading(link, false);
            paused.add(link);
        }
    }

    /** Those that can be listened to again; they are paused no more. */
    List<Link> noLongerOverloaded() {
        if (paused.isEmpty()) {
            return List.of();
        }
        List<Link> ready = new ArrayList<>();
        for (Link link : paused) {
            if (!link.isOverloaded()) {
                ready.add(link);
            }
        }
        paused.removeAll(ready);
        return ready;
    }

    @Nullable Link link(long number) {
        return links.get(number);
    }

    /** All links, in the order of their numbers; a copy, since handling one may close others. */
    List<Link> links() {
        return new ArrayList<>(links.values());
    }

    /** The link has ended; whatever it was about to become, it does not. */
    void forget(Link link) {
        links.remove(link.number);
        paused.remove(link);
        if (link.phase instanceof Link.Phase.Live live) {
            live.attachment().links.remove(link);
        }
        if (link.phase instanceof Link.Phase.Granting granting) {
            ExportState export = granting.export();
            if (export.takeover != null && export.takeover.link == link && export.takeover.abandon()) {
                export.takeover = null;
            }
        }
    }

    void close(Link link, Closing closing) {
        outbox.close(link, closing);
        forget(link);
    }

    /** D5: every link of every export on the disk is closed, and what was recorded in the boot is forgotten. */
    void endBoot(Store store, BootCause cause) {
        store.endBoot(cause);
        for (ExportState export : exports.values()) {
            if (export.store == store) {
                closeLinks(export, Closing.of(Closing.Cause.BOOT_ENDED, cause.words()));
                forgetAttachment(export);
                if (export.removal != null) {
                    export.removal.bootEnded();
                }
            }
        }
    }

    void closeLinks(ExportState export, Closing closing) {
        for (Link link : links()) {
            if (link.concerns(export)) {
                close(link, closing);
            }
        }
    }

    private void forgetAttachment(ExportState export) {
        if (export.attachment != null) {
            export.attachment.end();
            export.attachment = null;
        }
    }

    /** H5: a server that forgets an attachment ends its epoch; the client that held it hears "replaced". */
    void endEpoch(ExportState export) {
        stopAttachment(export);
        forgetAttachment(export);
        export.holder = new Holder(export.holder.epoch() + 1, Unique.NONE);
        outbox.persist(export.export.name(), export.holder);
    }

    /** Nothing of the present attachment is started any more; what runs goes on, what is recorded stays. */
    private void stopAttachment(ExportState export) {
        Attachment attachment = export.attachment;
        if (attachment != null) {
            attachment.takeUnstarted().forEach(requests::drop);
            for (Link link : new ArrayList<>(attachment.links)) {
                close(link, Closing.of(Closing.Cause.REFUSED, "the export is changing hands"));
            }
        }
    }

    void take(ExportState export, Link link, Message.Hello hello, Agreement agreement) {
        if (export.takeover != null && export.takeover.link.isAsNewAs(hello)) {
            close(link, Closing.of(Closing.Cause.SUPERSEDED, "a newer link is here already"));
            return;
        }
        link.phase = new Link.Phase.Granting(export, hello, agreement);
        if (export.takeover != null) {
            // L2: the taker's newer link.
            Link older = export.takeover.link;
            export.takeover.link = link;
            close(older, Closing.of(Closing.Cause.SUPERSEDED, "a newer link took its place"));
            return;
        }
        stopAttachment(export);
        export.takeover = new Takeover(export, link, hello.token(), outbox);
    }

    void persisted(ExportState export, Holder holder) {
        Takeover takeover = export.takeover;
        if (takeover == null || !takeover.next().equals(holder)) {
            return;
        }
        boolean owed = export.owed();
        export.takeover = null;
        export.holder = holder;
        export.replayedIn = Boot.NONE;
        export.owedToHolder = owed;
        forgetAttachment(export);
        if (!takeover.link.closed && takeover.link.phase instanceof Link.Phase.Granting granting) {
            grant(export, takeover.link, granting.hello(), granting.agreement());
        }
    }

    void grant(ExportState export, Link link, Message.Hello hello, Agreement agreement) {
        Attachment attachment = export.attachment;
        if (attachment == null) {
            attachment = new Attachment(export, export.holder);
            export.attachment = attachment;
        }
        for (Link other : attachment.links) {
            if (other.isAsNewAs(hello)) {
                close(link, Closing.of(Closing.Cause.SUPERSEDED, "a newer link is here already"));
                return;
            }
        }
        for (Link older : new ArrayList<>(attachment.links)) {
            if (older.phase instanceof Link.Phase.Live live && live.hello().slot() == hello.slot()) {
                close(older, Closing.of(Closing.Cause.SUPERSEDED, "a newer link took its place"));
            }
        }
        attachment.links.add(link);
        link.phase = new Link.Phase.Live(attachment, hello, agreement);
        link.decoder.payloadMax(agreement.terms().largestTransfer());
        outbox.send(link, new Message.Attached(agreement, export.holder, export.store.boot, export.owedToHolder));
    }

    void remove(ExportState export, long deadline) {
        if (export.removal == null) {
            export.removal = new Removal(export, deadline);
        }
    }

    /** What waits for the disk goes on as far as it can. */
    void progress(long now) {
        for (ExportState export : new ArrayList<>(exports.values())) {
            if (export.takeover != null) {
                export.takeover.progress();
            }
            if (export.removal != null) {
                progressRemoval(export, export.removal, now);
            }
        }
    }

    private void progressRemoval(ExportState export, Removal removal, long now) {
        if (!removal.over() && (removal.clean() || now >= removal.deadline)) {
            boolean clean = removal.end();
            sayGoodbye(export, clean);
            closeLinks(export, Closing.of(Closing.Cause.DONE, "the export was removed"));
            stopAttachment(export);
            forgetAttachment(export);
        }
        // The disk's lock is kept until nothing of this export runs any more, a flush included.
        if (removal.over() && export.runningTasks == 0 && (export.store.quiet() || isShared(export))) {
            exports.remove(export.export.name());
            removedNames.add(export.export.name());
            outbox.removed(export.export.name(), removal.wasClean());
        }
    }

    /** Whether the disk stays with another export anyway. */
    private boolean isShared(ExportState one) {
        for (ExportState other : exports.values()) {
            if (other != one && other.store == one.store) {
                return true;
            }
        }
        return false;
    }

    private void sayGoodbye(ExportState export, boolean clean) {
        if (export.attachment == null) {
            return;
        }
        Store store = export.store;
        for (Link link : new ArrayList<>(export.attachment.links)) {
            outbox.send(link, new Message.Goodbye(clean, store.flushes.commit(), store.boot, "the export was removed"));
        }
    }

    long nextDeadline() {
        long next = Machine.NEVER;
        for (Link link : links.values()) {
            next = Math.min(next, link.deadline());
        }
        for (ExportState export : exports.values()) {
            if (export.removal != null && !export.removal.over()) {
                next = Math.min(next, export.removal.deadline);
            }
        }
        return next;
    }

    void discard() {
        for (Link link : links.values()) {
            link.end();
        }
        for (ExportState export : exports.values()) {
            if (export.attachment != null) {
                export.attachment.end();
            }
        }
        for (Store store : stores.values()) {
            store.discard();
        }
    }

    void digest(StateDigest digest) {
        stores.values().forEach(store -> store.digest(digest));
        exports.values().forEach(export -> export.digest(digest));
        links.values().forEach(link -> link.digest(digest));
    }
}
