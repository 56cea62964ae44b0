package dst.protocol.referee;

import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.ServerControl;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * R6 as it binds a server: nobody is promised or allowed more than both the device and the rules of access give him now, and a
 * link on which more was agreed ends with the step in which that was taken away.
 */
final class Admission extends ServerObserver {
    private final ServerLife life;
    private final Charge r6;
    private final ArrayList<WatchedLink> granted = new ArrayList<>();
    private @Nullable ExportView changed;
    private Crossing changeSeen = Crossing.NONE;

    Admission(ServerLife life, Charges charges) {
        this.life = life;
        this.r6 = charges.charge(Rules.R6, Side.SERVER);
    }

    @Override
    void began() {
        granted.clear();
        changed = null;
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        ExportView export = link.export;
        if (export == null) {
            return;
        }
        switch (message) {
            case Message.Welcome it ->
                checkPromise(now, link, export, it.agreement().device().permission());
            case Message.Attached it -> {
                checkPromise(now, link, export, it.agreement().device().permission());
                granted.add(link);
            }
            case Message.Refuse it
            when it.problem() == Problem.ADMITS_NOBODY -> {
                r6.seen();
                if (export.permits(link.principal) != Permission.NONE) {
                    r6.broken(
                            now,
                            "the server told ",
                            link.principal,
                            " at ",
                            new Sentence.Time(now),
                            export.accessSeen,
                            " that the export admits nobody, but it permits ",
                            export.permits(link.principal));
                }
            }
            default -> {}
        }
    }

    private void checkPromise(long now, WatchedLink link, ExportView export, Permission promised) {
        r6.seen();
        Permission given = export.permits(link.principal);
        if (given == Permission.NONE || exceeds(promised, given)) {
            r6.broken(
                    now,
                    "the server offered ",
                    link.principal,
                    " on link ",
                    link,
                    " at ",
                    new Sentence.Time(now),
                    export.accessSeen,
                    " the permission ",
                    promised,
                    ", but given is ",
                    given);
        }
    }

    private static boolean exceeds(Permission promised, Permission given) {
        return (promised.reads() && !given.reads()) || (promised.writes() && !given.writes());
    }

    /** What is allowed at the moment at which it starts. */
    @Override
    void starts(long now, DiskView disk, DiskOperation operation) {
        Task task = operation.task;
        if (task == null || task.kind == Kind.FLUSH || task.continues()) {
            return;
        }
        r6.seen();
        Permission given = task.attachment.permission(task.export, task.principal);
        Permission device = task.export.export.device().permission();
        boolean changes = task.kind.changes();
        boolean allowed = changes ? given.writes() : given.reads();
        if (!allowed && (changes ? device.writes() : device.reads())) {
            r6.broken(
                    now,
                    "the server started ",
                    operation,
                    " for ",
                    task.principal,
                    " at ",
                    new Sentence.Time(now),
                    task.export.accessSeen,
                    ", but that one may ",
                    given);
        }
    }

    @Override
    void heard(long now, Signal input) {
        if (input instanceof ServerControl.AccessChanged it) {
            changed = life.export(it.export());
            changeSeen = r6.now();
            lookAfterStep();
        }
    }

    @Override
    void gone(long now, WatchedLink link) {
        granted.remove(link);
    }

    @Override
    void stepped(long now) {
        ExportView export = changed;
        if (export == null) {
            return;
        }
        changed = null;
        for (WatchedLink link : granted) {
            Message.Attached attached = link.attached;
            if (link.export == export && attached != null) {
                r6.seen();
                Permission agreed = attached.agreement().device().permission();
                Permission given = export.permits(link.principal);
                if (exceeds(agreed, given)) {
                    r6.brokenBy(
                            changeSeen,
                            now,
                            "the server still held link ",
                            link,
                            " of ",
                            link.principal,
                            " at ",
                            new Sentence.Time(now),
                            ", on which ",
                            agreed,
                            " was agreed, after only ",
                            given,
                            " was given");
                    return;
                }
            }
        }
    }
}
