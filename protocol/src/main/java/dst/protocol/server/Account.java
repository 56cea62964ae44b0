package dst.protocol.server;

import dst.protocol.Holder;

/** Whose the tasks of one attachment are, and how much of them the disk has not ended: as much as was taken and not given back (R7). */
final class Account {
    final String export;
    final Holder holder;

    /** R7: of its first link. */
    final String origin;

    private final Memory memory;
    private long bytes;
    private int tasks;

    Account(String export, Holder holder, String origin, Memory memory) {
        this.export = export;
        this.holder = holder;
        this.origin = origin;
        this.memory = memory;
    }

    void take(int some) {
        tasks++;
        bytes += some;
        memory.take(some);
    }

    void giveBack(int some) {
        tasks--;
        bytes -= some;
        memory.giveBack(some);
    }

    /** R7: bytes of what the disk has not ended, settled or not. */
    long bytes() {
        return bytes;
    }

    /** R7: how many the disk has not ended. */
    int tasks() {
        return tasks;
    }
}
