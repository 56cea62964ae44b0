package dst.protocol.model;

import dst.protocol.model.Client.Phase;
import dst.protocol.model.Operation.Served;
import dst.protocol.model.Server.Flush;
import dst.protocol.model.Server.Running;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * States that differ only in what can have no effect any more are made equal: messages that nobody would believe, and ids that
 * nothing refers to. A message is taken out only if the rules that are kept make it powerless; then not delivering it is all that
 * could ever happen to it.
 */
final class Forgetting {
    private Forgetting() {}

    static void forget(State state, Rules rules, boolean messages) {
        if (state.found.length > 0 && state.clients[0].phase == Phase.GONE && state.clients[1].boot > 0) {
            state.found = new int[0];
        }
        List<Message> kept = new ArrayList<>(state.network.length);
        for (Message message : state.network) {
            if (!messages || hasEffect(state, rules, message)) {
                kept.add(message);
            }
        }
        if (kept.size() < state.network.length) {
            state.network = kept.toArray(Message[]::new);
        }
        for (int id = state.operations.length - 1; id >= 0; id--) {
            if (!isReferred(state, id)) {
                remove(state, id);
            }
        }
    }

    private static boolean hasEffect(State state, Rules rules, Message message) {
        Server server = state.server;
        boolean boots = rules.keep(Rule.T4_BOOT_CHECK);
        boolean pastBoot = server.up ? message.boot() != server.boot : message.boot() <= server.boot;
        return switch (message.type()) {
            case REPLAYED -> !pastBoot && !server.replayed && server.holder == message.operation();
            case REQUEST -> {
                Operation operation = state.operations[message.operation()];
                boolean epochs = rules.keep(Rule.T4_EPOCH_CHECK) && rules.keep(Rule.H5_DURABLE_BEFORE_GRANT);
                boolean stale = (boots && pastBoot) || (epochs && operation.client() < server.stored);
                boolean settled = (server.settled & 1 << message.operation()) != 0;
                // A FLUSH that waits may yet be forgotten by a takeover; everything else stays on record as long as
                // boot and epoch.
                Served served = operation.served();
                boolean recorded = served != Served.NOT && served != Served.WAITING;
                boolean over = !operation.open() && recorded && boots && epochs && rules.keep(Rule.T3_AT_MOST_ONCE);
                yield !stale && !settled && !over;
            }
            case ANSWER -> {
                Operation operation = state.operations[message.operation()];
                Client client = state.clients[operation.client()];
                boolean old = rules.keep(Rule.T4_ANSWERS) && message.boot() < client.boot;
                yield operation.open() && client.phase == Phase.LIVE && !old;
            }
        };
    }

    private static boolean isReferred(State state, int id) {
        Operation operation = state.operations[id];
        Served served = operation.served();
        if (operation.open() || served == Served.WAITING || served == Served.FLUSHING) {
            return true;
        }
        for (Running task : state.server.running) {
            if (task.operation() == id) {
                return true;
            }
        }
        for (Message message : state.network) {
            if (message.type() != Message.Type.REPLAYED && message.operation() == id) {
                return true;
            }
        }
        return false;
    }

    private static void remove(State state, int gone) {
        Operation[] operations = new Operation[state.operations.length - 1];
        for (int id = 0, next = 0; id < state.operations.length; id++) {
            if (id != gone) {
                operations[next++] = state.operations[id].without(gone);
            }
        }
        state.operations = operations;
        Message[] network = new Message[state.network.length];
        for (int place = 0; place < network.length; place++) {
            network[place] = state.network[place].without(gone);
        }
        // Two that differed only in whether it was settled are one now.
        state.network = Arrays.stream(network).sorted().distinct().toArray(Message[]::new);
        Server server = state.server;
        server.settled = Message.without(server.settled, gone);
        server.running = server.running.clone();
        for (int place = 0; place < server.running.length; place++) {
            Running task = server.running[place];
            int id = task.operation();
            server.running[place] = new Running(id > gone ? id - 1 : id, task.watched());
        }
        server.flushes = server.flushes.clone();
        for (int place = 0; place < server.flushes.length; place++) {
            Flush flush = server.flushes[place];
            int tasks = Message.without(flush.tasks(), gone);
            server.flushes[place] = new Flush(tasks, flush.takeover(), flush.covered(), flush.live());
        }
    }

    static Running[] without(Running[] running, int gone) {
        Running[] left = Arrays.copyOf(running, running.length - 1);
        System.arraycopy(running, gone + 1, left, gone, left.length - gone);
        return left;
    }

    static Flush[] without(Flush[] flushes, int gone) {
        Flush[] left = Arrays.copyOf(flushes, flushes.length - 1);
        System.arraycopy(flushes, gone + 1, left, gone, left.length - gone);
        return left;
    }

    /** So many of the contents that the flushes which run cover are not in the cache any more. */
    static void uncover(Server server, int block, int contents) {
        server.flushes = server.flushes.clone();
        for (int place = 0; place < server.flushes.length; place++) {
            Flush flush = server.flushes[place];
            int[] covered = flush.covered().clone();
            covered[block] = Math.max(0, covered[block] - contents);
            server.flushes[place] = new Flush(flush.tasks(), flush.takeover(), covered, flush.live());
        }
    }

    /** H5: the flush goes on, and no takeover waits for it. */
    static void forgetTaker(Server server) {
        server.flushes = server.flushes.clone();
        for (int place = 0; place < server.flushes.length; place++) {
            Flush flush = server.flushes[place];
            server.flushes[place] = new Flush(flush.tasks(), false, flush.covered(), flush.live());
        }
    }
}
