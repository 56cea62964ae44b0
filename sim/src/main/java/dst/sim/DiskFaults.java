package dst.sim;

import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.fault.Fault;
import dst.protocol.fault.FaultKind;
import dst.sim.DiskOperation.What;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** The disk's faults that wait for an operation to hit; each counts as struck when it has hit one. */
final class DiskFaults {
    private final Scene scene;
    private final ArrayList<Armed> armed = new ArrayList<>();
    private long slowUntil;
    private long slowExtra;

    DiskFaults(Scene scene) {
        this.scene = scene;
    }

    /** One fault that waits: how often it may still hit, until when, and what it is made of. */
    private static final class Armed {
        final FaultKind kind;
        int times;
        final long until;
        final long amount;
        boolean hit;

        Armed(FaultKind kind, int times, long until, long amount) {
            this.kind = kind;
            this.times = times;
            this.until = until;
            this.amount = amount;
        }
    }

    void arm(FaultKind kind, int times, long until, long amount) {
        armed.add(new Armed(kind, times, until, amount));
    }

    void slow(long extra, long until) {
        slowExtra = Math.max(0, extra);
        slowUntil = until;
    }

    void heal() {
        for (Armed fault : armed) {
            if (!fault.hit) {
                scene.missed(fault.kind);
            }
        }
        armed.clear();
    }

    /** When an operation that takes so long ends. */
    long endsAt(long nanos) {
        long at = scene.now() + nanos;
        return scene.now() < slowUntil ? Math.max(at, scene.until(Clock.plus(nanos, slowExtra))) : at;
    }

    /** What the plan's faults do to an operation that the disk can carry out. */
    void befall(DiskOperation operation, SimulatedDisk disk) {
        if (armed.isEmpty()) {
            return;
        }
        What what = operation.what;
        if (what.changes()) {
            befallChange(operation, disk);
        } else if (what == What.READ ? hits(FaultKind.READ_ERROR, operation) : isFlushError(operation)) {
            operation.failure = Problem.IO_ERROR;
        }
        if (operation.failure != null) {
            return;
        }
        if (what == What.FLUSH || operation.durable) {
            operation.lying = hits(FaultKind.LYING_FLUSH, operation);
        }
        if (operation.blocks > 1 && hits(FaultKind.SHORT_TRANSFER, operation)) {
            operation.blocks = (int) Draw.between(operation.draw(4), 1, operation.blocks - 1L);
        }
        operation.blocks = blocksMax(operation, disk.blockSize());
    }

    private void befallChange(DiskOperation operation, SimulatedDisk disk) {
        operation.endsAt = Math.max(operation.endsAt, stalledUntil(operation));
        if (hits(FaultKind.WRITE_ERROR, operation)) {
            operation.failure = Problem.IO_ERROR;
        } else if (operation.what != What.TRIM && hits(FaultKind.DISK_FULL, operation)) {
            operation.failure = Problem.NO_SPACE;
        } else if (hits(FaultKind.LOST_WRITE, operation)) {
            operation.dropped = true;
        } else if (operation.what == What.WRITE
                && disk.size() > disk.blockSize()
                && hits(FaultKind.MISDIRECT, operation)) {
            boolean atEnd = operation.offset + operation.length + disk.blockSize() > disk.size();
            operation.firstBlock += atEnd ? -1 : 1;
        }
    }

    private boolean isFlushError(DiskOperation operation) {
        return operation.what == What.FLUSH && hits(FaultKind.FLUSH_ERROR, operation);
    }

    private boolean hits(FaultKind kind, DiskOperation operation) {
        return take(kind, operation) != null;
    }

    /** How much later the operation ends because of a stall. */
    private long stalledUntil(DiskOperation operation) {
        Armed fault = take(FaultKind.DISK_STALL, operation);
        return fault == null ? 0 : scene.until(fault.amount);
    }

    /** How many blocks of that size the operation moves at most: fewer than it should if a limit hits it. */
    private int blocksMax(DiskOperation operation, int blockSize) {
        int most = operation.blocks;
        for (Armed fault : armed) {
            int limit = (int) Math.max(1, fault.amount / blockSize);
            if (fault.kind == FaultKind.DISK_LIMIT && scene.now() < fault.until && limit < most) {
                fault.hit = true;
                scene.struck(FaultKind.DISK_LIMIT, operation.toString(), operation.range(), fault.until);
                most = limit;
            }
        }
        return most;
    }

    /** Whether a fault of that kind waits for something to hit. */
    boolean isWaiting(FaultKind kind) {
        return waiting(kind) != null;
    }

    /** Whether a neighbour is torn: that block. */
    boolean tears(Range block) {
        Armed fault = waiting(FaultKind.TORN_NEIGHBOUR);
        if (fault != null) {
            hit(fault, "the block at " + block.offset(), block);
        }
        return fault != null;
    }

    private @Nullable Armed take(FaultKind kind, DiskOperation operation) {
        Armed fault = waiting(kind);
        if (fault != null) {
            hit(fault, operation.toString(), operation.range());
        }
        return fault;
    }

    private @Nullable Armed waiting(FaultKind kind) {
        for (int i = 0; i < armed.size(); i++) {
            Armed fault = armed.get(i);
            if (fault.kind == kind && fault.times > 0 && scene.now() < fault.until) {
                return fault;
            }
        }
        return null;
    }

    private void hit(Armed fault, String what, Range place) {
        fault.times--;
        fault.hit = true;
        boolean lasts = fault.until != Fault.FOR_GOOD;
        scene.struck(fault.kind, what, place, lasts ? fault.until : scene.now());
    }
}
