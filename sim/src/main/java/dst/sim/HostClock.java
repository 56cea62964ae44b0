package dst.sim;

/**
 * A host's own idea of time: it starts somewhere, runs a little fast or slow, may jump forward and may stand still; it never goes
 * back.
 */
final class HostClock {
    private static final long MILLION = 1_000_000;

    private long ppm;

    /** From when on it runs like this; later than now while it stands still. */
    private long sinceWorld;

    private long sinceHost;

    HostClock(long start, int ppm) {
        sinceHost = start;
        this.ppm = bounded(ppm);
    }

    /** The host's time at a time of the world. */
    long at(long world) {
        long elapsed = Math.max(0, world - sinceWorld);
        if (ppm == 0) {
            return sinceHost + elapsed;
        }
        return sinceHost + elapsed + elapsed / MILLION * ppm + elapsed % MILLION * ppm / MILLION;
    }

    /** The first time of the world, not before {@code now}, at which the host's clock shows {@code deadline} or more. */
    long whenShows(long deadline, long now) {
        long ahead = deadline - at(now);
        if (ahead <= 0) {
            return now;
        }
        long from = Math.max(now, sinceWorld);
        if (ppm == 0) {
            return Clock.plus(from, ahead);
        }
        long rate = MILLION + ppm;
        long world = Clock.plus(from, ahead / rate * MILLION + ahead % rate * MILLION / rate);
        while (at(world) < deadline) {
            world++;
        }
        while (world > now && at(world - 1) >= deadline) {
            world--;
        }
        return world;
    }

    void jump(long now, long nanos) {
        rebase(now);
        sinceHost += Math.max(0, nanos);
    }

    void drift(long now, int newPpm) {
        rebase(now);
        ppm = bounded(newPpm);
    }

    /** Stands still until then, and goes on from there. */
    void stop(long now, long until) {
        rebase(now);
        sinceWorld = Math.max(sinceWorld, until);
    }

    private void rebase(long now) {
        sinceHost = at(now);
        sinceWorld = Math.max(now, sinceWorld);
    }

    /** Between half and double speed: a clock beyond that is broken, not drifting. */
    private static long bounded(long ppm) {
        return Math.max(-MILLION / 2, Math.min(MILLION, ppm));
    }
}
