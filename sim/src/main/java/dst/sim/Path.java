package dst.sim;

/** One of the paths between nodes: its delays and sizes, and what befalls it alone. */
final class Path {
    final int number;
    final String name;
    final int bufferBytes;
    private final Scene scene;
    private final NetworkConditions conditions;
    private final Plan.PathPlan plan;
    private long holedUntil;
    private long delayedUntil;
    private long delayExtra;

    Path(Scene scene, NetworkConditions conditions, int number) {
        this.scene = scene;
        this.conditions = conditions;
        this.number = number;
        this.plan = scene.plan.paths().get(number);
        this.name = plan.name();
        this.bufferBytes = plan.bufferBytes();
    }

    void hole(long until) {
        holedUntil = Math.max(holedUntil, until);
    }

    void delayMore(long extra, long until) {
        delayExtra = Math.max(0, extra);
        delayedUntil = until;
    }

    boolean isHoled() {
        return scene.now() < holedUntil || conditions.isHoled();
    }

    long delayMin() {
        return plan.delayNanosMin();
    }

    long delay(long hash) {
        long extra = scene.now() < delayedUntil ? delayExtra : 0;
        return Draw.between(hash, plan.delayNanosMin(), plan.delayNanosMax()) + extra + conditions.delayExtra();
    }

    /** The largest size of the piece with that hash. */
    int pieceSize(long pieceHash) {
        return conditions.pieceSize(pieceHash, plan.splitMax());
    }

    /** When a link is free again after so many bytes. */
    long freeAfter(long now, int bytes) {
        return conditions.freeAfter(now, bytes, plan.bytesPerSecond());
    }
}
