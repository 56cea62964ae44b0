package dst.sim;

import dst.protocol.Prng;

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

    long delay(long hash, LinkConditions befalls) {
        return Draw.between(hash, plan.delayNanosMin(), plan.delayNanosMax()) + befalls.delayExtra();
    }

    /** The largest size of the piece with that hash: mostly whole, now and then cut anywhere, now and then tiny. */
    int pieceSize(long pieceHash, LinkConditions befalls) {
        int max = befalls.pieceMax(plan.splitMax());
        long hash = Prng.mix(pieceHash);
        int kind = (int) (hash & 15);
        if (kind < 13) {
            return max;
        }
        return (int) Draw.between(Prng.mix(hash), 1, kind < 15 ? max : Math.min(max, 8));
    }

    /** When a link is free again after so many bytes. */
    long freeAfter(long now, int bytes, LinkConditions befalls) {
        long rate = befalls.bytesPerSecond(plan.bytesPerSecond());
        return rate == 0 ? now : now + bytes * 1_000_000_000L / rate;
    }
}
