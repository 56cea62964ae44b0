package dst.protocol.model;

import dst.protocol.model.Operation.Served;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Everything at one moment: clients, network, server, disk, and what the promises still allow. Copied, then changed, never shared. */
final class State {
    private static final int OPERATIONS_MAX = 16;
    private static final int VALUES_MAX = 8;

    final Client[] clients;
    final Server server;
    final Disk disk;

    /** Every transaction that something still refers to, in the order of ids. */
    Operation[] operations = {};

    /** Ordered, each message once. */
    Message[] network = {};

    /** Of each block: what it may hold if everything volatile is lost now (G2), and all that was ever sent to it (D6). */
    final int[] durable;

    final int[] ever;

    /** What a taker that was told "not owed" found, or -1 (H5). */
    int[] found = {};

    private final byte[] left;
    private int values = 1;

    /** The promise that was broken by the last step. */
    @Nullable String broken;

    State(Bounds bounds) {
        clients = new Client[bounds.clients()];
        for (int client = 0; client < clients.length; client++) {
            boolean first = client == 0;
            clients[client] =
                    new Client(first ? Client.Phase.LIVE : Client.Phase.ABSENT, first ? 1 : 0, bounds.blocks());
        }
        server = new Server();
        disk = new Disk(bounds.blocks());
        durable = new int[bounds.blocks()];
        Arrays.fill(durable, 1);
        ever = durable.clone();
        left = new byte[Budget.values().length];
        for (Budget budget : Budget.values()) {
            left[budget.ordinal()] = (byte) bounds.most(budget);
        }
    }

    private State(State other) {
        clients = new Client[other.clients.length];
        for (int client = 0; client < clients.length; client++) {
            clients[client] = other.clients[client].copy();
        }
        server = other.server.copy();
        disk = other.disk.copy();
        operations = other.operations.clone();
        network = other.network;
        durable = other.durable.clone();
        ever = other.ever.clone();
        found = other.found;
        left = other.left.clone();
        values = other.values;
    }

    State copy() {
        return new State(this);
    }

    int blocks() {
        return durable.length;
    }

    boolean has(Budget budget) {
        return left[budget.ordinal()] > 0;
    }

    State spend(Budget budget) {
        left[budget.ordinal()]--;
        return this;
    }

    int newValue() {
        if (values == VALUES_MAX) {
            throw new IllegalStateException("more contents than a set of them has places for");
        }
        return values++;
    }

    int add(Operation operation) {
        if (operations.length == OPERATIONS_MAX) {
            throw new IllegalStateException("more ids in use than a set of them has places for");
        }
        operations = Arrays.copyOf(operations, operations.length + 1);
        operations[operations.length - 1] = operation;
        return operations.length - 1;
    }

    void send(Message message) {
        int place = Arrays.binarySearch(network, message);
        if (place >= 0) {
            return;
        }
        int at = -place - 1;
        Message[] more = Arrays.copyOf(network, network.length + 1);
        System.arraycopy(network, at, more, at + 1, network.length - at);
        more[at] = message;
        network = more;
    }

    /** T3: the ids that this client has settled. */
    int settledBy(int client) {
        int settled = 0;
        for (int id = 0; id < operations.length; id++) {
            if (operations[id].client() == client && !operations[id].open()) {
                settled |= 1 << id;
            }
        }
        return settled;
    }

    /** D3: the client has not finished its replay in the boot that it has attached. */
    boolean replaying(int client) {
        for (Operation operation : operations) {
            if (operation.client() == client
                    && operation.open()
                    && operation.kind() == Kind.REPLAY
                    && !operation.earlier()) {
                return true;
            }
        }
        return false;
    }

    /** T5, client: an unsettled operation is in the way. A replay has no place in the order: D3 keeps everything else away. */
    boolean isBusy(int client, Kind kind, int block) {
        for (Operation other : operations) {
            if (other.client() == client
                    && other.open()
                    && other.block() == block
                    && other.kind() != Kind.FLUSH
                    && other.kind() != Kind.REPLAY
                    && (kind.changes() || other.kind().changes())) {
                return true;
            }
        }
        return false;
    }

    /** T5, server: something that overlaps runs. */
    boolean overlapRuns(Kind kind, int block) {
        for (Server.Running task : server.running) {
            Operation other = operations[task.operation()];
            if (task.watched() != Server.Watched.UNHEARD
                    && other.block() == block
                    && (kind.changes() || other.kind().changes())) {
                return true;
            }
        }
        return false;
    }

    int changesRunning() {
        int changes = 0;
        for (Server.Running task : server.running) {
            if (task.watched() != Server.Watched.UNHEARD
                    && operations[task.operation()].kind().changes()) {
                changes |= 1 << task.operation();
            }
        }
        return changes;
    }

    void serve(int id, Served served) {
        operations[id] = operations[id].served(served);
    }

    long fingerprint() {
        Fingerprint print = new Fingerprint();
        for (Client client : clients) {
            client.digest(print);
        }
        server.digest(print);
        disk.digest(print);
        print.add(operations.length | network.length << 8 | values << 16);
        for (Operation operation : operations) {
            operation.digest(print);
        }
        for (Message message : network) {
            print.add(message.key());
        }
        print.addAll(durable).addAll(ever).addAll(found);
        long budgets = 0;
        for (byte budget : left) {
            budgets = budgets << 4 | budget;
        }
        return print.add(budgets).value();
    }
}
