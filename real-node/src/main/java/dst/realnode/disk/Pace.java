package dst.realnode.disk;

/**
 * Whether something that cannot be asked for without waiting is quick at present: it is until it once was slow, and then it is not
 * tried again for a while, longer each time. Threads may race here: what is lost is a measurement.
 */
final class Pace {
    private static final long SLOW_NANOS = 2_000_000;
    private static final long SHORTEST_PAUSE_NANOS = 50_000_000;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000_000;

    private volatile long quickAgain;
    private volatile boolean paused;
    private volatile long pause = SHORTEST_PAUSE_NANOS;

    boolean quick(long now) {
        return !paused || now - quickAgain >= 0;
    }

    void took(long nanos, long now) {
        if (nanos > SLOW_NANOS) {
            quickAgain = now + pause;
            paused = true;
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        } else if (paused) {
            paused = false;
            pause = Math.max(pause / 2, SHORTEST_PAUSE_NANOS);
        }
    }
}
