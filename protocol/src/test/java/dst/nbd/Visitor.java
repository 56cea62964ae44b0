package dst.nbd;

/** A connection that is what a test says. */
final class Visitor implements Guest {
    private final String origin;
    private final String export;
    boolean used = true;
    boolean busy;
    long activeAt;
    long moved;
    long running;

    Visitor(String origin, String export, long activeAt) {
        this.origin = origin;
        this.export = export;
        this.activeAt = activeAt;
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public String export() {
        return export;
    }

    @Override
    public boolean isUsed() {
        return used;
    }

    @Override
    public boolean isBusy() {
        return busy;
    }

    @Override
    public long activeAt() {
        return activeAt;
    }

    @Override
    public long moved() {
        return moved;
    }

    @Override
    public long runningBytes() {
        return running;
    }

    @Override
    public String toString() {
        return origin + " at " + export + " since " + activeAt;
    }
}
