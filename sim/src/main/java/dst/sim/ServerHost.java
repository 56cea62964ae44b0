package dst.sim;

import dst.protocol.Control;
import dst.protocol.Export;
import dst.protocol.Machines;
import dst.protocol.ServerControl;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.trace.WorldEvent;
import dst.sim.Plan.NodePlan;
import java.util.TreeSet;

/** A computer that a server runs on: its disks are opened, and then what is exported of them. */
final class ServerHost extends Host {
    private final OpenDisks openDisks = new OpenDisks();
    private final OpenExports openExports = new OpenExports();
    private final Killing killing = new Killing();
    private final TreeSet<String> removed = new TreeSet<>();
    private boolean listening;

    /** After how long a process that goes away is followed by the next one. */
    private long restartNanos;

    ServerHost(Scene scene, Machines machines, NodePlan plan, Disks disks) {
        super(scene, machines, Side.SERVER, plan, disks);
    }

    @Override
    boolean isListening() {
        return isUp() && listening;
    }

    /** Takes the first export away within so many nanoseconds of the server's own clock. */
    void removeExport(long nanos) {
        give(new ServerControl.RemoveExport(ports.disks().getFirst().export(0).name(), nanos));
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

    /** Who may do what with an export of that disk has changed. */
    void accessChanged(Storage storage, int export) {
        for (HostDisk disk : ports.disks()) {
            if (openExports.opened && disk.storage.equals(storage)) {
                give(new ServerControl.AccessChanged(disk.export(export).name(), storage.exported.access(export)));
            }
        }
    }

    @Override
    void started() {
        scene.counts.count(Counts.Item.SERVER_STARTS);
        boolean slowly = incarnation() > 1 && Draw.chance(drawn("slow start", 0), 1, 4);
        listening = slowly && Draw.chance(drawn("listens", 0), 1, 2);
        openDisks.exportAfter = slowly ? Draw.between(drawn("opens", 1), 0, 20_000_000) : 0;
        scene.clock.schedule(openDisks, scene.now() + (slowly ? Draw.between(drawn("opens", 0), 0, 20_000_000) : 0));
        ports.started();
    }

    @Override
    void gone() {
        scene.counts.peak(Counts.Peak.SERVER_MEMORY, pages().peakBytes());
        listening = false;
        scene.clock.cancel(killing);
        scene.clock.cancel(openDisks);
        scene.clock.cancel(openExports);
        openExports.opened = false;
    }

    @Override
    void told(Control.Tells told) {
        switch (told) {
            case ServerControl.Removed(String export, boolean _) -> removed.add(export);
            case ServerControl.Left _ -> left();
            default -> throw Signal.misplaced(told);
        }
    }

    /** One after the other, and then the exports. */
    private final class OpenDisks extends Event {
        private long exportAfter;

        @Override
        void happen() {
            open(0);
        }

        private void open(int disk) {
            if (disk < ports.disks().size()) {
                ports.disks().get(disk).open(() -> open(disk + 1));
            } else {
                scene.clock.schedule(openExports, scene.now() + exportAfter);
            }
        }
    }

    private final class OpenExports extends Event {
        private boolean opened;

        @Override
        void happen() {
            listening = true;
            opened = true;
            for (HostDisk disk : ports.disks()) {
                for (int i = 0; i < disk.storage.exported.exports().size(); i++) {
                    Export export = disk.export(i);
                    if (!removed.contains(export.name())) {
                        give(new ServerControl.ExportOpened(
                                export, disk.state.holder(export.name()), disk.storage.exported.access(i)));
                    }
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
}
