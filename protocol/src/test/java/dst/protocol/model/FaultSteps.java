package dst.protocol.model;

import dst.protocol.model.Operation.Served;
import dst.protocol.model.Server.Flush;
import dst.protocol.model.Server.Running;
import dst.protocol.model.Server.Takeover;
import dst.protocol.model.Server.Watched;
import java.util.Arrays;
import java.util.function.Consumer;

/** What befalls the server and its disk: power cut, kill, failed flush; and how the next boot begins. */
final class FaultSteps {
    private static final Running[] IDLE = {};
    private static final Flush[] NO_FLUSH = {};

    private final Rules rules;
    private final Progress progress;

    FaultSteps(Rules rules, Progress progress) {
        this.rules = rules;
        this.progress = progress;
    }

    void from(State state, Steps.Sink sink) {
        if (state.has(Budget.POWER_CUTS)) {
            powerCut(state, sink);
        }
        if (state.has(Budget.KILLS) && state.server.up) {
            State next = state.copy().spend(Budget.KILLS);
            endBoot(next, false);
            sink.step(next, () -> "the server is killed; the disk goes on");
        }
        if (state.has(Budget.FLUSH_FAILURES)) {
            for (int place = 0; place < state.server.flushes.length; place++) {
                flushFails(state, place, sink);
            }
        }
        boolean free = !state.server.flushing() || !rules.keep(Rule.D1_ONE_FLUSH_AT_A_TIME);
        if (state.has(Budget.FOREIGN_FLUSHES) && state.server.up && free) {
            State next = state.copy().spend(Budget.FOREIGN_FLUSHES);
            progress.issue(next, 0, false);
            sink.step(next, () -> "a flush is issued for another export of the disk");
        }
    }

    /** Of each block any content of the cache may be kept, and a write that runs may have arrived. */
    private void powerCut(State state, Steps.Sink sink) {
        int[][] options = new int[state.blocks()][];
        for (int block = 0; block < options.length; block++) {
            int[] left = state.disk.leftovers(block, state.disk.cache[block].length);
            for (Running task : state.server.running) {
                Operation change = state.operations[task.operation()];
                if (change.kind().changes() && change.block() == block) {
                    left = Arrays.copyOf(left, left.length + 1);
                    left[left.length - 1] = change.value();
                }
            }
            options[block] = Disk.distinct(left);
        }
        choose(options, 0, new int[options.length], kept -> {
            State next = state.copy().spend(Budget.POWER_CUTS);
            for (int block = 0; block < kept.length; block++) {
                next.disk.keep(block, kept[block]);
            }
            endBoot(next, false);
            next.server.running = IDLE;
            next.server.flushes = NO_FLUSH;
            begin(next);
            sink.step(next, () -> "power cut: %s; boot %d begins".formatted(Words.contents(kept), next.server.boot));
        });
    }

    private static void choose(int[][] options, int block, int[] chosen, Consumer<int[]> each) {
        if (block == options.length) {
            each.accept(chosen.clone());
            return;
        }
        for (int option : options[block]) {
            chosen[block] = option;
            choose(options, block + 1, chosen, each);
        }
    }

    private void flushFails(State state, int place, Steps.Sink sink) {
        Flush flush = state.server.flushes[place];
        int[][] options = new int[state.blocks()][];
        for (int block = 0; block < options.length; block++) {
            options[block] = state.disk.leftovers(block, flush.covered()[block]);
        }
        choose(options, 0, new int[options.length], reached -> {
            State next = state.copy().spend(Budget.FLUSH_FAILURES);
            Server server = next.server;
            server.flushes = Forgetting.without(server.flushes, place);
            for (int block = 0; block < reached.length; block++) {
                next.disk.flushFailed(block, flush.covered()[block], reached[block]);
                Forgetting.uncover(server, block, flush.covered()[block]);
            }
            if (flush.live() && rules.keep(Rule.D5_ENDS_BOOT)) {
                endBoot(next, true);
            } else if (flush.live()) {
                askAgain(next, flush);
            }
            String heard = next.server.up ? "; it is tried again" : flush.live() ? "; the boot ends" : ", unheard";
            sink.step(
                    next, () -> Words.flush(flush) + " fails, on the media " + Words.contents(next.disk.media) + heard);
        });
    }

    /** What is done without D5. */
    private void askAgain(State state, Flush flush) {
        for (int id = 0; id < state.operations.length; id++) {
            if ((flush.tasks() & 1 << id) != 0) {
                state.operations[id] = state.operations[id].waiting(0);
            }
        }
        if (flush.takeover()) {
            state.server.takeover = Takeover.ASKING;
        }
        progress.progress(state);
    }

    /** What the process had in memory is gone, or forgotten because a flush failed (D5). What runs on the disk goes on. */
    private void endBoot(State state, boolean flushFailed) {
        Server server = state.server;
        server.up = false;
        server.flushFailed = flushFailed;
        Progress.abandonRunning(state, flushFailed ? Watched.DROPPED : Watched.UNHEARD);
        server.flushes = server.flushes.clone();
        for (int place = 0; place < server.flushes.length; place++) {
            server.flushes[place] = new Flush(0, false, server.flushes[place].covered(), false);
        }
        for (int id = 0; id < state.operations.length; id++) {
            boolean recorded = state.operations[id].served().answered();
            if (!flushFailed || !recorded || rules.keep(Rule.D5_RECORD_FORGOTTEN)) {
                state.serve(id, Served.NOT);
            }
        }
        server.settled = 0;
        server.executed = 0;
        server.committed = 0;
        server.issued = 0;
        // H5: what a takeover has flushed owes nothing, whatever becomes of the boot before the new holder is durable.
        server.replayed &= flushFailed && server.takeover == Takeover.PERSISTING;
        server.joined = false;
        // H5: once the new holder is being made durable, that happens, unless the process dies.
        if (!flushFailed || server.takeover != Takeover.PERSISTING) {
            server.takeover = Takeover.NONE;
        }
        if (!flushFailed) {
            server.owed = true;
            if (server.holder != server.stored) {
                server.holder = server.stored;
            }
        }
    }

    private static void begin(State state) {
        state.server.up = true;
        state.server.boot++;
        state.server.flushFailed = false;
    }

    /** H4, D5: nothing of the last boot runs any more. */
    boolean restarts(State state) {
        return !state.server.up && (state.server.idle() || !rules.keep(Rule.H4_DRAIN));
    }

    void restart(State state, Steps.Sink sink) {
        boolean forgets = rules.keep(state.server.flushFailed ? Rule.D5_CACHE_DROP : Rule.H4_CACHE_DROP);
        int[][] options = new int[state.blocks()][];
        for (int block = 0; block < options.length; block++) {
            options[block] = forgets ? state.disk.leftovers(block, state.disk.cache[block].length) : new int[] {0};
        }
        choose(options, 0, new int[options.length], kept -> {
            State next = state.copy();
            for (int block = 0; forgets && block < kept.length; block++) {
                next.disk.keep(block, kept[block]);
                Forgetting.uncover(next.server, block, Integer.MAX_VALUE);
            }
            begin(next);
            sink.step(
                    next,
                    () -> (forgets ? "the cache is forgotten, " + Words.contents(kept) + "; " : "")
                            + "boot %d begins".formatted(next.server.boot));
        });
    }
}
