package dst.reports.check;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Unique;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Stamp;
import dst.protocol.trace.WorldEvent;
import dst.reports.check.Operations.Fate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A random history of one block: a few operations in one to three lives of one client or two, drawn from a seed. */
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

    /** Orderly: it ended by a detach or was replaced; lost: which then reported everything not flushed as lost. */
    static final class Life {
        String node = "client";
        int granted = Integer.MAX_VALUE;
        boolean owed;
        boolean orderly;
        boolean lost;
        final List<Integer> losses = new ArrayList<>();
    }

    private record Event(String what, int tag, String node) {}

    static SmallHistory draw(long seed, boolean erasing, int operationsMax) {
        return new SmallHistory(new Prng(seed), erasing, operationsMax, false);
    }

    /** Lives of two clients, each of which may take the export from the one before while that still lives. */
    static SmallHistory drawTakeovers(long seed, boolean erasing, int operationsMax) {
        return new SmallHistory(new Prng(seed), erasing, operationsMax, true);
    }

    /** Nothing yet: somebody else says what happens. */
    SmallHistory() {}

    /** Only these operations, in the same lives; the media are looked at or not. */
    SmallHistory only(Set<Long> tags, boolean withMedia) {
        SmallHistory some = new SmallHistory();
        some.lives.addAll(lives);
        ops.stream().filter(op -> tags.contains((long) op.tag)).forEach(some.ops::add);
        some.media = withMedia ? media : NOTHING;
        return some;
    }

    private SmallHistory(Prng prng, boolean erasing, int operationsMax, boolean takeovers) {
        int left = (int) Math.max(prng.between(1, operationsMax), prng.between(1, operationsMax));
        int lifeCount = !takeovers && prng.chance(1, 2) ? 1 : (int) prng.between(takeovers ? 2 : 1, 3);
        List<Op> replaced = new ArrayList<>();
        for (int number = 0; number < lifeCount; number++) {
            boolean last = number == lifeCount - 1;
            int here = last ? left : (int) prng.between(0, left);
            left -= here;
            Life life = new Life();
            life.node = takeovers && number % 2 == 1 ? "client-2" : "client";
            life.owed = number > 0 && prng.chance(4, 5);
            lives.add(life);
            boolean isReplaced = takeovers && !last && prng.chance(3, 4);
            replaced = new Drawing(prng, erasing, life, replaced).draw(here, last, isReplaced);
        }
        if (prng.chance(2, 3)) {
            media = drawValue(prng, Integer.MAX_VALUE);
        }
    }

    /** One life; what the one before has not settled yet may settle meanwhile. */
    private final class Drawing {
        private final Prng prng;
        private final boolean erasing;
        private final Life life;
        private final List<Op> replaced;
        private final List<Op> pending = new ArrayList<>();
        private int begun;

        Drawing(Prng prng, boolean erasing, Life life, List<Op> replaced) {
            this.prng = prng;
            this.erasing = erasing;
            this.life = life;
            this.replaced = replaced;
        }

        /** Answers what is pending when a successor comes. */
        List<Op> draw(int count, boolean last, boolean isReplaced) {
            event("Started", 0, life.node);
            if (replaced.isEmpty()) {
                grant();
            }
            while (begun < count || !(pending.isEmpty() || isReplaced) || !replaced.isEmpty() || !isGranted()) {
                step(count, last);
            }
            if (isReplaced && !pending.isEmpty()) {
                return pending;
            }
            end(last);
            return new ArrayList<>();
        }

        private void step(int count, boolean last) {
            if (prng.chance(1, 16)) {
                life.losses.add(event("PowerCut", 0, "server"));
            } else if (!isGranted() && prng.chance(1, 3)) {
                grant();
            } else if (!replaced.isEmpty() && prng.chance(1, 3)) {
                stepOfReplaced();
            } else if (begun < count && (pending.isEmpty() || prng.chance(1, 2))) {
                begun++;
                pending.add(submit(prng, erasing, lives.indexOf(life)));
            } else if (isGranted() && !pending.isEmpty()) {
                Op op = pending.remove((int) prng.below(pending.size()));
                if (!last || !prng.chance(1, 6)) {
                    settle(prng, op);
                }
            }
        }

        /** Mostly what is pending settles; now and then something is submitted that comes too late. */
        private void stepOfReplaced() {
            int number = lives.indexOf(life) - 1;
            if (prng.chance(1, 12) && ops.size() < 9) {
                replaced.add(submit(prng, erasing, number));
                return;
            }
            Op op = replaced.remove((int) prng.below(replaced.size()));
            if (!prng.chance(1, 6)) {
                settle(prng, op);
            }
            if (replaced.isEmpty()) {
                Life before = lives.get(number);
                before.orderly = prng.chance(2, 3);
                before.lost = before.orderly && prng.chance(2, 3);
                event(before.orderly ? "Failed" : "Crashed", before.lost ? 1 : 0, before.node);
            }
        }

        private boolean isGranted() {
            return life.granted != Integer.MAX_VALUE;
        }

        private void grant() {
            life.granted = event("Changed", life.owed ? 1 : 0, life.node);
        }

        private void end(boolean last) {
            life.orderly = prng.chance(1, last ? 2 : 5);
            life.lost = life.orderly && prng.chance(1, 3);
            event(life.orderly ? "Detached" : "Crashed", life.lost ? 1 : 0, life.node);
            if (prng.chance(1, 4)) {
                life.losses.add(event("PowerCut", 0, "server"));
            }
        }
    }

    private Op submit(Prng prng, boolean erasing, int life) {
        Op op = new Op();
        op.tag = ops.size() + 1;
        long draw = prng.below(erasing ? 14 : 10);
        op.kind = draw < 4
                ? Kind.WRITE
                : draw < 9 ? Kind.READ : draw < 10 ? Kind.FLUSH : draw < 12 ? Kind.ZERO : Kind.TRIM;
        op.durable = op.kind.leavesContent() && prng.chance(1, 4);
        op.life = life;
        ops.add(op);
        op.start = event("Submitted", op.tag, lives.get(life).node);
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
        op.end = event("Completed", op.tag, lives.get(op.life).node);
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
    int event(String what, int tag, String node) {
        events.add(new Event(what, tag, node));
        return events.size();
    }

    History history() {
        List<String> clients = List.of("client", "client-2");
        History history = new History(List.of(new History.Place(
                "disk",
                0,
                Long.MAX_VALUE,
                0,
                clients.stream().map(Layer::client).toList(),
                false,
                Optional.empty())));
        int now = 0;
        for (Event event : events) {
            history.saw(++now * 1000L, Layer.client(event.node()), value(event));
        }
        if (media != NOTHING) {
            byte[] held = new byte[BLOCK];
            block(media).readBytes(held);
            history.saw(++now * 1000L, Layer.server("server"), new WorldEvent.MediaHolds(0, 0, held));
        }
        return history;
    }

    private Object value(Event event) {
        return switch (event.what()) {
            case "Started" -> new Control.Started(Unique.NONE, 0);
            case "Changed" ->
                new BlockPort.Changed(new Device(Unique.NONE, 1 << 20, BLOCK, Permission.BOTH), event.tag() == 1);
            case "PowerCut" -> new WorldEvent.PowerCut();
            case "Crashed" -> new WorldEvent.ProcessCrashed();
            case "Failed" ->
                new BlockPort.Failed(Problem.REPLACED, "", event.tag() == 1 ? List.of(new Range(0, BLOCK)) : List.of());
            case "Detached" -> new ClientControl.Detached(event.tag() == 1 ? List.of(new Range(0, BLOCK)) : List.of());
            case "Submitted" -> new BlockPort.Submit(event.tag(), operation(ops.get(event.tag() - 1)));
            default -> new BlockPort.Completed(event.tag(), outcome(ops.get(event.tag() - 1)));
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
