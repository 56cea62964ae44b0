package dst.protocol.model;

/**
 * What the promises allow, and whether it was kept. Of each client and block the values that a read may return (G1, G4, G5): one
 * after a write is Done or a read has told, one more for each write that became Unknown. Of each block the values that may be left
 * when client and power are lost (G2): what was covered by the last FLUSH or durable write, and what was sent later.
 */
final class Promises {
    /** D6: every earlier content of the block is among the values, and a read decides nothing. */
    private static final int TRIMMED = 1 << 8;

    private static final int VALUES = TRIMMED - 1;

    private Promises() {}

    /** An operation is on its way for the first time. */
    static void submitted(State state, int id) {
        Operation operation = state.operations[id];
        int block = operation.block();
        if (operation.kind() == Kind.FLUSH) {
            state.operations[id] = operation.covering(toCover(state, operation.client()));
        }
        if (!operation.kind().changes()) {
            return;
        }
        int values = valuesOf(state, operation);
        state.ever[block] |= values;
        state.durable[block] |= values;
        for (int other = 0; other < state.operations.length; other++) {
            Operation flush = state.operations[other];
            if (flush.open() && flush.kind() == Kind.FLUSH) {
                state.operations[other] = flush.covering(flush.covers() | values << 8 * block);
            }
        }
    }

    /** G2: what a FLUSH that is submitted now has to make durable, or may. */
    private static int toCover(State state, int client) {
        int covers = 0;
        for (int block = 0; block < state.blocks(); block++) {
            int values = state.clients[client].allowed[block] & VALUES | pending(state, client, block);
            covers |= values << 8 * block;
        }
        return covers;
    }

    private static int valuesOf(State state, Operation change) {
        return change.kind() == Kind.TRIM ? state.ever[change.block()] | 1 : 1 << change.value();
    }

    static void done(State state, int id) {
        Operation operation = state.operations[id];
        int client = operation.client();
        int block = operation.block();
        boolean holds = state.server.holder == client;
        switch (operation.kind()) {
            case WRITE, DURABLE -> {
                state.clients[client].allowed[block] = 1 << operation.value();
                if (holds && operation.kind() == Kind.DURABLE) {
                    state.durable[block] = 1 << operation.value();
                }
                if (client == 0 && !holds && state.found.length > 0 && state.found[block] != operation.value()) {
                    state.broken =
                            "H5: client 2 was told \"not owed\" and found %s, and client 1 is told that %s is done"
                                    .formatted(Words.value(state.found[block]), operation);
                }
            }
            case TRIM -> state.clients[client].allowed[block] = valuesOf(state, operation) | TRIMMED;
            case FLUSH -> {
                for (int covered = 0; holds && covered < state.blocks(); covered++) {
                    state.durable[covered] &= operation.covers() >>> 8 * covered;
                }
            }
            case READ, REPLAY -> {}
        }
    }

    static void unknown(State state, int id) {
        Operation operation = state.operations[id];
        int[] allowed = state.clients[operation.client()].allowed;
        if (operation.kind().changes() && operation.kind() != Kind.REPLAY) {
            int trimmed = operation.kind() == Kind.TRIM ? TRIMMED : 0;
            allowed[operation.block()] |= valuesOf(state, operation) | trimmed;
        }
    }

    /** G5: no copy was executed, and none will be. */
    static void refused(State state, int id) {
        Operation operation = state.operations[id];
        if (operation.kind().leavesContent()) {
            state.ever[operation.block()] &= ~(1 << operation.value());
            state.durable[operation.block()] &= ~(1 << operation.value());
        }
    }

    /** Whether a READ that returned this would decide anything, or break a promise. */
    static boolean tells(State state, int client, int block, int value) {
        int allowed = state.clients[client].allowed[block];
        return (allowed & TRIMMED) == 0 ? allowed != 1 << value : (allowed & 1 << value) == 0;
    }

    /** G4: what a READ returned. A write that is unsettled may be over already; what is read now is read from now on. */
    static void read(State state, int client, int block, int value) {
        if (state.server.holder != client || !tells(state, client, block, value)) {
            return;
        }
        int allowed = state.clients[client].allowed[block] | pending(state, client, block);
        if ((allowed & 1 << value) == 0) {
            state.broken = "G1, G4, G5: client %d reads %s from block %s, which can only hold %s"
                    .formatted(client + 1, Words.value(value), Words.block(block), Words.values(allowed & VALUES));
        } else if ((allowed & TRIMMED) == 0) {
            state.clients[client].allowed[block] = 1 << value;
        }
    }

    private static int pending(State state, int client, int block) {
        int pending = 0;
        for (Operation other : state.operations) {
            if (other.client() == client
                    && other.open()
                    && other.block() == block
                    && other.kind().changes()) {
                pending |= valuesOf(state, other);
            }
        }
        return pending;
    }

    /** H5: the epoch of client 1 has ended, and client 2 will be told whether a replay is owed. */
    static void handedOver(State state, boolean owed) {
        if (owed) {
            return;
        }
        state.found = new int[state.blocks()];
        for (int block = 0; block < state.blocks(); block++) {
            int possible = state.clients[0].allowed[block] | pending(state, 0, block);
            state.found[block] = state.disk.visible(block);
            if ((possible & 1 << state.found[block]) == 0) {
                state.broken = "H5: client 2 is told \"not owed\" and finds %s in block %s, where client 1 left %s"
                        .formatted(
                                Words.value(state.found[block]), Words.block(block), Words.values(possible & VALUES));
            }
        }
    }

    /** H5, G3: client 2 hears of its grant; nobody else changes anything from now on. */
    static void granted(State state) {
        for (int block = 0; block < state.blocks(); block++) {
            int value = state.disk.visible(block);
            state.clients[1].allowed[block] = 1 << value;
            if (state.found.length > 0 && state.found[block] != value && !state.server.owed) {
                state.broken = "G3, H5: block %s held %s when the epoch of client 2 began, and holds %s now"
                        .formatted(Words.block(block), Words.value(state.found[block]), Words.value(value));
            }
        }
    }

    /** G3: a change has ended, and is in the data. */
    static void changed(State state, Operation change) {
        if (change.client() == 0 && state.clients.length > 1 && state.clients[1].boot > 0) {
            state.broken = "G3: client 2 was granted, and then the %s of client 1 changed the data".formatted(change);
        }
    }

    /** G2: whatever would be left of a block if client and power were lost now, it may be left. */
    static void check(State state) {
        for (int block = 0; block < state.blocks() && state.broken == null; block++) {
            int left = 1 << state.disk.media[block];
            for (int content : state.disk.cache[block]) {
                left |= 1 << content;
            }
            for (Server.Running task : state.server.running) {
                Operation change = state.operations[task.operation()];
                if (change.kind().changes() && change.block() == block) {
                    left |= 1 << change.value();
                }
            }
            int wrong = left & ~state.durable[block];
            if (wrong != 0) {
                state.broken = "G2, G5: block %s may be left with %s, and only %s may be left"
                        .formatted(Words.block(block), Words.values(wrong), Words.values(state.durable[block]));
            }
        }
    }
}
