package dst.sim;

import dst.protocol.trace.WorldEvent;

/**
 * A host's own idea of time: it starts somewhere, runs a little fast or slow, may jump forward and may stand still; it never goes
 * back.
 */
final class HostClock {
    private static final long MILLION = 1_000_000;

    /** How it runs; since later than now while it stands still. */
    private WorldEvent.ClockSet set;

    HostClock(long start, int ppm) {
        set = new WorldEvent.ClockSet(0, start, bounded(ppm));
    }

    /** The host's time at a time of the world. */
    long at(long world) {
        return set.at(world);
    }

    /** How it runs from now on, for whoever wants to know the host's time. */
    WorldEvent.ClockSet set() {
        return set;
    }

    /** The first time of the world, not before {@code now}, at which the host's clock shows {@code deadline} or more. */
    long whenShows(long deadline, long now) {
        long ahead = deadline - at(now);
        if (ahead <= 0) {
            return now;
        }
        long from = Math.max(now, set.sinceWorld());
        if (set.ppm() == 0) {
            return Clock.plus(from, ahead);
        }
        long rate = MILLION + set.ppm();
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
        rebase(now, now, Math.max(0, nanos), set.ppm());
    }

    void drift(long now, int newPpm) {
        rebase(now, now, 0, bounded(newPpm));
    }

    /** Stands still until then, and goes on from there. */
    void stop(long now, long until) {
        rebase(now, until, 0, set.ppm());
    }

    private void rebase(long now, long until, long jumped, long ppm) {
        long since = Math.max(Math.max(now, set.sinceWorld()), until);
        set = new WorldEvent.ClockSet(since, at(now) + jumped, ppm);
    }

    /** Between half and double speed: a clock beyond that is broken, not drifting. */
    private static long bounded(long ppm) {
        return Math.max(-MILLION / 2, Math.min(MILLION, ppm));
    }
}
