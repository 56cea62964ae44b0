package dst.sim;

import dst.protocol.Disk;
import dst.protocol.Export;
import dst.protocol.fault.FaultKind;
import java.util.ArrayList;
import java.util.List;

/** The disk of a plan, with what is exported of it and the servers that have a way to it; and what it is when a server starts. */
final class Storage {
    static final String TWO_SERVERS = "two-servers";

    final Exported exported;
    private final Scene scene;
    private final DiskFaults faults;
    private final List<DiskUse> ports = new ArrayList<>();
    private SimulatedDisk disk;
    private boolean restored;
    private boolean replaced;

    Storage(Scene scene, DiskFaults faults) {
        this.scene = scene;
        this.faults = faults;
        this.exported = new Exported(scene);
        this.disk = newDisk();
    }

    private SimulatedDisk newDisk() {
        return new SimulatedDisk(scene, faults, exported.diskSize(), exported.blockSize());
    }

    SimulatedDisk disk() {
        return disk;
    }

    DiskUse port(Disk.Ended ended) {
        DiskUse port = new DiskUse(disk, ended);
        ports.add(port);
        return port;
    }

    /** Whether one server alone has the disk: only then can it be exchanged or changed as that one starts. */
    boolean hasOneServer() {
        return ports.size() == 1;
    }

    /** The next start finds an older content of the disk; false if it would anyway. */
    boolean restore() {
        boolean first = !restored;
        restored = true;
        return first;
    }

    /** The next start finds the disk as it is; whether it would have found an older content. */
    boolean keep() {
        boolean was = restored;
        restored = false;
        return was;
    }

    void replace() {
        replaced = true;
    }

    /**
     * A server's process starts and has the disk from now on; nothing of an earlier one of its own runs. Whether it is another disk than
     * before.
     */
    boolean open(DiskUse port, Pages pages) {
        if (ports.stream().anyMatch(other -> !other.equals(port) && other.isOpen())) {
            scene.struck(TWO_SERVERS, "a second server has the disk");
        }
        boolean another = replaced;
        reconfigure();
        if (keep()) {
            goBack();
        }
        port.open(disk, pages);
        return another;
    }

    private void reconfigure() {
        long end = firstEnd();
        exported.reconfigure(replaced);
        if (replaced) {
            replaced = false;
            disk = newDisk();
            return;
        }
        if (disk.blockSize() != exported.blockSize()) {
            disk.forget();
            disk.reblock(exported.blockSize());
        }
        if (firstEnd() < end) {
            disk.discard(firstEnd(), end);
        }
        if (disk.size() != exported.diskSize()) {
            disk.resize(exported.diskSize());
        }
    }

    private long firstEnd() {
        Export first = exported.exports().getFirst();
        return first.start() + first.device().size();
    }

    private void goBack() {
        FaultKind kind = FaultKind.OLDER_DISK;
        if (disk.goBack()) {
            scene.struck(kind, "an earlier content of the disk at the server's start");
        } else {
            scene.missed(kind);
        }
    }
}
