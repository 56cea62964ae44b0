package dst.protocol.model;

import dst.protocol.model.Operation.Served;
import dst.protocol.model.Server.Flush;
import dst.protocol.model.Server.Running;
import dst.protocol.model.Server.Takeover;
import dst.protocol.model.Server.Watched;
import java.util.Arrays;
import java.util.function.Supplier;

/** What the server does: it takes requests, hears what the disk has ended, answers, and hands the export over. */
final class ServerSteps {
    private final Rules rules;
    private final Progress progress;

    ServerSteps(Rules rules, Progress progress) {
        this.rules = rules;
        this.progress = progress;
    }

    void from(State state, Steps.Sink sink) {
        for (Message message : state.network) {
            switch (message.type()) {
                case REQUEST -> request(state, message, sink);
                case REPLAYED -> replayed(state, message, sink);
                case ANSWER -> {}
            }
        }
        for (int place = 0; place < state.server.running.length; place++) {
            ended(state, place, sink);
        }
        for (int place = 0; place < state.server.flushes.length; place++) {
            flushed(state, place, sink);
        }
        takeover(state, sink);
    }

    /** T3: a settled id that waits is dropped, its answer is forgotten; what runs goes on to its end. */
    static void settle(State state, int settled) {
        state.server.settled |= settled;
        for (int id = 0; id < state.operations.length; id++) {
            Served served = state.operations[id].served();
            if ((settled & 1 << id) != 0 && (served.answered() || served == Served.WAITING)) {
                state.serve(id, Served.NOT);
            }
        }
    }

    private void request(State state, Message message, Steps.Sink sink) {
        Server server = state.server;
        int id = message.operation();
        Operation operation = state.operations[id];
        // T4. Answered STALE, which settles nothing and is not modelled. H5: during a takeover the old links are
        // closed.
        boolean ofBoot = message.boot() == server.boot || !rules.keep(Rule.T4_BOOT_CHECK);
        boolean ofEpoch = operation.client() == server.holder || !rules.keep(Rule.T4_EPOCH_CHECK);
        boolean open = server.serves() || (server.up && !rules.keep(Rule.H5_STARTS_NOTHING_OLDER));
        if (!open || !ofBoot || !ofEpoch) {
            return;
        }
        State next = state.copy();
        settle(next, message.settled());
        boolean news = next.server.settled != server.settled;
        boolean settled = (next.server.settled & 1 << id) != 0;
        Supplier<String> arrives = () -> "%s arrives (boot %d)".formatted(operation, message.boot());
        if (settled) {
            if (news) {
                sink.step(next, () -> arrives.get() + " and is dropped: settled");
            }
            return;
        }
        Served served = operation.served();
        boolean known = served != Served.NOT && rules.keep(Rule.T8_DUPLICATES_FIRST);
        if (!known && operation.kind().changes() && state.has(Budget.REFUSALS)) {
            State refused = next.copy().spend(Budget.REFUSALS);
            if (served == Served.NOT) {
                refused.serve(id, Served.REFUSED);
            }
            answer(refused, id, Served.REFUSED, 0, 0);
            sink.step(refused, () -> arrives.get() + " and is refused");
        }
        boolean again = operation.kind() == Kind.READ || !rules.keep(Rule.T3_AT_MOST_ONCE);
        if (served.answered() && !again) {
            answer(next, id, served, 0, operation.execution());
            sink.step(next, () -> arrives.get() + ", known: the recorded answer again");
        } else if (served == Served.NOT || served.answered()) {
            start(next, id, arrives, news, sink);
        } else if (news) {
            sink.step(next, () -> arrives.get() + ", known: it waits for the result");
        }
    }

    private void start(State next, int id, Supplier<String> arrives, boolean news, Steps.Sink sink) {
        Operation operation = next.operations[id];
        if (operation.kind() == Kind.FLUSH) {
            next.operations[id] = operation.waiting(rules.keep(Rule.D1_FLUSH_WAITS) ? next.changesRunning() : 0);
            progress.progress(next);
            boolean issued = next.operations[id].served() == Served.FLUSHING;
            sink.step(next, () -> arrives.get() + (issued ? ", and a flush is issued" : ", and waits"));
        } else if (!next.overlapRuns(operation.kind(), operation.block()) || !rules.keep(Rule.T5_ON_SERVER)) {
            Server server = next.server;
            server.running = Arrays.copyOf(server.running, server.running.length + 1);
            server.running[server.running.length - 1] = new Running(id, Watched.AWAITED);
            // D2: the number is drawn when the change has ended.
            boolean early = operation.kind().changes() && !rules.keep(Rule.D2_DRAWN_AT_COMPLETION);
            next.operations[id] = operation.executed(Served.RUNNING, early ? ++server.executed : 0);
            sink.step(next, () -> arrives.get() + " and is started");
        } else if (news) {
            // T5: it stays where it was, as if it had not arrived; what it brought is known (T3).
            sink.step(next, () -> arrives.get() + " and is held");
        }
    }

    private static void answer(State state, int id, Served result, int value, int execution) {
        Server server = state.server;
        state.send(Message.answer(id, server.boot, result, value, execution, server.committed));
    }

    private void ended(State state, int place, Steps.Sink sink) {
        Running task = state.server.running[place];
        Operation operation = state.operations[task.operation()];
        if (!operation.kind().changes()) {
            State next = end(state, place);
            int value = state.disk.visible(operation.block());
            report(next, task, Served.DONE, value);
            sink.step(next, () -> "%s ends with %s".formatted(operation, Words.value(value)));
            return;
        }
        State next = end(state, place);
        apply(next, operation);
        Promises.changed(next, operation);
        report(next, task, Served.DONE, 0);
        sink.step(next, () -> operation + " ends" + issued(state, next));
        if (operation.kind() == Kind.TRIM) {
            State idle = end(state, place);
            report(idle, task, Served.DONE, 0);
            sink.step(idle, () -> operation + " ends, and the disk has kept the content");
        }
        if (task.live() && state.has(Budget.DISK_ERRORS)) {
            State untouched = end(state, place).spend(Budget.DISK_ERRORS);
            report(untouched, task, Served.FAILED, 0);
            sink.step(untouched, () -> operation + " fails, without effect");
            State written = end(state, place).spend(Budget.DISK_ERRORS);
            apply(written, operation);
            report(written, task, Served.FAILED, 0);
            sink.step(written, () -> operation + " fails, and is written nevertheless");
        }
    }

    private static String issued(State state, State next) {
        boolean issued = next.server.flushes.length > state.server.flushes.length;
        return issued ? ", and a flush is issued" : "";
    }

    private static void apply(State state, Operation change) {
        if (change.kind() == Kind.DURABLE) {
            state.disk.keep(change.block(), change.value());
            Forgetting.uncover(state.server, change.block(), Integer.MAX_VALUE);
        } else {
            state.disk.write(change.block(), change.value());
        }
    }

    /** The disk operation is over; what waited for it goes on. */
    private static State end(State state, int place) {
        State next = state.copy();
        Server server = next.server;
        int id = server.running[place].operation();
        server.running = Forgetting.without(server.running, place);
        for (int other = 0; other < next.operations.length; other++) {
            Operation flush = next.operations[other];
            if (flush.served() == Served.WAITING) {
                next.operations[other] = flush.waiting(flush.waits() & ~(1 << id));
            }
        }
        return next;
    }

    private void report(State state, Running task, Served result, int value) {
        Server server = state.server;
        int id = task.operation();
        if (task.live()) {
            boolean numbered =
                    result == Served.DONE && state.operations[id].kind().changes();
            boolean early = !rules.keep(Rule.D2_DRAWN_AT_COMPLETION);
            server.executed += numbered && !early ? 1 : 0;
            int execution = !numbered ? 0 : early ? state.operations[id].execution() : server.executed;
            if ((server.settled & 1 << id) != 0) {
                state.serve(id, Served.NOT);
            } else {
                state.operations[id] = state.operations[id].executed(result, execution);
                answer(state, id, result, value, execution);
            }
        }
        progress.progress(state);
    }

    private void flushed(State state, int place, Steps.Sink sink) {
        State next = state.copy();
        Server server = next.server;
        Flush flush = server.flushes[place];
        server.flushes = Forgetting.without(server.flushes, place);
        for (int block = 0; block < next.blocks(); block++) {
            int covered = flush.covered()[block];
            next.disk.flushed(block, covered);
            Forgetting.uncover(server, block, covered);
        }
        if (flush.live()) {
            int durable = rules.keep(Rule.D2_COMMIT_AS_ISSUED) ? server.issued : server.executed;
            server.committed = Math.max(server.committed, durable);
            for (int id = 0; id < next.operations.length; id++) {
                if ((flush.tasks() & 1 << id) != 0) {
                    finish(next, id);
                }
            }
            if (flush.takeover()) {
                progress.flushedForTaker(next);
            }
            progress.progress(next);
        }
        sink.step(
                next,
                () -> Words.flush(flush)
                        + (flush.live() ? " ends well: commit " + server.committed : " ends well, unheard"));
    }

    private static void finish(State state, int id) {
        if ((state.server.settled & 1 << id) != 0) {
            state.serve(id, Served.NOT);
        } else {
            state.serve(id, Served.DONE);
            answer(state, id, Served.DONE, 0, 0);
        }
    }

    private void replayed(State state, Message message, Steps.Sink sink) {
        Server server = state.server;
        if (server.serves()
                && server.holder == message.operation()
                && server.boot == message.boot()
                && !server.replayed) {
            State next = state.copy();
            next.server.replayed = true;
            next.server.owed = false;
            sink.step(next, () -> "Replayed of %s arrives".formatted(Words.client(message.operation())));
        }
    }

    private void takeover(State state, Steps.Sink sink) {
        Server server = state.server;
        boolean begins = server.serves() && server.holder == 0 && state.has(Budget.TAKEOVERS);
        if (begins && state.clients.length > 1) {
            State next = state.copy().spend(Budget.TAKEOVERS);
            next.server.takeover = Takeover.DRAINING;
            for (int id = 0; id < next.operations.length; id++) {
                if (next.operations[id].served() == Served.WAITING) {
                    next.serve(id, Served.NOT);
                }
            }
            progress.progress(next);
            sink.step(
                    next, () -> "client 2 asks for the export: the links of client 1 are closed" + issued(state, next));
        }
        if (server.takeover == Takeover.PERSISTING || server.holder != server.stored) {
            State next = state.copy();
            if (server.holder != 1) {
                progress.handOver(next);
            }
            next.server.stored = 1;
            next.server.takeover = Takeover.NONE;
            String told = next.server.owed ? "owed" : "not owed";
            sink.step(next, () -> "the epoch of client 2 is durable (" + told + ")");
        } else if (server.takeover != Takeover.NONE) {
            State next = state.copy();
            next.server.takeover = Takeover.NONE;
            Forgetting.forgetTaker(next.server);
            sink.step(next, () -> "client 2 is lost before its grant: the takeover is given up");
        }
    }
}
