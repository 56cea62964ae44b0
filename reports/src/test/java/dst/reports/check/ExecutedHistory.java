package dst.reports.check;

import dst.protocol.Kind;
import dst.protocol.Prng;
import dst.reports.check.Operations.Fate;
import dst.reports.check.SmallHistory.Life;
import dst.reports.check.SmallHistory.Op;
import java.util.ArrayList;
import java.util.List;

/**
 * A small history of one block that a disk really carries out, each operation at one moment between its submission and its end, and
 * with it a power cut and a second life of the client; and, if asked for, one thing that goes wrong.
 */
final class ExecutedHistory {
    /** What goes wrong; it need not show. */
    enum Breakage {
        NONE,
        STALE_READ,
        LOST_WRITE,
        LOST_DURABLE_WRITE,
        RESURRECTED_WRITE,
        UNKNOWN_WRITE_LANDS_LATE,
        REFUSED_WRITE_LANDS
    }

    private static final int OPERATIONS_MAX = 8;

    private final SmallHistory history = new SmallHistory();
    private final Breakage breakage;
    private final Prng prng;
    private final List<Op> pending = new ArrayList<>();
    private final List<Op> effective = new ArrayList<>();
    /** What the block may hold after a power cut: first what is durable, then each later content. */
    private final List<Integer> contents = new ArrayList<>(List.of(0));

    private final List<Integer> ever = new ArrayList<>(List.of(0));
    private final List<Op> toldUnknown = new ArrayList<>();
    private boolean broken;

    static SmallHistory draw(long seed, Breakage breakage) {
        return new ExecutedHistory(new Prng(seed), breakage).run();
    }

    private ExecutedHistory(Prng prng, Breakage breakage) {
        this.prng = prng;
        this.breakage = breakage;
    }

    private SmallHistory run() {
        int lives = breakage == Breakage.LOST_DURABLE_WRITE || prng.chance(1, 3) ? 2 : 1;
        for (int number = 0; number < lives; number++) {
            Life life = new Life();
            life.owed = number > 0;
            history.lives.add(life);
            history.event("Started", 0, life.node);
            life.granted = history.event("Changed", life.owed ? 1 : 0, life.node);
            boolean last = number == lives - 1;
            live(number, last ? OPERATIONS_MAX : (int) prng.between(1, 5), last);
            if (last) {
                life.orderly = prng.chance(1, 2);
                history.event(life.orderly ? "Detached" : "Crashed", 0, life.node);
            } else {
                history.event("Crashed", 0, life.node);
                powerCut(life);
            }
        }
        history.media = content();
        return history;
    }

    private void live(int life, int operations, boolean toTheEnd) {
        while (history.ops.size() < operations || (toTheEnd && !pending.isEmpty())) {
            if (breakage == Breakage.RESURRECTED_WRITE && !broken && prng.chance(1, 12)) {
                broken = true;
                hold(ever.get((int) prng.below(ever.size())));
            }
            if (breakage == Breakage.UNKNOWN_WRITE_LANDS_LATE && !toldUnknown.isEmpty() && prng.chance(1, 4)) {
                hold(toldUnknown.removeFirst().tag);
            }
            if (history.ops.size() < operations && (pending.isEmpty() || prng.chance(1, 3)) && pending.size() < 4) {
                submit(life);
            } else if (!pending.isEmpty()) {
                Op op = pending.get((int) prng.below(pending.size()));
                long early = breakage == Breakage.UNKNOWN_WRITE_LANDS_LATE ? 4 : 16;
                if (!effective.contains(op) && !prng.chance(1, early)) {
                    takeEffect(op);
                } else {
                    settle(op);
                }
            }
        }
        pending.clear();
    }

    private void submit(int life) {
        Op op = new Op();
        op.tag = history.ops.size() + 1;
        long draw = prng.below(12);
        int flushes = breakage == Breakage.LOST_DURABLE_WRITE ? 3 : 1;
        op.kind = draw < 5 ? Kind.WRITE : draw < 12 - flushes ? Kind.READ : Kind.FLUSH;
        op.durable = op.kind == Kind.WRITE && prng.chance(flushes, 4);
        op.life = life;
        history.ops.add(op);
        op.start = history.event("Submitted", op.tag, history.lives.get(life).node);
        pending.add(op);
    }

    private void takeEffect(Op op) {
        effective.add(op);
        if (op.kind == Kind.READ) {
            boolean stale = breakage == Breakage.STALE_READ && prng.chance(1, 3);
            op.seen = stale ? ever.get((int) prng.below(ever.size())) : content();
        } else if (op.kind == Kind.WRITE) {
            boolean lost = breakage == Breakage.LOST_WRITE && !broken && prng.chance(1, 2);
            broken |= lost;
            if (!lost) {
                hold(op.tag);
            }
        }
    }

    private int content() {
        return contents.getLast();
    }

    private void hold(int content) {
        contents.add(content);
        ever.add(content);
    }

    /** What has not taken effect by then has none, unless that is what goes wrong. */
    private void settle(Op op) {
        pending.remove(op);
        boolean happened = effective.contains(op);
        boolean refused = op.kind == Kind.WRITE
                && (breakage == Breakage.REFUSED_WRITE_LANDS ? prng.chance(1, 2) : !happened && prng.chance(1, 4));
        op.fate = refused ? Fate.REFUSED : !happened || prng.chance(1, 16) ? Fate.UNKNOWN : Fate.DONE;
        op.end = history.event("Completed", op.tag, history.lives.get(op.life).node);
        if (op.fate == Fate.UNKNOWN && !happened && op.kind == Kind.WRITE) {
            toldUnknown.add(op);
        }
        if (op.fate == Fate.DONE && (op.kind == Kind.FLUSH || op.durable)) {
            keep(op);
        }
    }

    /** What may be left after a power cut are the contents from the newest on that has to be durable now. */
    private void keep(Op op) {
        int newest = 0;
        for (int at = 0; at < contents.size(); at++) {
            int writer = contents.get(at);
            boolean covered =
                    op.kind == Kind.FLUSH ? writer > 0 && history.ops.get(writer - 1).end < op.start : writer == op.tag;
            newest = covered ? at : newest;
        }
        contents.subList(0, newest).clear();
    }

    /** One of the contents that may be left is; what had not ended may be among them. */
    private void powerCut(Life life) {
        life.losses.add(history.event("PowerCut", 0, "server"));
        List<Integer> from = new ArrayList<>(ever);
        from.removeAll(contents);
        if (breakage != Breakage.LOST_DURABLE_WRITE || from.isEmpty()) {
            from = contents;
        }
        int survivor = from.get((int) prng.below(from.size()));
        contents.clear();
        contents.add(survivor);
        effective.clear();
    }
}
