package dst.reports.check;

import dst.protocol.Kind;
import dst.reports.check.Operations.Fate;
import dst.reports.check.SmallHistory.Life;
import dst.reports.check.SmallHistory.Op;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Judges a small history by trying every order of its operations: slow, and plainly right. */
final class BruteForce {
    private final SmallHistory history;
    private final boolean openForEver;

    /**
     * What the block holds: one content, or, after a TRIM, zeros or any of the contents that it ever had.
     *
     * @param value a tag, or 0 for zeros
     * @param ever bits: which contents it had until now
     */
    private record State(int value, boolean trimmed, long ever) {
        boolean canShow(int seen) {
            return trimmed ? seen == 0 || (ever >> seen & 1) == 1 : seen == value;
        }
    }

    BruteForce(SmallHistory history, boolean openForEver) {
        this.history = history;
        this.openForEver = openForEver;
    }

    boolean fine() {
        Set<State> states = Set.of(new State(0, false, 1));
        for (int life = 0; life < history.lives.size(); life++) {
            Set<State> left = new LinkedHashSet<>();
            for (State state : states) {
                List<Op> ops = new ArrayList<>();
                for (Op op : history.ops) {
                    boolean tooLate = start(op) > end(op) && op.life + 1 < history.lives.size();
                    if (op.life == life && tooLate && op.fate == Fate.DONE) {
                        return false; // Submitted after its client had been replaced.
                    }
                    if (op.life == life && matters(op) && !tooLate) {
                        ops.add(op);
                    }
                }
                order(ops, state, new LinkedHashSet<>(Set.of(state)), left);
            }
            states = left;
        }
        if (history.media == SmallHistory.NOTHING) {
            return !states.isEmpty();
        }
        return states.stream().anyMatch(state -> state.canShow(history.media));
    }

    private static boolean matters(Op op) {
        return op.kind == Kind.READ ? op.fate == Fate.DONE : op.kind.changes() && op.fate != Fate.REFUSED;
    }

    /** Tries each order of what is left; survivors are the states that a loss of what is not safe can lead to. */
    private void order(List<Op> left, State state, Set<State> survivors, Set<State> results) {
        if (left.stream().noneMatch(op -> op.fate == Fate.DONE)) {
            results.addAll(survivors);
        }
        for (Op next : left) {
            // What is not certain to have happened may be passed over, but not happen after its time.
            if (left.stream().anyMatch(op -> op.fate == Fate.DONE && end(op) < start(next))) {
                continue;
            }
            List<Op> rest = new ArrayList<>(left);
            rest.remove(next);
            rest.removeIf(op -> op.fate != Fate.DONE && end(op) < start(next));
            if (next.kind == Kind.READ) {
                if (state.canShow(next.seen)) {
                    order(rest, state, survivors, results);
                }
                continue;
            }
            State after = after(state, next);
            Set<State> surviving = new LinkedHashSet<>(safe(next) ? Set.of() : survivors);
            surviving.add(after);
            // What was lost was there all the same.
            Set<State> remembering = new LinkedHashSet<>();
            surviving.forEach(survivor -> remembering.add(new State(survivor.value, survivor.trimmed, after.ever)));
            order(orderedAfter(rest, next), after, remembering, results);
        }
    }

    /** An uncertain operation can only be placed before operations that start after its end. */
    private List<Op> orderedAfter(List<Op> rest, Op placed) {
        return rest.stream()
                .filter(op -> op.fate == Fate.DONE || end(op) > start(placed))
                .toList();
    }

    /** G3: everything of a life happens after its grant and before the next one's. */
    private int start(Op op) {
        return Math.max(op.start, history.lives.get(op.life).granted);
    }

    private int end(Op op) {
        int own = openForEver && op.fate == Fate.UNKNOWN ? Integer.MAX_VALUE : op.end;
        boolean last = op.life + 1 == history.lives.size();
        return last ? own : Math.min(own, history.lives.get(op.life + 1).granted);
    }

    private static State after(State state, Op op) {
        return switch (op.kind) {
            case WRITE -> new State(op.tag, false, state.ever | 1L << op.tag);
            case ZERO -> new State(0, false, state.ever | 1);
            case TRIM -> new State(0, true, state.ever);
            case READ, FLUSH -> state;
        };
    }

    private boolean safe(Op op) {
        if (op.fate != Fate.DONE || !op.kind.leavesContent()) {
            return false;
        }
        if (op.durable) {
            return true;
        }
        for (Op flush : history.ops) {
            if (flush.kind == Kind.FLUSH && flush.fate == Fate.DONE && flush.life == op.life && flush.start > op.end) {
                return true;
            }
        }
        Life life = history.lives.get(op.life);
        if (life.orderly && !life.lost) {
            return true;
        }
        if (op.life + 1 == history.lives.size()) {
            return false;
        }
        int granted = history.lives.get(op.life + 1).granted;
        return !history.lives.get(op.life + 1).owed
                || history.lives.stream()
                        .flatMap(each -> each.losses.stream())
                        .noneMatch(loss -> loss > op.start && loss < granted);
    }
}
