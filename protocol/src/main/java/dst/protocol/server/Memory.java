package dst.protocol.server;

/**
 * What all links of a server take together: payloads that arrive, are held, run or are unsent (R7). Nobody may have more of it than is
 * left for all the others, so that the greediest are slowed down first and whoever has nothing is always listened to.
 */
final class Memory {
    private final long most;
    private long taken;

    Memory(long most) {
        this.most = most;
    }

    void take(long bytes) {
        taken += bytes;
    }

    void giveBack(long bytes) {
        taken -= bytes;
    }

    /**
     * Whether somebody who takes this much is not to take more. L4: what is asked about ends by itself - the disk ends it, or its
     * own peer takes it - so that nobody waits here for anybody who waits for him.
     */
    boolean isTooMuch(long use) {
        return use > Math.max(0, most - taken);
    }

    long taken() {
        return taken;
    }
}
