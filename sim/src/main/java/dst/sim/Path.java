package dst.sim;

import dst.protocol.Prng;
import dst.protocol.fault.Fault.Direction;

/** One of the paths between nodes: its delays and sizes. */
final class Path {
    /** Its place in the plan. */
    final int number;

    final String name;
    final Plan.PathPlan plan;

    Path(int number, Plan.PathPlan plan) {
        this.number = number;
        this.name = plan.name();
        this.plan = plan;
    }

    long delay(long hash, LinkConditions befalls, Direction lane) {
        return Draw.between(hash, plan.delayNanosMin(), plan.delayNanosMax()) + befalls.extraNanos(lane);
    }

    /** The largest size of the piece with that hash: mostly whole, now and then cut anywhere, now and then tiny. */
    int pieceSize(long pieceHash, LinkConditions befalls, Direction lane) {
        int max = befalls.pieceMax(lane, plan.splitMax());
        long hash = Prng.mix(pieceHash);
        int kind = (int) (hash & 15);
        if (kind < 13) {
            return max;
        }
        return (int) Draw.between(Prng.mix(hash), 1, kind < 15 ? max : Math.min(max, 8));
    }

    /** When a link is free again that way after so many bytes. */
    long freeAfter(long now, int bytes, LinkConditions befalls, Direction lane) {
        long rate = befalls.bytesPerSecond(lane, plan.bytesPerSecond());
        return rate == 0 ? now : now + bytes * 1_000_000_000L / rate;
    }
}
