package dst.protocol.model;

import dst.protocol.model.Client.Phase;
import dst.protocol.model.Client.Retained;
import java.util.Arrays;

/** What a client does: it submits, reads, gives up, takes answers, attaches and replays, leaves or dies. */
final class ClientSteps {
    private final Rules rules;
    private final Bounds bounds;

    ClientSteps(Rules rules, Bounds bounds) {
        this.rules = rules;
        this.bounds = bounds;
    }

    void from(State state, Steps.Sink sink) {
        for (int client = 0; client < state.clients.length; client++) {
            if (state.clients[client].phase != Phase.LIVE) {
                continue;
            }
            attach(state, client, sink);
            end(state, client, sink);
            if (state.clients[client].boot == 0 || (rules.keep(Rule.D3_HOLD_BACK) && state.replaying(client))) {
                continue;
            }
            for (Kind kind : Kind.values()) {
                int places = kind == Kind.FLUSH ? 1 : state.blocks();
                for (int block = 0; kind != Kind.REPLAY && block < places; block++) {
                    submit(state, client, kind, block, sink);
                }
            }
            for (int block = 0; block < state.blocks(); block++) {
                readAtOnce(state, client, block, sink);
            }
        }
        for (int id = 0; id < state.operations.length; id++) {
            giveUp(state, id, sink);
        }
        for (Message message : state.network) {
            if (message.type() == Message.Type.ANSWER) {
                answer(state, message, sink);
            }
        }
    }

    /** T7: a block of an Unknown write is not read before it is certain. */
    private boolean doubtful(State state, int client, int block) {
        return rules.keep(Rule.T7_HOLD_PER_BLOCK) && (state.clients[client].doubts & 1 << block) != 0;
    }

    private void submit(State state, int client, Kind kind, int block, Steps.Sink sink) {
        if (!state.has(kind.budget)
                || (kind != Kind.FLUSH && state.isBusy(client, kind, block))
                || (kind == Kind.READ && doubtful(state, client, block))) {
            return;
        }
        State next = state.copy().spend(kind.budget);
        int value = kind.leavesContent() ? next.newValue() : 0;
        int id = next.add(Operation.of(client, kind, block, value));
        Operation operation = next.operations[id];
        if (kind == Kind.FLUSH) {
            next.operations[id] = operation.clearing(state.clients[client].doubts);
        }
        Promises.submitted(next, id);
        send(next, id);
        sink.step(next, () -> "%s sends %s".formatted(Words.client(client), operation));
    }

    private void send(State state, int id) {
        int client = state.operations[id].client();
        int settled = rules.keep(Rule.T3_SETTLED_SET) ? state.settledBy(client) : 0;
        state.send(Message.request(id, state.clients[client].boot, settled));
    }

    /** A READ that nothing is in the way of: sent, executed and answered at once. It takes nothing from a budget. */
    private void readAtOnce(State state, int client, int block, Steps.Sink sink) {
        Server server = state.server;
        int value = state.disk.visible(block);
        boolean accepted = server.serves() && server.holder == client && server.boot == state.clients[client].boot;
        boolean held = rules.keep(Rule.T5_ON_CLIENT) && state.isBusy(client, Kind.READ, block);
        if (!accepted
                || !Promises.tells(state, client, block, value)
                || held
                || doubtful(state, client, block)
                || (rules.keep(Rule.T5_ON_SERVER) && state.overlapRuns(Kind.READ, block))) {
            return;
        }
        State next = state.copy();
        if (rules.keep(Rule.T3_SETTLED_SET)) {
            ServerSteps.settle(next, next.settledBy(client));
        }
        Promises.read(next, client, block, value);
        sink.step(
                next,
                () -> "%s reads block %s: %s".formatted(Words.client(client), Words.block(block), Words.value(value)));
    }

    private void giveUp(State state, int id, Steps.Sink sink) {
        Operation operation = state.operations[id];
        if (operation.open() && operation.kind() != Kind.REPLAY && state.has(Budget.GIVE_UPS)) {
            State next = state.copy().spend(Budget.GIVE_UPS);
            becomeUnknown(next, id);
            sink.step(next, () -> "%s gives up its %s: Unknown".formatted(Words.client(operation.client()), operation));
        }
    }

    /** T7: what a FLUSH that is under way will make certain does not include this block any more. */
    private void becomeUnknown(State state, int id) {
        Operation operation = state.operations[id];
        Promises.unknown(state, id);
        state.operations[id] = operation.settled();
        if (!operation.kind().leavesContent()) {
            return;
        }
        int block = 1 << operation.block();
        state.clients[operation.client()].doubts |= block;
        for (int other = 0; other < state.operations.length; other++) {
            Operation flush = state.operations[other];
            state.operations[other] = flush.clearing(flush.clears() & ~block);
        }
    }

    private void answer(State state, Message message, Steps.Sink sink) {
        int id = message.operation();
        Operation operation = state.operations[id];
        Client client = state.clients[operation.client()];
        // T4: answers and commit numbers of the newest boot only.
        boolean believed = rules.keep(Rule.T4_ANSWERS) ? message.boot() == client.boot : message.boot() <= client.boot;
        if (client.phase != Phase.LIVE || !operation.open() || !believed) {
            return;
        }
        State next = state.copy();
        switch (message.result()) {
            case DONE -> done(next, id, message);
            case FAILED -> failed(next, id);
            case REFUSED -> refused(next, id);
            default -> throw new IllegalStateException("no answer: " + message);
        }
        sink.step(
                next,
                () -> "%s hears (boot %d): %s %s%s, execution %d, commit %d"
                        .formatted(
                                Words.client(operation.client()),
                                message.boot(),
                                operation,
                                message.result(),
                                operation.kind() == Kind.READ ? " " + Words.value(message.value()) : "",
                                message.execution(),
                                message.commit()));
    }

    private void done(State state, int id, Message message) {
        Operation operation = state.operations[id];
        Client client = state.clients[operation.client()];
        int block = operation.block();
        Promises.done(state, id);
        state.operations[id] = operation.settled();
        switch (operation.kind()) {
            case WRITE -> {
                client.retain(block, operation.value(), message.execution(), message.boot());
                client.doubts &= ended(block);
            }
            case DURABLE -> {
                if (rules.keep(Rule.D2_FUA_ENDS_RETENTION)) {
                    client.retained[block] = Retained.NOTHING;
                }
                client.doubts &= ended(block);
            }
            case TRIM -> client.retained[block] = Retained.NOTHING;
            case FLUSH -> client.doubts &= rules.keep(Rule.T7_AFTER_UNKNOWN) ? ~operation.clears() : 0;
            case READ -> Promises.read(state, operation.client(), block, message.value());
            case REPLAY -> client.retain(block, operation.value(), message.execution(), message.boot());
        }
        commit(client, operation.kind(), message);
        if (operation.kind() == Kind.REPLAY && !state.replaying(operation.client())) {
            replayed(state, operation.client());
        }
    }

    /** T7: the doubts that a write of this block leaves. */
    private int ended(int block) {
        return rules.keep(Rule.T7_ENDS_PER_BLOCK) ? ~(1 << block) : 0;
    }

    /** D2: what ends retention. */
    private void commit(Client client, Kind kind, Message message) {
        for (int block = 0; block < client.retained.length; block++) {
            Retained content = client.retained[block];
            boolean mine = content.boot() == message.boot() || !rules.keep(Rule.D2_OWN_BOOT);
            boolean covered = rules.keep(Rule.D2_EXECUTION_NUMBERS)
                    ? content.execution() <= message.commit()
                    : kind == Kind.FLUSH;
            if (mine && covered) {
                client.retained[block] = Retained.NOTHING;
            }
        }
    }

    /** T8: the disk's word on a change leaves it open what it did. D3: a replay has no second try. */
    private void failed(State state, int id) {
        Operation operation = state.operations[id];
        if (operation.kind() == Kind.REPLAY) {
            gone(state, operation.client());
        } else if (rules.keep(Rule.T8_DISK_ERROR_IS_UNKNOWN)) {
            becomeUnknown(state, id);
        } else {
            Promises.refused(state, id);
            state.operations[id] = operation.settled();
        }
    }

    /** T8: Refused is told only if no copy can have been executed. */
    private void refused(State state, int id) {
        Operation operation = state.operations[id];
        if (operation.kind() == Kind.REPLAY) {
            gone(state, operation.client());
        } else if (operation.earlier() && rules.keep(Rule.T8_ONE_BOOT)) {
            becomeUnknown(state, id);
        } else {
            Promises.refused(state, id);
            state.operations[id] = operation.settled();
        }
    }

    private void attach(State state, int client, Steps.Sink sink) {
        Server server = state.server;
        int boot = server.boot;
        if (!server.serves() || server.holder != client || state.clients[client].boot == boot) {
            return;
        }
        State next = state.copy();
        boolean first = next.clients[client].boot == 0;
        boolean goesOn = !rules.keep(Rule.D3_BEGINS_ANEW) && next.replaying(client);
        int safe = goesOn ? next.clients[client].boot : -1;
        if (first) {
            Promises.granted(next);
        }
        next.clients[client].boot = boot;
        next.server.joined = true;
        for (int id = 0; id < next.operations.length; id++) {
            Operation operation = next.operations[id];
            if (operation.client() == client && operation.open()) {
                // D3: replay ids of an earlier boot are settled, not resent.
                boolean over = operation.kind() == Kind.REPLAY && rules.keep(Rule.D3_OLD_IDS_SETTLED);
                next.operations[id] = over ? operation.settled() : operation.sentEarlier();
            }
        }
        replay(next, client, safe);
        String told = !first ? "" : server.owed ? ", and hears \"owed\"" : ", and hears \"not owed\"";
        sink.step(next, () -> "%s attaches boot %d%s".formatted(Words.client(client), boot, told));
    }

    /** D3: everything retained again, under new ids. Nothing is safe because an earlier boot has answered it. */
    private void replay(State state, int client, int safe) {
        for (int block = 0; block < state.blocks(); block++) {
            Retained content = state.clients[client].retained[block];
            if (content.value() != 0 && content.boot() != safe) {
                send(state, state.add(Operation.of(client, Kind.REPLAY, block, content.value())));
            }
        }
        if (!state.replaying(client)) {
            replayed(state, client);
        } else if (!rules.keep(Rule.D3_HOLD_BACK)) {
            resend(state, client);
        }
    }

    private void replayed(State state, int client) {
        if (bounds.clients() > 1) {
            state.send(Message.replayed(client, state.clients[client].boot));
        }
        resend(state, client);
    }

    /** T2: whatever is not settled, once in each boot; the network delivers each request as often as it likes. */
    private void resend(State state, int client) {
        for (int id = 0; id < state.operations.length; id++) {
            Operation operation = state.operations[id];
            if (operation.client() == client
                    && operation.open()
                    && (operation.kind() != Kind.REPLAY || operation.earlier())) {
                send(state, id);
            }
        }
    }

    /** The client's process dies; or it has nothing to lose and leaves (H5). */
    private void end(State state, int client, Steps.Sink sink) {
        if (bounds.clients() == 1 || client > 0) {
            return;
        }
        if (state.has(Budget.DEATHS)) {
            State next = state.copy().spend(Budget.DEATHS);
            gone(next, client);
            sink.step(next, () -> Words.client(client) + " dies");
        }
        boolean clean = state.settledBy(client) == own(state, client) && isEmpty(state.clients[client]);
        Server server = state.server;
        if (clean && server.serves() && server.holder == client && server.boot == state.clients[client].boot) {
            State next = state.copy();
            gone(next, client);
            next.server.replayed = true;
            sink.step(next, () -> Words.client(client) + " leaves, with nothing retained");
        }
    }

    private static int own(State state, int client) {
        int own = 0;
        for (int id = 0; id < state.operations.length; id++) {
            own |= state.operations[id].client() == client ? 1 << id : 0;
        }
        return own;
    }

    private static boolean isEmpty(Client client) {
        for (Retained content : client.retained) {
            if (content.value() != 0) {
                return false;
            }
        }
        return true;
    }

    private static void gone(State state, int client) {
        Client gone = state.clients[client];
        for (int id = 0; id < state.operations.length; id++) {
            Operation operation = state.operations[id];
            if (operation.client() == client && operation.open()) {
                Promises.unknown(state, id);
                state.operations[id] = operation.settled();
            }
        }
        gone.phase = Phase.GONE;
        gone.doubts = 0;
        Arrays.fill(gone.retained, Retained.NOTHING);
    }
}
