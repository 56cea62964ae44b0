package dst.protocol.model;

import dst.protocol.model.Operation.Served;
import dst.protocol.model.Server.Flush;
import dst.protocol.model.Server.Takeover;
import dst.protocol.model.Server.Watched;
import java.util.Arrays;

/** What the server does by itself, as soon as what it waits for has ended: a takeover goes on, a flush is issued. */
final class Progress {
    private final Rules rules;

    Progress(Rules rules) {
        this.rules = rules;
    }

    void progress(State state) {
        Server server = state.server;
        if (!server.up) {
            return;
        }
        boolean drained = !server.isRunning() || !rules.keep(Rule.H5_DRAIN);
        if (server.takeover == Takeover.DRAINING && drained) {
            if (rules.keep(Rule.H5_FLUSH)) {
                server.takeover = Takeover.ASKING;
            } else {
                flushedForTaker(state);
            }
        }
        // D1: one flush runs at a time.
        if (server.flushing() && rules.keep(Rule.D1_ONE_FLUSH_AT_A_TIME)) {
            return;
        }
        int tasks = 0;
        for (int id = 0; id < state.operations.length; id++) {
            Operation operation = state.operations[id];
            if (operation.served() == Served.WAITING && operation.waits() == 0) {
                tasks |= 1 << id;
                state.serve(id, Served.FLUSHING);
            }
        }
        boolean taker = server.takeover == Takeover.ASKING;
        if (taker) {
            server.takeover = Takeover.FLUSHING;
        }
        if (tasks != 0 || taker) {
            issue(state, tasks, taker);
        }
    }

    void issue(State state, int tasks, boolean taker) {
        Server server = state.server;
        server.flushes = Arrays.copyOf(server.flushes, server.flushes.length + 1);
        server.flushes[server.flushes.length - 1] = new Flush(tasks, taker, state.disk.pending(), true);
        // D2: the commit number is what had been executed when the flush was issued.
        server.issued = server.executed;
    }

    /** H5: the new holder is made durable, and then granted. */
    void flushedForTaker(State state) {
        state.server.takeover = Takeover.PERSISTING;
        if (!rules.keep(Rule.H5_DURABLE_BEFORE_GRANT)) {
            handOver(state);
        }
    }

    void handOver(State state) {
        Server server = state.server;
        boolean owed = !server.replayed && (rules.keep(Rule.H5_CONSERVATIVE_OWED) || server.joined);
        Promises.handedOver(state, owed);
        server.takeover = Takeover.NONE;
        server.holder = 1;
        server.owed = owed;
        server.replayed = false;
        server.joined = false;
        server.settled = 0;
        state.clients[1].phase = Client.Phase.LIVE;
        for (int id = 0; id < state.operations.length; id++) {
            state.serve(id, Served.NOT);
        }
        abandonRunning(state, Watched.DROPPED);
    }

    /** What runs goes on to its end, and nobody waits for it. */
    static void abandonRunning(State state, Watched watched) {
        Server server = state.server;
        server.running = server.running.clone();
        for (int place = 0; place < server.running.length; place++) {
            server.running[place] = new Server.Running(server.running[place].operation(), watched);
        }
    }
}
