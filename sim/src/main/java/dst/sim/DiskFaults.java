package dst.sim;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** The disk's faults that wait for an operation to hit; each counts as struck when it has hit one. */
final class DiskFaults {
    static final String LIMIT = "disk-limit";

    private final Scene scene;
    private final ArrayList<Armed> armed = new ArrayList<>();
    private long slowUntil;
    private long slowExtra;

    DiskFaults(Scene scene) {
        this.scene = scene;
    }

    /** One fault that waits: how often it may still hit, until when, and what it is made of. */
    private static final class Armed {
        final String name;
        int times;
        final long until;
        final long amount;
        boolean hit;

        Armed(String name, int times, long until, long amount) {
            this.name = name;
            this.times = times;
            this.until = until;
            this.amount = amount;
        }
    }

    void arm(String name, int times, long until, long amount) {
        armed.add(new Armed(name, times, until, amount));
    }

    void slow(long extra, long until) {
        slowExtra = Math.max(0, extra);
        slowUntil = until;
    }

    void heal() {
        for (Armed fault : armed) {
            if (!fault.hit) {
                scene.missed(fault.name);
            }
        }
        armed.clear();
    }

    boolean isArmed() {
        return !armed.isEmpty();
    }

    /** When an operation that takes so long ends. */
    long endsAt(long nanos) {
        long at = scene.now() + nanos;
        return scene.now() < slowUntil ? Math.max(at, scene.until(Clock.plus(nanos, slowExtra))) : at;
    }

    /** Whether a fault of that name hits this operation. */
    boolean hits(String name, DiskOperation operation) {
        return take(name, operation) != null;
    }

    /** How much later the operation ends because of a stall. */
    long stalledUntil(DiskOperation operation) {
        Armed fault = take("disk-stall", operation);
        return fault == null ? 0 : scene.until(fault.amount);
    }

    /** How many blocks of that size the operation moves at most: fewer than it should if a limit hits it. */
    int blocksMax(DiskOperation operation, int blockSize) {
        int most = operation.blocks;
        for (Armed fault : armed) {
            int limit = (int) Math.max(1, fault.amount / blockSize);
            if (fault.name.equals(LIMIT) && scene.now() < fault.until && limit < most) {
                fault.hit = true;
                scene.struck(LIMIT, operation.toString());
                most = limit;
            }
        }
        return most;
    }

    private @Nullable Armed take(String name, DiskOperation operation) {
        for (int i = 0; i < armed.size(); i++) {
            Armed fault = armed.get(i);
            if (fault.name.equals(name) && fault.times > 0 && scene.now() < fault.until) {
                fault.times--;
                fault.hit = true;
                scene.struck(name, operation.toString());
                return fault;
            }
        }
        return null;
    }
}
