package dst.sim;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Device;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Holder;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.Side;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The computer that the server runs on: it carries out what a server wants done, and keeps what is durable beside the disk (the
 * boot counter, the holder). A disk is handed over only when nothing of an earlier process can still reach it (H4).
 */
final class ServerHost extends Host<ServerInput, ServerOutput> {
    static final int DISK = 0;

    private final Machines machines;
    private final Exported exported;
    private final DiskFaults diskFaults;
    private final OpenDisk openDisk = new OpenDisk();
    private final OpenExport openExport = new OpenExport();
    private final ArrayDeque<Recording> recordings = new ArrayDeque<>();
    private SimulatedDisk disk;
    private Holder holder = Holder.NOBODY;
    private long bootCounter;
    private long recorded;
    private boolean listening;
    private boolean removed;

    ServerHost(Scene scene, Machines machines, DiskFaults diskFaults) {
        super(scene, "server", Side.SERVER, scene.plan.servers().getFirst().host());
        this.machines = machines;
        this.diskFaults = diskFaults;
        this.exported = new Exported(scene);
        this.disk = newDisk(exported.device());
    }

    SimulatedDisk disk() {
        return disk;
    }

    /** The configuration from the server's next start on. */
    Exported exported() {
        return exported;
    }

    boolean isListening() {
        return isUp() && listening;
    }

    /** The kernel took a connection and gives it to the process. */
    void accepted(long link, String peer) {
        give(new ServerInput.LinkOpened(link, peer, peer.substring(0, peer.indexOf('/'))));
    }

    /** Takes the export away within so many nanoseconds of the server's own clock. */
    void removeExport(long nanos) {
        give(new ServerInput.RemoveExport(Exported.NAME, nanos));
    }

    @Override
    Machine<ServerInput, ServerOutput> newMachine(Pages pages) {
        Plan.ServerPlan plan = scene.plan.servers().getFirst();
        return machines.variant(plan.host().program()).server(plan.settings(), pages);
    }

    @Override
    void started() {
        scene.counts.count(Counts.Item.SERVER_STARTS);
        boolean slowly = incarnation() > 1 && Draw.chance(drawn("slow start", 0), 1, 4);
        listening = slowly && Draw.chance(drawn("listens", 0), 1, 2);
        openDisk.exportAfter = slowly ? Draw.between(drawn("opens", 1), 0, 20_000_000) : 0;
        scene.clock.schedule(openDisk, scene.now() + (slowly ? Draw.between(drawn("opens", 0), 0, 20_000_000) : 0));
    }

    private SimulatedDisk newDisk(Device device) {
        return new SimulatedDisk(scene, diskFaults, device.size(), device.blockSize(), this::diskEnded);
    }

    private void diskEnded(long ticket, DiskResult result) {
        give(new ServerInput.DiskEnded(DISK, ticket, result));
    }

    private Boot nextBoot() {
        scene.counts.count(Counts.Item.BOOTS);
        bootCounter++;
        return new Boot(bootCounter, new Unique(drawn("boot", bootCounter), drawn("nonce", bootCounter)));
    }

    @Override
    void gone(boolean powerLost) {
        listening = false;
        scene.clock.cancel(openDisk);
        scene.clock.cancel(openExport);
        while (!recordings.isEmpty()) {
            Recording recording = recordings.remove();
            scene.clock.cancel(recording);
            // What was being made durable is there or not.
            Holder next = recording.holder;
            if (next != null && Draw.chance(recording.luck, 1, 2)) {
                holder = next;
            }
        }
        if (powerLost) {
            disk.powerCut();
        } else {
            disk.orphan();
        }
    }

    @Override
    void carryOut(ServerOutput output) {
        switch (output) {
            case ServerOutput.Send(long link, ByteBuf bytes) -> {
                network().send(this, link, bytes);
                strikes().messageSent(Pipe.TO_CLIENT);
            }
            case ServerOutput.Close(long link, var _) -> network().close(this, link);
            case ServerOutput.Reading(long link, boolean wanted) -> network().reading(this, link, wanted);
            case ServerOutput.StartDisk(int _, DiskRequest request) -> startDisk(request);
            case ServerOutput.DrawBoot _ -> record(null);
            case ServerOutput.Persist(String _, Holder next) -> record(next);
            case ServerOutput.Removed _ -> removed = true;
            case ServerOutput.Noted _ -> {}
        }
    }

    private void startDisk(DiskRequest request) {
        disk.submit(request);
        switch (request) {
            case DiskRequest.Write _, DiskRequest.Zero _, DiskRequest.Trim _ ->
                strikes().diskWriteSubmitted();
            case DiskRequest.Read _, DiskRequest.Flush _, DiskRequest.Forget _ -> {}
        }
    }

    private void record(@Nullable Holder next) {
        Recording recording = new Recording(next, drawn("record", ++recorded));
        recordings.add(recording);
        Plan.DiskPlan plan = scene.plan.disk();
        long nanos = Draw.between(
                recording.luck, plan.flushNanosMin(), Math.max(plan.flushNanosMin(), plan.flushNanosMax()));
        scene.clock.schedule(recording, scene.now() + nanos);
    }

    @Override
    void dropOutput(ServerOutput output) {
        switch (output) {
            case ServerOutput.Send(long _, ByteBuf bytes) -> bytes.release();
            case ServerOutput.StartDisk(int _, DiskRequest.Write write) ->
                write.data().release();
            case ServerOutput.StartDisk _,
                    ServerOutput.Close _,
                    ServerOutput.Reading _,
                    ServerOutput.DrawBoot _,
                    ServerOutput.Persist _,
                    ServerOutput.Removed _,
                    ServerOutput.Noted _ -> {}
        }
    }

    @Override
    void dropInput(ServerInput input) {
        switch (input) {
            case ServerInput.Received(long _, ByteBuf bytes) -> bytes.release();
            case ServerInput.DiskEnded(int _, long _, DiskResult.Data(ByteBuf data)) -> data.release();
            case ServerInput.DiskEnded _,
                    ServerInput.DiskOpened _,
                    ServerInput.ExportOpened _,
                    ServerInput.AccessChanged _,
                    ServerInput.Ready _,
                    ServerInput.LinkOpened _,
                    ServerInput.Sent _,
                    ServerInput.LinkClosed _,
                    ServerInput.BootDrawn _,
                    ServerInput.Persisted _,
                    ServerInput.RemoveExport _,
                    ServerInput.TimerFired _ -> {}
        }
    }

    @Override
    void bytesArrived(long link, ByteBuf bytes) {
        give(new ServerInput.Received(link, bytes));
    }

    @Override
    void bytesLeft(long link, long bytes) {
        give(new ServerInput.Sent(link, bytes));
    }

    @Override
    void linkLost(long link, String reason) {
        give(new ServerInput.LinkClosed(link, reason));
    }

    @Override
    ServerInput timerFired() {
        return new ServerInput.TimerFired();
    }

    /** The disk becomes this process's own, once no operation of an earlier one runs (H4). */
    private final class OpenDisk extends Event {
        private long exportAfter;

        @Override
        void happen() {
            disk.whenIdle(this::open);
        }

        private void open() {
            if (exported.reconfigure()) {
                disk = newDisk(exported.device());
            } else if (disk.size() != exported.device().size()) {
                disk.resize(exported.device().size());
            }
            if (exported.keepDisk()) {
                goBack();
            }
            disk.open(pages());
            give(new ServerInput.DiskOpened(DISK, nextBoot(), BootCause.STARTED));
            // Opening may have been the end of the process: its successor opens for itself.
            if (isUp()) {
                scene.clock.schedule(openExport, scene.now() + exportAfter);
            }
        }

        private void goBack() {
            String kind = Strikes.kind(new Fault.Strike.OlderDisk());
            if (disk.goBack()) {
                scene.struck(kind, "an earlier content of the disk at the server's start");
            } else {
                scene.missed(kind);
            }
        }
    }

    private final class OpenExport extends Event {
        @Override
        void happen() {
            listening = true;
            if (!removed) {
                give(new ServerInput.ExportOpened(
                        exported.export(),
                        holder,
                        scene.plan.exports().getFirst().access()));
            }
            give(new ServerInput.Ready());
        }
    }

    /** Something beside the disk is being made durable: a holder, or the next boot's counter. */
    private final class Recording extends Event {
        private final @Nullable Holder holder;
        private final long luck;

        Recording(@Nullable Holder holder, long luck) {
            this.holder = holder;
            this.luck = luck;
        }

        @Override
        void happen() {
            recordings.remove(this);
            Holder next = holder;
            if (next == null) {
                give(new ServerInput.BootDrawn(DISK, nextBoot()));
            } else {
                ServerHost.this.holder = next;
                give(new ServerInput.Persisted(Exported.NAME, next));
            }
        }
    }
}
