package dst.protocol.model;

/** The server process, what it has stored, and the disk operations that run, whoever waits for them. */
final class Server {
    private static final Running[] IDLE = {};
    private static final Flush[] NO_FLUSH = {};

    /** A boot is open; otherwise what runs of the last one has to end before the next begins. */
    boolean up = true;

    int boot = 1;

    /** Who holds the export, and who holds it after a crash. */
    int holder;

    int stored;

    /** H5: the holder said "replayed", or left clean, in this boot; it has attached in this boot; what a taker is told. */
    boolean replayed = true;

    boolean joined = true;
    boolean owed;

    /** T3: the ids of the holder that are known to be settled. */
    int settled;

    /** D2: execution number, commit number, and what had been executed when the last flush was issued. */
    int executed;

    int committed;
    int issued;

    /** The last boot ended because a flush failed. */
    boolean flushFailed;

    Takeover takeover = Takeover.NONE;
    Running[] running = IDLE;
    Flush[] flushes = NO_FLUSH;

    enum Takeover {
        NONE,
        DRAINING,
        ASKING,
        FLUSHING,
        PERSISTING
    }

    /**
     * A disk operation that runs.
     *
     * @param watched by the server
     */
    record Running(int operation, Watched watched) {
        boolean live() {
            return watched == Watched.AWAITED;
        }
    }

    enum Watched {
        AWAITED,
        /** Its boot or its epoch is over; the server knows that it runs (T5). */
        DROPPED,
        /** The process that started it is gone. */
        UNHEARD
    }

    /**
     * @param tasks the FLUSHes that are Done when it ends
     * @param covered how many contents of each block's cache it covers
     */
    record Flush(int tasks, boolean takeover, int[] covered, boolean live) {}

    Server copy() {
        Server copy = new Server();
        copy.up = up;
        copy.boot = boot;
        copy.holder = holder;
        copy.stored = stored;
        copy.replayed = replayed;
        copy.joined = joined;
        copy.owed = owed;
        copy.settled = settled;
        copy.executed = executed;
        copy.committed = committed;
        copy.issued = issued;
        copy.flushFailed = flushFailed;
        copy.takeover = takeover;
        copy.running = running;
        copy.flushes = flushes;
        return copy;
    }

    boolean isRunning() {
        for (Running task : running) {
            if (task.watched != Watched.UNHEARD) {
                return true;
            }
        }
        return false;
    }

    boolean flushing() {
        for (Flush flush : flushes) {
            if (flush.live) {
                return true;
            }
        }
        return false;
    }

    boolean idle() {
        return running.length == 0 && flushes.length == 0;
    }

    boolean serves() {
        return up && takeover == Takeover.NONE;
    }

    void digest(Fingerprint print) {
        print.add((up ? 1 : 0)
                | (replayed ? 2 : 0)
                | (joined ? 4 : 0)
                | (owed ? 8 : 0)
                | (flushFailed ? 16 : 0)
                | holder << 5
                | stored << 6
                | takeover.ordinal() << 7
                | boot << 10
                | executed << 14
                | committed << 19
                | issued << 24
                | (long) settled << 32);
        for (Running task : running) {
            print.add(task.operation << 2 | task.watched.ordinal());
        }
        for (Flush flush : flushes) {
            print.add(flush.tasks << 2 | (flush.takeover ? 2 : 0) | (flush.live ? 1 : 0));
            print.addAll(flush.covered);
        }
        print.add(running.length | flushes.length << 8);
    }
}
