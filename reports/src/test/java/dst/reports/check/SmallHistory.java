package dst.reports.check;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Unique;
import dst.protocol.trace.Stamp;
import dst.protocol.trace.WorldEvent;
import dst.reports.check.Operations.Fate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** A random history of one block: a few operations in one to three lives of the client, drawn from a seed. */
final class SmallHistory {
    static final int BLOCK = Stamp.BYTES;
    static final int NOTHING = -1;

    final List<Op> ops = new ArrayList<>();
    final List<Life> lives = new ArrayList<>();
    /** What the media hold at the end: a tag, 0 for zeros, or NOTHING. */
    int media = NOTHING;

    private final List<Event> events = new ArrayList<>();

    /** The tag is its number, from 1 on; seen is the tag of what a read returned, or 0 for zeros. */
    static final class Op {
        int tag;
        Kind kind = Kind.READ;
        boolean durable;
        int life;
        int start;
        int end = Integer.MAX_VALUE;
        Fate fate = Fate.PENDING;
        int seen;

        @Override
        public String toString() {
            return kind + " " + tag + (durable ? " fua" : "") + " life " + life + " [" + start + ", "
                    + (end == Integer.MAX_VALUE ? "-" : end) + "] " + fate
                    + (kind == Kind.READ && fate == Fate.DONE ? " saw " + seen : "");
        }
    }

    /** Orderly: it ended by a detach; lost: which then reported everything not flushed as lost. */
    static final class Life {
        int granted;
        boolean orderly;
        boolean lost;
        final List<Integer> losses = new ArrayList<>();
    }

    private record Event(String what, int tag) {}

    static SmallHistory draw(long seed, boolean erasing, int operationsMax) {
        return new SmallHistory(new Prng(seed), erasing, operationsMax);
    }

    private SmallHistory(Prng prng, boolean erasing, int operationsMax) {
        int left = (int) Math.max(prng.between(1, operationsMax), prng.between(1, operationsMax));
        int lifeCount = prng.chance(1, 2) ? 1 : (int) prng.between(1, 3);
        for (int life = 0; life < lifeCount; life++) {
            int here = life == lifeCount - 1 ? left : (int) prng.between(0, left);
            left -= here;
            drawLife(prng, erasing, here, life == lifeCount - 1);
        }
        if (prng.chance(2, 3)) {
            media = drawValue(prng, Integer.MAX_VALUE);
        }
    }

    private void drawLife(Prng prng, boolean erasing, int count, boolean last) {
        Life life = new Life();
        lives.add(life);
        event("Started", 0);
        life.granted = event("Changed", 0);
        List<Op> pending = new ArrayList<>();
        int begun = 0;
        while (begun < count || !pending.isEmpty()) {
            if (prng.chance(1, 16)) {
                life.losses.add(event("PowerCut", 0));
            } else if (begun < count && (pending.isEmpty() || prng.chance(1, 2))) {
                begun++;
                pending.add(submit(prng, erasing));
            } else {
                Op op = pending.remove((int) prng.below(pending.size()));
                if (!last || !prng.chance(1, 6)) {
                    settle(prng, op);
                }
            }
        }
        life.orderly = prng.chance(1, last ? 2 : 5);
        life.lost = life.orderly && prng.chance(1, 3);
        event(life.orderly ? "Detached" : "Crashed", life.lost ? 1 : 0);
        if (prng.chance(1, 4)) {
            life.losses.add(event("PowerCut", 0));
        }
    }

    private Op submit(Prng prng, boolean erasing) {
        Op op = new Op();
        op.tag = ops.size() + 1;
        long draw = prng.below(erasing ? 14 : 10);
        op.kind = draw < 4
                ? Kind.WRITE
                : draw < 9 ? Kind.READ : draw < 10 ? Kind.FLUSH : draw < 12 ? Kind.ZERO : Kind.TRIM;
        op.durable = op.kind.leavesContent() && prng.chance(1, 4);
        op.life = lives.size() - 1;
        ops.add(op);
        op.start = event("Submitted", op.tag);
        return op;
    }

    private void settle(Prng prng, Op op) {
        long draw = prng.below(20);
        if (draw == 0) {
            return;
        }
        op.fate = draw == 1 ? Fate.REFUSED : draw <= 3 ? Fate.UNKNOWN : Fate.DONE;
        if (op.kind == Kind.READ && op.fate == Fate.DONE) {
            op.seen = drawValue(prng, events.size());
        }
        op.end = event("Completed", op.tag);
    }

    /** Some content: mostly the latest ones. */
    private int drawValue(Prng prng, int before) {
        List<Integer> values = new ArrayList<>(List.of(0));
        for (Op op : ops) {
            if (op.kind == Kind.WRITE && op.start < before && (op.fate != Fate.REFUSED || prng.chance(1, 8))) {
                values.add(op.tag);
            }
        }
        int back = (int) Math.min(prng.below(values.size()), prng.below(5));
        return values.get(values.size() - 1 - back);
    }

    /** The history counts moments from 1 on, and so does this. */
    private int event(String what, int tag) {
        events.add(new Event(what, tag));
        return events.size();
    }

    History history() {
        History history = new History();
        int now = 0;
        for (Event event : events) {
            history.saw(++now * 1000L, node(event), value(event));
        }
        if (media != NOTHING) {
            byte[] held = new byte[BLOCK];
            block(media).readBytes(held);
            history.saw(++now * 1000L, "server", new WorldEvent.MediaHolds(0, held));
        }
        return history;
    }

    private static String node(Event event) {
        return event.what().equals("PowerCut") ? "server" : "client";
    }

    private Object value(Event event) {
        return switch (event.what()) {
            case "Started" -> new ClientInput.Started(Unique.NONE, 0);
            case "Changed" -> new ClientOutput.Changed(new Device(Unique.NONE, 1 << 20, BLOCK, Permission.BOTH), false);
            case "PowerCut" -> new WorldEvent.PowerCut();
            case "Crashed" -> new WorldEvent.ProcessCrashed();
            case "Detached" -> new ClientOutput.Detached(event.tag() == 1 ? List.of(new Range(0, BLOCK)) : List.of());
            case "Submitted" -> new ClientInput.Submitted(event.tag(), operation(ops.get(event.tag() - 1)));
            default -> new ClientOutput.Completed(event.tag(), outcome(ops.get(event.tag() - 1)));
        };
    }

    private static Operation operation(Op op) {
        return switch (op.kind) {
            case READ -> new Operation.Read(0, BLOCK);
            case WRITE -> new Operation.Write(0, block(op.tag), op.durable);
            case FLUSH -> new Operation.Flush();
            case TRIM -> new Operation.Trim(0, BLOCK);
            case ZERO -> new Operation.Zero(0, BLOCK, op.durable);
        };
    }

    private static Outcome outcome(Op op) {
        return switch (op.fate) {
            case DONE -> new Outcome.Done(op.kind == Kind.READ ? block(op.seen) : Unpooled.EMPTY_BUFFER);
            case REFUSED -> new Outcome.Refused(Problem.IO_ERROR, "");
            case UNKNOWN, PENDING -> new Outcome.Unknown(Problem.TIMED_OUT, "");
        };
    }

    private static ByteBuf block(int tag) {
        ByteBuf block = Unpooled.buffer(BLOCK);
        if (tag == 0) {
            return block.writeZero(BLOCK);
        }
        Stamp.write(block, 1, tag, 0, BLOCK);
        return block;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Event event : events) {
            text.append(event).append('\n');
        }
        ops.forEach(op -> text.append(op).append('\n'));
        return text.append("media ").append(media).toString();
    }
}
