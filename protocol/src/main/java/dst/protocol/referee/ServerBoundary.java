package dst.protocol.referee;

import dst.protocol.Boot;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.DurablePort;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Origin;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.Signal;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server's boundary, and the book of what it was asked, what it gave to its disks for that, and what it answered. */
final class ServerBoundary extends Boundary<ServerObserver> implements Judge {
    private final ServerLife life;
    private final BlockSums sums;
    /** A shared export that lost a link in this step. */
    private boolean lostShared;

    ServerBoundary(
            ServerLife life, BlockSums sums, Charges charges, List<Observer> common, ServerObserver[] observers) {
        super(Direction.TO_SERVER, charges, common, observers);
        this.life = life;
        this.sums = sums;
    }

    @Override
    void began() {
        lostShared = false;
        life.began();
        super.began();
    }

    @Override
    public void happened(long now, WorldEvent event) {
        for (ServerObserver observer : observers) {
            observer.struck(now, event);
        }
        super.happened(now, event);
    }

    @Override
    public void saw(long now, Signal signal) {
        switch (signal) {
            case Signal.Input input -> took(now, input);
            case Signal.Output output -> gave(now, output);
        }
    }

    private void took(long now, Signal.Input input) {
        if (lostShared) {
            lostShared = false;
            for (ExportView export : life.exports) {
                if (export.export.shared()) {
                    export.forgetLeft();
                }
            }
        }
        stepped(now);
        switch (input) {
            case DiskPort.Opened it -> diskOpened(now, it);
            case ServerControl.ExportOpened it -> {
                ExportView export = life.open(it.export(), it.holder(), it.access());
                export.recordSeen = charges.now();
                export.accessSeen = charges.now();
                for (ServerObserver observer : observers) {
                    observer.exportOpened(now, export);
                }
            }
            case LinkPort.Accepted it -> opened(now, it.link(), it.principal());
            case LinkPort.Received it -> bytesReceived(now, it.link(), it.bytes());
            case LinkPort.Sent it -> left(now, it.link(), it.bytes());
            case LinkPort.Closed it -> gone(now, it.link());
            case DiskPort.Ended it -> diskEnded(now, life.disk(it.disk()), it.ticket(), it.result());
            case DurablePort.BootDrawn it -> bootDrawn(now, life.disk(it.disk()), it.boot());
            case ServerControl.RemoveExport it -> {
                ExportView export = life.export(it.export());
                if (export != null) {
                    export.removing = true;
                }
            }
            case ServerControl.AccessChanged it -> {
                ExportView export = life.export(it.export());
                if (export != null) {
                    export.access = it.access();
                    export.accessSeen = charges.now();
                }
            }
            default -> {}
        }
        switch (input) {
            case DurablePort.Kept _, ServerControl.AccessChanged _, ServerControl.Leave _ -> {
                for (ServerObserver observer : observers) {
                    observer.heard(now, input);
                }
            }
            default -> {}
        }
    }

    private void gave(long now, Signal.Output output) {
        switch (output) {
            case LinkPort.Send it -> bytesSent(now, it.link(), it.bytes());
            case LinkPort.Close it -> closes(now, it.link(), it.closing());
            case LinkPort.Reading it -> reading(now, it.link(), it.wanted());
            case DiskPort.Start it -> startDisk(now, life.disk(it.disk()), it.request());
            case DurablePort.DrawBoot it -> {
                life.disk(it.disk()).nextCause = it.cause();
                told(now, it);
            }
            case DurablePort.Keep it -> told(now, it);
            case ServerControl.Removed it -> told(now, it);
            case ServerControl.Left it -> told(now, it);
            default -> {}
        }
    }

    private void told(long now, Signal output) {
        for (ServerObserver observer : observers) {
            observer.told(now, output);
        }
    }

    private void diskOpened(long now, DiskPort.Opened it) {
        DiskView disk = life.disk(it.disk());
        if (disk.opened) {
            // Opened again while the server runs: what ran before is told to nobody.
            disk.running.clear();
            disk.byTicket.clear();
            forgetTasks(disk);
        }
        disk.opened = true;
        disk.letGo = false;
        disk.newBoot(it.boot(), it.cause());
        for (ServerObserver observer : observers) {
            observer.diskOpened(now, disk);
        }
    }

    private void bootDrawn(long now, DiskView disk, Boot boot) {
        Boot before = disk.boot;
        disk.newBoot(boot, disk.nextCause);
        forgetTasks(disk);
        for (ServerObserver observer : observers) {
            observer.bootDrawn(now, disk, before);
        }
    }

    private void forgetTasks(DiskView disk) {
        for (ExportView export : life.exports) {
            if (export.disk == disk) {
                export.forget();
            }
        }
    }

    // From here on: what clients ask.

    @Override
    void messageReceived(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Hello hello && hello.equals(link.hello)) {
            link.export = life.export(hello.export());
        } else if (message instanceof Message.Request request) {
            requested(now, link, request);
        }
        super.messageReceived(now, link, message);
    }

    private void requested(long now, WatchedLink link, Message.Request request) {
        ExportView export = link.export;
        AttachmentView attachment = link.attachment;
        if (export == null || attachment == null) {
            link.odd = true;
            if (export != null) {
                export.unfollowed = true;
            }
            return;
        }
        DiskView disk = export.disk;
        boolean current = request.epoch() == attachment.epoch
                && (export.export.shared() || attachment.epoch == export.granted)
                && request.boot().equals(disk.boot)
                && !disk.bootEnded;
        Task known = attachment.task(request.id());
        if (!current) {
            link.odd = true;
            if (known == null && export.stale.size() < 1024) {
                export.stale.put(request.id(), charges.now());
            }
            return;
        }
        Task task = known;
        if (task == null) {
            int blockSize = export.export.device().blockSize();
            int[] blocks = request.kind() == Kind.WRITE
                    ? sums.of(request.payload(), blockSize, request.payloadChecksum())
                    : BlockSums.NONE;
            task = new Task(export, attachment, link, request, blocks);
            task.seen = charges.now();
        }
        for (ServerObserver observer : observers) {
            observer.requested(now, link, task, request, known == null);
        }
        if (attachment.taken.contains(task.id)) {
            // Late on its way, or never in order: what is made of it is not followed here.
            link.odd |= known == null;
        } else if (known == null) {
            attachment.add(task);
            export.stale.remove(task.id);
        }
    }

    private void opened(long now, long id, String principal) {
        opened(now, id);
        WatchedLink link = link(id);
        if (link != null) {
            link.principal = principal;
        }
    }

    @Override
    void gone(long now, long id) {
        WatchedLink link = link(id);
        super.gone(now, id);
        if (link != null && link.export != null && link.attachment != null) {
            link.attachment.links--;
            lostShared |= link.export.export.shared();
        }
    }

    // What the server says.

    @Override
    void messageSent(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Answer answer) {
            answered(now, link, answer);
        }
        super.messageSent(now, link, message);
        if (message instanceof Message.Attached attached && link.export != null && link.attachment == null) {
            link.attachment = link.export.grant(attached.holder());
            link.attachment.links++;
            if (link.attachment.origin.isEmpty()) {
                link.attachment.origin = Origin.of(link.principal);
            }
        }
    }

    private void answered(long now, WatchedLink link, Message.Answer answer) {
        ExportView export = link.export;
        if (export == null) {
            return;
        }
        AttachmentView attachment = link.attachment;
        boolean current = attachment != null
                && answer.epoch() == attachment.epoch
                && (export.export.shared() || attachment.epoch == export.granted)
                && answer.boot().equals(export.disk.boot);
        Task task = attachment != null && current && answer.problem() != Problem.STALE
                ? attachment.task(answer.id())
                : null;
        for (ServerObserver observer : observers) {
            observer.answers(now, link, export, task, answer);
        }
        if (task != null) {
            task.answered = true;
            task.problem = answer.problem();
            task.execution = answer.execution();
            task.answerSeen = charges.now();
            task.attachment.acts(task);
        }
    }

    // What its disks do.

    private void startDisk(long now, DiskView disk, DiskRequest request) {
        int blockSize = life.blockSize(disk);
        long[] blocks = request instanceof DiskRequest.Write write && blockSize > 0
                ? sums.identities(write.data(), blockSize)
                : DiskOperation.NO_BLOCKS;
        DiskOperation operation = new DiskOperation(request, blocks);
        operation.boot = disk.boot;
        operation.startedAt = now;
        operation.seen = charges.now();
        operation.sequence = ++disk.sequence;
        operation.oldestRunning = disk.oldestRunningChange();
        operation.endedBefore = disk.changesEnded;
        operation.task = taskOf(disk, operation);
        for (ServerObserver observer : observers) {
            observer.starts(now, disk, operation);
        }
        if (operation.changes) {
            operation.change = ++disk.changesStarted;
            disk.changeSeen = operation.seen;
            ExportView export = life.at(disk, operation.offset, operation.end());
            if (export != null) {
                export.lastChange = operation.change;
                export.changeSeen = operation.seen;
            }
        }
        disk.running.add(operation);
        disk.byTicket.put(operation.ticket, operation);
        Task task = operation.task;
        if (task != null) {
            if (task.kind == Kind.READ && task.runningPieces == 0 && task.progress == task.length) {
                task.progress = 0; // T3: an unsettled READ may be executed again.
            }
            task.startSeen = task.started ? task.startSeen : operation.seen;
            task.started = true;
            task.failed = null;
            task.runningPieces++;
            task.attachment.acts(task);
        }
    }

    private @Nullable Task taskOf(DiskView disk, DiskOperation operation) {
        if (operation.transaction == 0 || operation.kind == null) {
            return null;
        }
        ExportView export =
                operation.kind == Kind.FLUSH ? life.only(disk) : life.at(disk, operation.offset, operation.end());
        return export == null ? null : export.taskOf(operation);
    }

    private void diskEnded(long now, DiskView disk, long ticket, DiskResult result) {
        DiskOperation operation = disk.byTicket.remove(ticket);
        if (operation == null) {
            return;
        }
        disk.running.remove(operation);
        disk.sequence++;
        if (operation.boot.equals(disk.boot)) {
            note(disk, operation, result);
        }
        for (ServerObserver observer : observers) {
            observer.ended(now, disk, operation, result);
        }
    }

    private void note(DiskView disk, DiskOperation operation, DiskResult result) {
        if (operation.changes) {
            disk.changesEnded++;
        }
        boolean well = !(result instanceof DiskResult.Failed);
        if (operation.kind == null) {
            disk.forgotten |= well;
        } else if (operation.kind == Kind.FLUSH) {
            flushEnded(disk, operation, well);
        } else if (operation.task != null) {
            advance(disk, operation.task, operation, result);
        }
    }

    private void flushEnded(DiskView disk, DiskOperation flush, boolean well) {
        if (well) {
            disk.flushedBefore = Math.max(disk.flushedBefore, flush.oldestRunning);
            disk.commitMax = Math.max(disk.commitMax, flush.endedBefore);
            disk.flushIssued = Math.max(disk.flushIssued, flush.sequence);
            disk.flushSeen = charges.now();
        } else {
            disk.bootEnded = true;
            disk.failureSeen = charges.now();
            disk.forgotten = false;
            forgetTasks(disk);
        }
    }

    private void advance(DiskView disk, Task task, DiskOperation operation, DiskResult result) {
        task.runningPieces--;
        task.endSeen = charges.now();
        task.passedOn &= operation.durable;
        switch (result) {
            case DiskResult.Failed it -> task.failed = it.problem();
            case DiskResult.Transferred it -> task.progress += Math.clamp(it.bytes(), 0, operation.length);
            case DiskResult.Data it -> {
                int blockSize = task.export.export.device().blockSize();
                task.readable &= task.progress % blockSize == 0;
                task.keepRead(task.progress / blockSize, sums.of(it.data(), blockSize));
                task.progress += it.data().readableBytes();
            }
        }
        if (task.failed == null && task.progress >= task.length && task.endedAs == 0) {
            task.endedAs = disk.sequence;
        }
    }
}
