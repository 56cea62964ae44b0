package dst.sim;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerControl;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.fault.Fault;
import dst.protocol.fault.FaultKind;
import dst.protocol.trace.Layer;
import dst.protocol.trace.WorldEvent;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A computer that a server runs on: it carries out what the server wants done, and keeps what is durable beside the disk (the boot
 * counter, the holders). A disk is handed over only when nothing of an earlier process can still reach it (H4).
 */
final class ServerHost extends Host {
    static final int DISK = 0;

    private final Machines machines;
    private final int index;
    private final Storage storage;
    private final DiskUse port;
    private final StateDirectory state;
    private final OpenDisk openDisk = new OpenDisk();
    private final OpenExports openExports = new OpenExports();
    private final Killing killing = new Killing();
    private final ArrayDeque<Recording> recordings = new ArrayDeque<>();
    private final TreeSet<String> removed = new TreeSet<>();
    private long recorded;
    private boolean listening;

    /** After how long a process that goes away is followed by the next one. */
    private long restartNanos;

    ServerHost(Scene scene, Machines machines, int index, Storage storage) {
        super(
                scene,
                Layer.server(Plan.serverName(index)),
                Side.SERVER,
                scene.plan.servers().get(index).host());
        this.machines = machines;
        this.index = index;
        this.storage = storage;
        this.port = storage.port((ticket, result) -> give(new DiskPort.Ended(DISK, ticket, result)));
        this.state = new StateDirectory(
                scene.plan.faults().stream().anyMatch(fault -> fault.strike() instanceof Fault.Strike.OlderState));
    }

    /** What is durable beside the disk. */
    StateDirectory state() {
        return state;
    }

    boolean isListening() {
        return isUp() && listening;
    }

    /** The kernel took a connection and gives it to the process. */
    void accepted(long link, String peer) {
        give(new LinkPort.Accepted(link, peer, peer.substring(0, peer.indexOf('/'))));
    }

    /** Takes the first export away within so many nanoseconds of the server's own clock. */
    void removeExport(long nanos) {
        give(new ServerControl.RemoveExport(
                storage.exported.exports().getFirst().name(), nanos));
    }

    /**
     * Tells the process to go away within so many nanoseconds of its own clock, and starts the next one so long after that. Of a
     * program that is up to no good nobody waits for it.
     */
    void leave(long nanos, long afterNanos) {
        restartNanos = afterNanos;
        listening &= Draw.chance(drawn("listens on", 0), 1, 2);
        if (!honest) {
            scene.clock.schedule(killing, scene.until(nanos));
        }
        give(new ServerControl.Leave(nanos));
    }

    /** The process has ended as it was told to. */
    private void left() {
        scene.tap.saw(scene.now(), layer, new WorldEvent.ProcessEnded());
        end(false);
        startAt(scene.until(restartNanos));
    }

    /** Who may do what with an export has changed. */
    void accessChanged(int export) {
        if (openExports.opened) {
            give(new ServerControl.AccessChanged(
                    storage.exported.exports().get(export).name(), storage.exported.access(export)));
        }
    }

    @Override
    Machine newMachine(Pages pages) {
        return machines.variant(program())
                .server(scene.plan.servers().get(index).settings(), pages);
    }

    @Override
    void started() {
        scene.counts.count(Counts.Item.SERVER_STARTS);
        boolean slowly = incarnation() > 1 && Draw.chance(drawn("slow start", 0), 1, 4);
        listening = slowly && Draw.chance(drawn("listens", 0), 1, 2);
        openDisk.exportAfter = slowly ? Draw.between(drawn("opens", 1), 0, 20_000_000) : 0;
        scene.clock.schedule(openDisk, scene.now() + (slowly ? Draw.between(drawn("opens", 0), 0, 20_000_000) : 0));
    }

    private Boot nextBoot() {
        scene.counts.count(Counts.Item.BOOTS);
        long counter = state.nextBoot();
        return new Boot(counter, new Unique(drawn("boot", counter), drawn("nonce", counter)));
    }

    @Override
    void gone(boolean powerLost) {
        scene.counts.peak(Counts.Peak.SERVER_MEMORY, pages().peakBytes());
        listening = false;
        scene.clock.cancel(killing);
        scene.clock.cancel(openDisk);
        scene.clock.cancel(openExports);
        openExports.opened = false;
        while (!recordings.isEmpty()) {
            Recording recording = recordings.remove();
            scene.clock.cancel(recording);
            // What was being made durable is there or not.
            if (Draw.chance(recording.luck, 1, 2)) {
                recording.keep();
            }
        }
        if (powerLost) {
            storage.disk().powerCut();
            port.close();
        } else {
            port.orphan();
        }
    }

    @Override
    void carryOut(Signal output) {
        switch (output) {
            case LinkPort.Send(long link, ByteBuf bytes) -> {
                network().send(this, link, bytes);
                scene.counts.count(Counts.Item.MESSAGES_TO_CLIENT);
                faults().messageSent(Pipe.TO_CLIENT);
            }
            case LinkPort.Close(long link, var _) -> network().close(this, link);
            case LinkPort.Reading(long link, boolean wanted) -> network().reading(this, link, wanted);
            case DiskPort.Start(int _, DiskRequest request) -> startDisk(request);
            case DurablePort.DrawBoot _ -> record("", null);
            case DurablePort.Keep(String export, Holder next) -> record(export, next);
            case ServerControl.Removed(String export, boolean _) -> removed.add(export);
            case ServerControl.Left _ -> left();
            case Control.Noted _ -> {}
            default -> throw Signal.misplaced(output);
        }
    }

    private void startDisk(DiskRequest request) {
        port.submit(request);
        switch (request) {
            case DiskRequest.Write _, DiskRequest.Zero _, DiskRequest.Trim _ -> faults().diskWriteSubmitted();
            case DiskRequest.Read _, DiskRequest.Flush _, DiskRequest.Forget _ -> {}
        }
    }

    private void record(String export, @Nullable Holder next) {
        Recording recording = new Recording(export, next, drawn("record", ++recorded));
        recordings.add(recording);
        Plan.DiskPlan plan = scene.plan.disk();
        long nanos = Draw.between(
                recording.luck, plan.flushNanosMin(), Math.max(plan.flushNanosMin(), plan.flushNanosMax()));
        scene.clock.schedule(recording, scene.now() + nanos);
        faults().recordAsked();
    }

    /** The disk becomes this process's own, once no operation of an earlier one runs (H4). */
    private final class OpenDisk extends Event {
        private long exportAfter;

        @Override
        void happen() {
            port.whenIdle(this::open);
        }

        private void open() {
            if (state.keep()) {
                goBack();
            }
            if (storage.open(port, pages())) {
                state.renew();
            }
            give(new DiskPort.Opened(DISK, nextBoot(), BootCause.STARTED));
            // Opening may have been the end of the process: its successor opens for itself.
            if (isUp()) {
                scene.clock.schedule(openExports, scene.now() + exportAfter);
            }
        }

        private void goBack() {
            FaultKind kind = FaultKind.OLDER_STATE;
            if (state.goBack(drawn("older state", 0))) {
                scene.struck(kind, "an earlier holder and boot counter at the start of the " + name);
            } else {
                scene.missed(kind);
            }
        }
    }

    private final class OpenExports extends Event {
        private boolean opened;

        @Override
        void happen() {
            listening = true;
            opened = true;
            Exported exported = storage.exported;
            for (int i = 0; i < exported.exports().size(); i++) {
                Export export = exported.exports().get(i);
                if (!removed.contains(export.name())) {
                    give(new ServerControl.ExportOpened(export, state.holder(export.name()), exported.access(i)));
                }
            }
            give(new ServerControl.Ready());
        }
    }

    /** Whoever told it to go away has waited long enough. */
    private final class Killing extends Event {
        @Override
        void happen() {
            crash(false, scene.until(restartNanos));
        }
    }

    /** Something beside the disk is being made durable: an export's holder, or the next boot's counter. */
    private final class Recording extends Event {
        private final String export;
        private final @Nullable Holder holder;
        private final long luck;

        Recording(String export, @Nullable Holder holder, long luck) {
            this.export = export;
            this.holder = holder;
            this.luck = luck;
        }

        void keep() {
            Holder next = holder;
            if (next != null) {
                state.hold(export, next);
            }
        }

        @Override
        void happen() {
            recordings.remove(this);
            Holder next = holder;
            if (next == null) {
                give(new DurablePort.BootDrawn(DISK, nextBoot()));
            } else {
                countGrant(state.holder(export), next);
                keep();
                give(new DurablePort.Kept(export, next));
            }
        }

        private void countGrant(Holder before, Holder next) {
            if (!next.token().equals(Unique.NONE) && next.epoch() != before.epoch()) {
                scene.counts.count(Counts.Item.EPOCHS);
                if (!before.token().equals(Unique.NONE)) {
                    scene.counts.count(Counts.Item.TAKEOVERS);
                    scene.stood(Standing.TAKEOVER, "an export has another holder");
                }
            }
        }
    }
}
