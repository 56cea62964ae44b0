package dst.protocol.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Every state that can be reached within the bounds, breadth first, until a promise is broken: then the trace to it is a shortest
 * one. Of a state that was looked at only its fingerprint, its predecessor and the number of the step from there are kept.
 */
final class Exploration {
    private final Bounds bounds;
    private final Steps steps;
    private final int statesMax;

    private long[] seen = new long[1 << 16];
    private int[] before = new int[1 << 15];
    private short[] choice = new short[1 << 15];
    private int states;

    /**
     * @param depth the longest way to a state, or the length of the trace
     * @param complete whether nothing is left to be looked at
     * @param trace what happened, a line a step, the last line the promise that is broken; empty if none is
     */
    record Found(Bounds bounds, int states, int depth, boolean complete, List<String> trace) {
        @Override
        public String toString() {
            String end = trace.isEmpty() ? complete ? "all" : "not all" : "broken";
            return "%,d states, depth %d, %s: %s".formatted(states, depth, end, bounds);
        }
    }

    private Exploration(Rules rules, Bounds bounds, int statesMax, boolean forgetting) {
        this.bounds = bounds;
        this.steps = new Steps(rules, bounds, forgetting);
        this.statesMax = statesMax;
    }

    static Found of(Rules rules, Bounds bounds, int statesMax) {
        return new Exploration(rules, bounds, statesMax, true).explore();
    }

    /** The same with every message that was ever sent still on its way. */
    static Found withEveryMessage(Rules rules, Bounds bounds, int statesMax) {
        return new Exploration(rules, bounds, statesMax, false).explore();
    }

    private Found explore() {
        State first = new State(bounds);
        see(first, -1, 0);
        List<State> level = List.of(first);
        int depth = 0;
        int looked = 0;
        while (!level.isEmpty() && states < statesMax) {
            Level next = new Level();
            for (State state : level) {
                next.from = looked++;
                next.number = 0;
                steps.from(state, next);
                if (next.broken >= 0) {
                    return new Found(bounds, states, depth + 1, false, trace(looked - 1, next.broken));
                }
            }
            level = next.states;
            depth += level.isEmpty() ? 0 : 1;
        }
        return new Found(bounds, states, depth, level.isEmpty(), List.of());
    }

    /** The states that are one step further. */
    private final class Level implements Steps.Sink {
        private final List<State> states = new ArrayList<>();
        private int from;
        private int number;
        private int broken = -1;

        @Override
        public void step(State next, Supplier<String> words) {
            if (next.broken != null && broken < 0) {
                broken = number;
            }
            if (next.broken == null && see(next, from, number)) {
                states.add(next);
            }
            number++;
        }
    }

    private boolean see(State state, int from, int number) {
        if (!insert(state.fingerprint())) {
            return false;
        }
        if (states == before.length) {
            before = Arrays.copyOf(before, 2 * states);
            choice = Arrays.copyOf(choice, 2 * states);
        }
        before[states] = from;
        choice[states] = (short) number;
        states++;
        return true;
    }

    private boolean insert(long fingerprint) {
        if (2 * states >= seen.length) {
            long[] older = seen;
            seen = new long[2 * older.length];
            for (long known : older) {
                if (known != 0) {
                    place(known);
                }
            }
        }
        return place(fingerprint == 0 ? 1 : fingerprint);
    }

    private boolean place(long fingerprint) {
        int at = (int) fingerprint & seen.length - 1;
        while (seen[at] != 0) {
            if (seen[at] == fingerprint) {
                return false;
            }
            at = at + 1 & seen.length - 1;
        }
        seen[at] = fingerprint;
        return true;
    }

    /** The way is walked once more, and this time it tells what it does. */
    private List<String> trace(int last, int broken) {
        Deque<Integer> choices = new ArrayDeque<>();
        choices.push(broken);
        for (int at = last; before[at] >= 0; at = before[at]) {
            choices.push((int) choice[at]);
        }
        List<String> lines = new ArrayList<>();
        State state = new State(bounds);
        for (int number : choices) {
            Retold retold = new Retold(state, number);
            steps.from(state, retold);
            lines.add(retold.words);
            state = retold.chosen;
        }
        lines.add("BROKEN " + state.broken);
        return lines;
    }

    private static final class Retold implements Steps.Sink {
        private final int wanted;
        private int number;
        private State chosen;
        private String words = "";

        Retold(State from, int wanted) {
            this.chosen = from;
            this.wanted = wanted;
        }

        @Override
        public void step(State next, Supplier<String> words) {
            if (number++ == wanted) {
                this.chosen = next;
                this.words = words.get();
            }
        }
    }
}
