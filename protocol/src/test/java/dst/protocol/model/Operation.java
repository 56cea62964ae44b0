package dst.protocol.model;

/**
 * A transaction, as both sides know it. Its id is its place in {@link State#operations}.
 *
 * @param open the client has not settled it
 * @param earlier a copy of it was sent in an earlier boot
 * @param clears a FLUSH: the blocks in doubt that its Done makes certain (T7)
 * @param covers a FLUSH: what the blocks may durably hold once it is Done; see {@link Promises}
 * @param served what the server has on record of it in the present boot
 * @param execution its execution number, if it is a change and on record
 * @param waits a FLUSH that waits: the operations that have to end before it (D1)
 */
record Operation(
        int client,
        Kind kind,
        int block,
        int value,
        boolean open,
        boolean earlier,
        int clears,
        int covers,
        Served served,
        int execution,
        int waits) {
    enum Served {
        NOT,
        WAITING,
        FLUSHING,
        RUNNING,
        DONE,
        FAILED,
        REFUSED;

        boolean answered() {
            return this == DONE || this == FAILED || this == REFUSED;
        }
    }

    static Operation of(int client, Kind kind, int block, int value) {
        return new Operation(client, kind, block, value, true, false, 0, 0, Served.NOT, 0, 0);
    }

    Operation settled() {
        return new Operation(client, kind, block, value, false, earlier, 0, 0, served, execution, waits);
    }

    Operation sentEarlier() {
        return new Operation(client, kind, block, value, open, true, clears, covers, served, execution, waits);
    }

    Operation clearing(int blocks) {
        return new Operation(client, kind, block, value, open, earlier, blocks, covers, served, execution, waits);
    }

    Operation covering(int values) {
        return new Operation(client, kind, block, value, open, earlier, clears, values, served, execution, waits);
    }

    Operation served(Served now) {
        return new Operation(client, kind, block, value, open, earlier, clears, covers, now, 0, 0);
    }

    Operation executed(Served now, int number) {
        return new Operation(client, kind, block, value, open, earlier, clears, covers, now, number, 0);
    }

    Operation waiting(int operations) {
        return new Operation(client, kind, block, value, open, earlier, clears, covers, Served.WAITING, 0, operations);
    }

    /** The same after another operation, which nothing refers to any more, was taken out of the list. */
    Operation without(int gone) {
        int left = Message.without(waits, gone);
        return new Operation(client, kind, block, value, open, earlier, clears, covers, served, execution, left);
    }

    void digest(Fingerprint print) {
        print.add(client
                | kind.ordinal() << 2
                | block << 5
                | value << 6
                | (open ? 1 << 10 : 0)
                | (earlier ? 1 << 11 : 0)
                | clears << 12
                | served.ordinal() << 14
                | execution << 17
                | (long) waits << 24
                | (long) covers << 40);
    }

    @Override
    public String toString() {
        String where = "block " + "ab".charAt(block);
        return switch (kind) {
            case READ -> "READ of " + where;
            case WRITE -> "WRITE w%d to %s".formatted(value, where);
            case DURABLE -> "durable WRITE w%d to %s".formatted(value, where);
            case TRIM -> "TRIM of " + where;
            case FLUSH -> "FLUSH";
            case REPLAY -> "replay of w%d to %s".formatted(value, where);
        };
    }
}
