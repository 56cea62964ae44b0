package dst.protocol.referee;

import dst.protocol.DurablePort;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * H5 as it binds a server: it grants what is on durable record, to whoever asked; a new holder is recorded only after everything
 * older has ended and is flushed; nothing older starts any more; nobody is told to be replaced before; and it says what is owed.
 */
final class Grants extends ServerObserver {
    private final ServerLife life;
    private final Charge h5;
    private final ArrayList<WatchedLink> granted = new ArrayList<>();
    /** An export that was granted in this step: links of an earlier epoch have to be gone by its end. */
    private @Nullable ExportView changedHands;

    private Crossing grantSeen = Crossing.NONE;

    Grants(ServerLife life, Charges charges) {
        this.life = life;
        this.h5 = charges.charge(Rules.H5, Side.SERVER);
    }

    @Override
    void began() {
        granted.clear();
        changedHands = null;
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        ExportView export = link.export;
        if (export == null) {
            return;
        }
        switch (message) {
            case Message.Attached it -> checkGrant(now, link, export, it);
            case Message.Refuse it when it.problem() == Problem.REPLACED -> checkReplaced(now, link, export);
            default -> {}
        }
    }

    private void checkGrant(long now, WatchedLink link, ExportView export, Message.Attached attached) {
        h5.seen();
        granted.add(link);
        Holder holder = attached.holder();
        Sentence said = Sentence.of(
                "the server granted epoch ",
                holder.epoch(),
                " on link ",
                link.id,
                " at ",
                new Sentence.Time(now),
                ", but ");
        boolean another = link.hello != null && !link.hello.token().equals(holder.token());
        if (export.export.shared()) {
            if (holder.epoch() != 0 || another) {
                h5.broken(now, said, "the export is shared: nobody holds it");
            }
            checkOwed(now, said, export, attached, export.leavesSomething());
        } else if (!holder.equals(export.durable)) {
            h5.broken(now, said, export.recordSeen, "on durable record was epoch ", export.durable.epoch());
        } else if (another) {
            h5.broken(now, said, export.recordSeen, "another client than the one on that link holds it");
        } else if (holder.epoch() != export.granted) {
            changedHands = export;
            grantSeen = h5.now();
            lookAfterStep();
            boolean joins = link.attach != null && link.attach.joins();
            checkOwed(now, said, export, attached, !joins && export.owed);
            if (export.granted != 0) {
                checkOver(now, said, export);
            }
        }
    }

    /** Conservative: to say that something may be missing is never wrong. */
    private void checkOwed(long now, Sentence said, ExportView export, Message.Attached attached, boolean owed) {
        if (owed && !attached.owed()) {
            h5.broken(
                    now,
                    said,
                    export.recordSeen,
                    "told its client that no replay is missing, while the epoch before that had neither said so in ",
                    export.disk.boot,
                    " nor left with everything flushed");
        }
    }

    /** Whether something of an earlier epoch is still on its way to the media. */
    private void checkOver(long now, Sentence said, ExportView export) {
        for (DiskOperation operation : export.disk.running) {
            boolean itsOwn = export.covers(operation.offset, operation.end());
            if (itsOwn && (operation.changes || operation.kind == Kind.READ)) {
                h5.broken(now, said, operation, " of an earlier epoch was running");
                return;
            }
        }
        if (export.lastChange > 0 && export.disk.flushedBefore <= export.lastChange) {
            h5.broken(
                    now,
                    said,
                    export.changeSeen,
                    export.disk.flushSeen,
                    "what earlier epochs had written was not flushed");
        }
    }

    private void checkReplaced(long now, WatchedLink link, ExportView export) {
        Message.Attached attached = link.attached;
        Message.Hello hello = link.hello;
        Holder held = attached != null ? attached.holder() : hello != null ? hello.held() : Holder.NOBODY;
        h5.seen();
        Unique identity = export.export.device().identity();
        if (hello != null
                && !hello.known().equals(Unique.NONE)
                && !hello.known().equals(identity)) {
            h5.broken(
                    now,
                    "the server told a client on link ",
                    link,
                    " at ",
                    new Sentence.Time(now),
                    " that it was replaced, but that one knows another device, which nobody took from it");
        }
        // What is shared has no holder any more.
        if (held.epoch() != 0 && held.equals(export.durable) && !export.export.shared()) {
            h5.broken(
                    now,
                    "the server told the holder of epoch ",
                    held.epoch(),
                    " on link ",
                    link,
                    " at ",
                    new Sentence.Time(now),
                    export.recordSeen,
                    " that it was replaced, but no other holder was on durable record");
        }
    }

    @Override
    void told(long now, Signal output) {
        if (!(output instanceof DurablePort.Keep persist)) {
            return;
        }
        ExportView export = life.export(persist.export());
        Holder next = persist.holder();
        if (export == null) {
            return;
        }
        h5.seen();
        if (next.flushedIn() != 0) {
            return; // L6: it is the same epoch.
        }
        if (next.token().equals(Unique.NONE)) {
            checkEnded(now, export, next);
            return;
        }
        Sentence said =
                Sentence.of("the server wrote down epoch ", next.epoch(), " at ", new Sentence.Time(now), ", but ");
        if (export.export.shared()) {
            h5.broken(now, said, "the export is shared: nobody holds it");
            return;
        }
        if (next.epoch() <= export.durable.epoch()) {
            h5.broken(now, said, export.recordSeen, "on durable record was epoch ", export.durable.epoch(), " already");
        }
        checkOver(now, said, export);
        export.records(next);
        export.nextSeen = h5.now();
    }

    /** An epoch ends with nobody after it. */
    private void checkEnded(long now, ExportView export, Holder ended) {
        if (ended.clean() && !export.leftClean()) {
            h5.broken(
                    now,
                    "the server wrote down at ",
                    new Sentence.Time(now),
                    " that epoch ",
                    export.durable.epoch(),
                    " was ended by a client with nothing left to write, but none had said so");
        }
    }

    /** Once the next holder is being recorded, nothing of the present one starts. */
    @Override
    void starts(long now, DiskView disk, DiskOperation operation) {
        Task task = operation.task;
        if (task == null || task.export.next.epoch() == 0) {
            return;
        }
        if (task.attachment.epoch < task.export.next.epoch() && task.attachment.epoch != 0) {
            h5.broken(
                    now,
                    "the server started ",
                    operation,
                    " at ",
                    new Sentence.Time(now),
                    " for epoch ",
                    task.attachment.epoch,
                    task.export.nextSeen,
                    ", after it had written down epoch ",
                    task.export.next.epoch());
        }
    }

    @Override
    void heard(long now, Signal input) {
        if (input instanceof DurablePort.Kept persisted) {
            ExportView export = life.export(persisted.export());
            if (export != null) {
                export.persisted(persisted.holder());
                export.recordSeen = h5.now();
            }
        }
    }

    @Override
    void gone(long now, WatchedLink link) {
        granted.remove(link);
    }

    /** The step in which a new epoch was granted is over: no link of an earlier one is open any more. */
    @Override
    void stepped(long now) {
        ExportView export = changedHands;
        if (export == null) {
            return;
        }
        changedHands = null;
        for (WatchedLink link : granted) {
            AttachmentView attachment = link.attachment;
            if (link.export == export && attachment != null && attachment.epoch != export.granted) {
                h5.brokenBy(
                        grantSeen,
                        now,
                        "the server granted epoch ",
                        export.granted,
                        " of ",
                        export.export.name(),
                        ", but link ",
                        link,
                        " of epoch ",
                        attachment.epoch,
                        " was still open at ",
                        new Sentence.Time(now));
                return;
            }
        }
    }
}
