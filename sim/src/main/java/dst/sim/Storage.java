package dst.sim;

import dst.protocol.Disk;
import dst.protocol.Export;
import dst.protocol.fault.FaultKind;
import java.util.ArrayList;
import java.util.List;

/** A disk of a plan, with what is exported of it and who has it; and what it is when a server starts. */
final class Storage {
    static final String TWO_SERVERS = "two-servers";

    final Plan.DiskPlan plan;
    final Exported exported;
    final DiskFaults faults;
    private final Scene scene;

    /** What its luck is drawn by. */
    private final long source;

    private final List<DiskUse> uses = new ArrayList<>();
    private SimulatedDisk disk;
    private boolean restored;
    private boolean replaced;

    /** Of a world's first disk the luck has no name: most have only that one. */
    Storage(Scene scene, Plan.DiskPlan plan, boolean first) {
        this.scene = scene;
        this.plan = plan;
        this.faults = new DiskFaults(scene);
        this.source = scene.source(first ? "disk" : "disk " + plan.name());
        this.exported = new Exported(plan.exports(), scene.source(first ? "another disk" : "another " + plan.name()));
        this.disk = newDisk();
    }

    private SimulatedDisk newDisk() {
        return new SimulatedDisk(scene, plan, source, faults, exported.diskSize(), exported.blockSize());
    }

    SimulatedDisk disk() {
        return disk;
    }

    DiskUse use(Disk.Ended ended) {
        DiskUse use = new DiskUse(disk, ended);
        uses.add(use);
        return use;
    }

    /** Whether one server alone has the disk: only then can it be exchanged or changed as that one starts. */
    boolean hasOneServer() {
        return uses.size() == 1;
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
    boolean open(DiskUse use, Pages pages) {
        if (uses.stream().anyMatch(other -> !other.equals(use) && other.isOpen())) {
            scene.struck(TWO_SERVERS, "a second server has the disk");
        }
        boolean another = replaced;
        reconfigure();
        if (keep()) {
            goBack();
        }
        use.open(disk, pages);
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
