package dst.protocol.server;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.Closing;
import dst.protocol.Holder;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Who has an export and over which links: grants, takeovers, readers that share one, and how all of it ends (H5, L2). */
final class Epochs {
    private final Collection<ExportState> exports;
    private final ServerLinks links;
    private final Requests requests;
    private final ServerOutbox outbox;
    private final int sharedMax;

    /** R7: readers that are forgotten, and of which the disk has not ended everything. */
    private final List<Attachment> goneReaders = new ArrayList<>();

    /** An export changing hands waits for what the epochs before have done to be durable. */
    private record Flushing(ExportState export, Takeover takeover, Epochs epochs) implements Flushes.Waiter {
        @Override
        public void flushed() {
            epochs.flushed(export, takeover);
        }

        @Override
        public void identify(StateDigest digest) {
            digest.add(export.export.name()).add(takeover.next());
        }
    }

    /** The exports are all that there are, as they come and go. */
    Epochs(int sharedMax, Collection<ExportState> exports, ServerLinks links, Requests requests, ServerOutbox outbox) {
        this.sharedMax = sharedMax;
        this.exports = exports;
        this.links = links;
        this.requests = requests;
        this.outbox = outbox;
    }

    /** The holder's own token: a first link in this boot, or a further one. */
    void join(ExportState export, ServerLink link, Message.Hello hello, Agreement agreement) {
        if (isLate(link, hello, export.linksOf(hello.token())) || !links.takePlace(link, export, hello)) {
            return;
        }
        Attachment attachment = export.attachmentOf(hello.token());
        Attachment granted = attachment == null ? begin(export, export.holder, link) : attachment;
        grant(link, new ServerLink.Phase.Live(export, granted, hello, agreement));
    }

    /** H5: a reader of a shared export; it holds nothing and ends nobody's epoch. */
    void share(ExportState export, ServerLink link, Message.Hello hello, Agreement agreement) {
        if (export.attachmentOf(hello.token()) == null && !makeRoom(link, export)) {
            return;
        }
        if (isLate(link, hello, export.linksOf(hello.token())) || !links.takePlace(link, export, hello)) {
            return;
        }
        Attachment attachment = export.attachmentOf(hello.token());
        if (attachment != null) {
            grant(link, new ServerLink.Phase.Live(export, attachment, hello, agreement));
        } else if (shared() < sharedMax) {
            Attachment reader = begin(export, new Holder(0, hello.token()), link);
            grant(link, new ServerLink.Phase.Live(export, reader, hello, agreement));
        } else {
            refuseReader(link); // Its own last link has given way to this one.
        }
    }

    /**
     * R7: there is a limit of readers, those included that are gone and of which something still runs. Beyond it one of whoever has
     * most gives way, with all of its links. If the disk still works for that one, the place is there when it has ended, for the
     * newcomer's next try.
     */
    private boolean makeRoom(ServerLink newcomer, ExportState export) {
        goneReaders.removeIf(reader -> reader.account.tasks() == 0);
        if (shared() < sharedMax) {
            return true;
        }
        List<ServerLink> leaving = givesWay(newcomer, export);
        leaving.forEach(links::turnAway);
        if (!newcomer.closed && shared() >= sharedMax) {
            refuseReader(newcomer);
        }
        return !newcomer.closed;
    }

    /** All links of one reader; whoever is gone counts for its origin, and has none. */
    private List<ServerLink> givesWay(ServerLink newcomer, ExportState export) {
        List<Stake<List<ServerLink>>> others = new ArrayList<>();
        readers().forEach(reader -> others.add(reader.stake()));
        goneReaders.forEach(reader -> others.add(reader.stake()));
        Stake<List<ServerLink>> own =
                new Stake<>(List.of(newcomer), newcomer.origin, export.export.name(), false, false, 0);
        return Stake.givesWay(own, others, links -> !links.isEmpty());
    }

    private int shared() {
        return readers().size() + goneReaders.size();
    }

    private List<Attachment> readers() {
        List<Attachment> readers = new ArrayList<>();
        for (ExportState export : exports) {
            if (export.shared()) {
                readers.addAll(export.attachments);
            }
        }
        return readers;
    }

    private void refuseReader(ServerLink link) {
        outbox.refuse(link, Problem.LIMIT, sharedMax + " clients share exports already");
    }

    private Attachment begin(ExportState export, Holder holder, ServerLink first) {
        Attachment attachment = new Attachment(new Account(export.export.name(), holder, first.origin, links.memory));
        export.attachments.add(attachment);
        return attachment;
    }

    private void grant(ServerLink link, ServerLink.Phase.Live live) {
        ExportState export = live.export();
        Attachment attachment = live.attachment();
        Agreement agreement = live.agreement();
        attachment.links.add(link);
        link.phase = live;
        link.decoder.payloadMax(agreement.terms().largestTransfer());
        supersede(link, live.hello(), attachment.links);
        boolean owed = export.shared() ? export.owed() : export.owedToHolder;
        outbox.send(link, new Message.Attached(agreement, attachment.holder(), export.store.boot, owed));
    }

    /** L2: a link that was overtaken by a newer one of its slot. */
    private boolean isLate(ServerLink link, Message.Hello hello, List<ServerLink> others) {
        for (ServerLink other : others) {
            if (other.isAsNewAs(hello)) {
                links.close(link, Closing.of(Closing.Cause.SUPERSEDED, "a newer link is here already"));
                return true;
            }
        }
        return false;
    }

    /** L2: links of other slots stay. */
    private void supersede(ServerLink newest, Message.Hello hello, List<ServerLink> others) {
        for (ServerLink older : new ArrayList<>(others)) {
            if (older != newest && older.hasSlotOf(hello)) {
                links.close(older, Closing.of(Closing.Cause.SUPERSEDED, "a newer link took its place"));
            }
        }
    }

    /** Somebody ends the present epoch to begin his own: with this link, or this one too. */
    void take(ExportState export, ServerLink link, Message.Hello hello, Agreement agreement) {
        List<ServerLink> others = export.takeover == null ? List.of() : export.takeover.links;
        if (isLate(link, hello, others) || !links.takePlace(link, export, hello)) {
            return;
        }
        Takeover takeover = export.takeover;
        if (takeover == null) {
            stop(export, Closing.of(Closing.Cause.REFUSED, "the export is changing hands"));
            takeover = new Takeover(new Holder(export.holder.epoch() + 1, hello.token()));
            export.takeover = takeover;
        }
        link.phase = new ServerLink.Phase.Granting(export, hello, agreement);
        takeover.links.add(link);
        supersede(link, hello, takeover.links);
    }

    /** Nothing that is there is started any more, and nobody is listened to; what runs goes on, what is recorded stays. */
    private void stop(ExportState export, Closing closing) {
        List<Task> unstarted = new ArrayList<>();
        export.attachments.forEach(attachment -> unstarted.addAll(attachment.takeUnstarted()));
        unstarted.forEach(task -> requests.drop(export.store, task));
        for (Attachment attachment : new ArrayList<>(export.attachments)) {
            links.closeAll(attachment.links, closing);
        }
    }

    /** What ran has ended: what was acknowledged is made durable before anybody else may be told of the next epoch. */
    void progress(ExportState export, Takeover takeover) {
        if (takeover.draining() && export.isDrained()) {
            takeover.drained();
            export.store.flush(new Flushing(export, takeover, this));
        }
    }

    private void flushed(ExportState export, Takeover takeover) {
        takeover.flushed(export.owed());
        outbox.persist(export.export.name(), takeover.next());
    }

    /** H5: a record is durable; from now on the one before it is history, and whoever held that hears "replaced". */
    void persisted(ExportState export, Holder holder) {
        Takeover takeover = export.takeover;
        if (holder.equals(export.recording)) {
            export.recording = null;
            export.holder = holder.ofAnyBoot();
        } else if (takeover != null && takeover.persisting() && takeover.next().equals(holder)) {
            taken(export, takeover);
        }
    }

    private void taken(ExportState export, Takeover takeover) {
        export.takeover = null;
        export.holder = takeover.next();
        export.grantedIn = export.store.boot;
        export.replayedIn = Boot.NONE;
        export.owedToHolder = takeover.owed();
        new ArrayList<>(export.attachments).forEach(attachment -> forget(export, attachment));
        for (ServerLink link : new ArrayList<>(takeover.links)) {
            if (link.phase instanceof ServerLink.Phase.Granting granting) {
                join(export, link, granting.hello(), granting.agreement());
            }
        }
    }

    /** H5: everything retained is on the disk again in this boot; whoever comes next has nothing to be warned of. */
    void replayed(ServerLink.Phase.Live live, Message.Replayed replayed) {
        ExportState export = live.export();
        // What a reader says of its own writes, which are none, is no word about the last holder's.
        if (!export.shared()
                && replayed.epoch() == live.attachment().holder().epoch()
                && replayed.boot().equals(export.store.boot)) {
            export.replayedIn = export.store.boot;
            export.owedToHolder = false;
        }
    }

    /** The client leaves, on all of its links. H5: if it leaves nothing behind, that ends its epoch, and nobody is owed anything. */
    void goodbye(ServerLink.Phase.Live live, Message.Goodbye goodbye) {
        ExportState export = live.export();
        Closing closing = Closing.of(Closing.Cause.DONE, "the client has detached");
        boolean clean = goodbye.clean() && goodbye.boot().equals(export.store.boot);
        if (clean && !export.shared()) {
            end(live, export.holder.ended(true), closing);
        } else {
            links.closeAll(live.attachment().links, closing);
        }
    }

    /** T2, H5: a server that forgets an attachment ends its epoch; what it had not made durable is owed to whoever comes next. */
    void endByForce(ServerLink.Phase.Live live, Closing closing) {
        end(live, live.export().holder.ended(false), closing);
    }

    private void end(ServerLink.Phase.Live live, Holder ended, Closing closing) {
        ExportState export = live.export();
        links.closeAll(live.attachment().links, closing);
        forget(export, live.attachment());
        if (!export.shared()) {
            export.recording = ended;
            outbox.persist(export.export.name(), ended);
        }
    }

    /**
     * L5, L6: everything that was acknowledged is durable, and nothing of the export is started in this boot any more. That is on
     * record for the next boot, and for no other: in that one somebody may write again.
     */
    void recordFlushed(ExportState export) {
        Holder holder = export.holder;
        if (holder.epoch() != 0 && !holder.clean() && !export.lacksReplay()) {
            export.recording = holder.flushedIn(export.store.boot);
            outbox.persist(export.export.name(), export.recording);
        }
    }

    /** What is held never starts; what runs ends and is answered to nobody. */
    void forget(ExportState export, Attachment attachment) {
        attachment.takeUnstarted().forEach(task -> requests.drop(export.store, task));
        attachment.end();
        export.attachments.remove(attachment);
        // R7: whoever comes and goes must not leave more and more behind on a disk that is slow.
        if (export.shared() && attachment.account.tasks() > 0 && !goneReaders.contains(attachment)) {
            goneReaders.add(attachment);
        }
    }

    void digest(StateDigest digest) {
        digest.add(goneReaders.size());
        goneReaders.forEach(reader -> digest.add(reader.holder()).add(reader.account.tasks()));
    }

    /** A link is gone. A taker is given up with its last link, and a reader forgotten: it has no epoch that would have to end. */
    void left(ServerLink link) {
        switch (link.phase) {
            case ServerLink.Phase.Greeting greeting -> {}
            case ServerLink.Phase.Proposed proposed -> {}
            case ServerLink.Phase.Granting granting -> {
                ExportState export = granting.export();
                Takeover takeover = export.takeover;
                if (takeover != null && takeover.endsWithout(link)) {
                    export.store.flushes.drop(new Flushing(export, takeover, this));
                    export.takeover = null;
                }
            }
            case ServerLink.Phase.Live live -> {
                Attachment attachment = live.attachment();
                attachment.links.remove(link);
                if (live.export().shared() && attachment.links.isEmpty()) {
                    forget(live.export(), attachment);
                }
            }
        }
    }
}
