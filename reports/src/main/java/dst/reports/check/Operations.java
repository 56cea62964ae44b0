package dst.reports.check;

import dst.protocol.Kind;
import dst.protocol.Sentence;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Every operation of a history, as columns, in the order of submission. A moment is the position of an event among all that the
 * history saw, so no two are equal; it starts at 1.
 */
final class Operations {
    /** What a read found in one block: an operation's place, or one of these. */
    static final int ZERO = -1;

    /** Not to be judged any more: what was found has been reported, or proves nothing. */
    static final int NOTHING = -2;

    static final int NEVER = Integer.MAX_VALUE;

    enum Fate {
        PENDING,
        DONE,
        REFUSED,
        UNKNOWN
    }

    private static final Fate[] FATES = Fate.values();
    private static final int KIND_MASK = 7;
    private static final int FATE_SHIFT = 3;
    private static final int FATE_MASK = 3 << FATE_SHIFT;
    private static final int DURABLE = 1 << 5;

    private final TagIndex index = new TagIndex();
    private int size;
    /** What an operation is and how it ended, in one byte: the kind's code, the fate, whether it is durable. */
    private byte[] states;

    private long[] offsets;
    private int[] lengths;
    /** Empty as long as there is only the first era. */
    private int[] eras = new int[0];

    private int[] starts;
    private int[] ends;
    private long[] startNanos;
    private long[] endNanos;
    private int[] firstSeen;
    private int[] seen;
    private int seenSize;
    private boolean inOrder = true;

    Operations() {
        this(64);
    }

    /** Room for so many at first. */
    Operations(int expected) {
        int capacity = Math.max(64, expected);
        states = new byte[capacity];
        offsets = new long[capacity];
        lengths = new int[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
        startNanos = new long[capacity];
        endNanos = new long[capacity];
        firstSeen = new int[capacity];
        seen = new int[Math.max(64, capacity / 2)];
    }

    /** Answers its place. */
    int submitted(long tag, Kind kind, boolean durable, long offset, int length) {
        if (size == states.length) {
            grow(size + (size >> 1));
        }
        int place = size++;
        index.put(tag, place);
        states[place] = (byte) (kind.code() | (durable ? DURABLE : 0));
        offsets[place] = offset;
        lengths[place] = length;
        return place;
    }

    void began(int place, int era, int moment, long now) {
        if (era > 0 && eras.length == 0) {
            eras = new int[states.length];
        }
        if (eras.length > 0) {
            eras[place] = era;
        }
        starts[place] = moment;
        ends[place] = NEVER;
        startNanos[place] = now;
        endNanos[place] = Long.MAX_VALUE;
        firstSeen[place] = NOTHING;
    }

    void settled(int place, Fate fate, int moment, long now) {
        states[place] = (byte) ((states[place] & ~FATE_MASK) | (fate.ordinal() << FATE_SHIFT));
        ends[place] = moment;
        endNanos[place] = now;
    }

    /** What a read found in its next block; blocks are told in order. */
    void saw(int place, int found) {
        if (firstSeen[place] == NOTHING) {
            firstSeen[place] = seenSize;
        }
        if (seenSize == seen.length) {
            seen = Arrays.copyOf(seen, seenSize + (seenSize >> 1));
        }
        seen[seenSize++] = found;
    }

    /** What that read found in its n-th block. */
    int seen(int place, int block) {
        return seen[firstSeen[place] + block];
    }

    boolean hasSeen(int place) {
        return firstSeen[place] != NOTHING;
    }

    int find(long tag) {
        return index.find(tag);
    }

    int size() {
        return size;
    }

    /** What it is and how it ended, to be taken apart by {@link #kindOf}, {@link #fateOf} and {@link #isDone}. */
    byte state(int place) {
        return states[place];
    }

    static Kind kindOf(byte state) {
        return Kind.of(state & KIND_MASK);
    }

    static Fate fateOf(byte state) {
        return FATES[(state & FATE_MASK) >> FATE_SHIFT];
    }

    static boolean isDone(byte state) {
        return (state & FATE_MASK) == Fate.DONE.ordinal() << FATE_SHIFT;
    }

    Kind kind(int place) {
        return kindOf(states[place]);
    }

    Fate fate(int place) {
        return fateOf(states[place]);
    }

    boolean done(int place) {
        return isDone(states[place]);
    }

    boolean durable(int place) {
        return (states[place] & DURABLE) != 0;
    }

    long tag(int place) {
        return index.tag(place);
    }

    long offset(int place) {
        return offsets[place];
    }

    int length(int place) {
        return lengths[place];
    }

    long endOffset(int place) {
        return offsets[place] + lengths[place];
    }

    int era(int place) {
        return eras.length == 0 ? 0 : eras[place];
    }

    /** Eras have got other numbers. */
    void renumberEras(int[] renumbered) {
        inOrder = true;
        if (eras.length == 0) {
            if (renumbered.length == 0 || renumbered[0] == 0) {
                return;
            }
            eras = new int[states.length];
        }
        for (int place = 0; place < size; place++) {
            eras[place] = renumbered[eras[place]];
            inOrder &= place == 0 || eras[place] >= eras[place - 1];
        }
    }

    /** All places, in the order of eras and, within one, of submission. */
    void inOrderOfEras(IntConsumer each) {
        if (inOrder) {
            for (int place = 0; place < size; place++) {
                each.accept(place);
            }
            return;
        }
        int[] places = new int[size];
        int[] next = new int[Arrays.stream(eras, 0, size).max().orElse(0) + 2];
        for (int place = 0; place < size; place++) {
            next[eras[place] + 1]++;
        }
        for (int era = 1; era < next.length; era++) {
            next[era] += next[era - 1];
        }
        for (int place = 0; place < size; place++) {
            places[next[eras[place]]++] = place;
        }
        for (int place : places) {
            each.accept(place);
        }
    }

    int start(int place) {
        return starts[place];
    }

    int end(int place) {
        return ends[place];
    }

    long startNanos(int place) {
        return startNanos[place];
    }

    long endNanos(int place) {
        return endNanos[place];
    }

    /** As a sentence names it: {@code operation 17 (write)}; a bare "write 17" is a transaction. */
    Sentence name(int place) {
        String kind = switch (kind(place)) {
            case READ -> "read";
            case WRITE -> "write";
            case FLUSH -> "flush";
            case TRIM -> "trim";
            case ZERO -> "zero";
        };
        return Sentence.of("operation ", new Sentence.Operation(tag(place)), " (" + kind + ")");
    }

    Sentence.Time started(int place) {
        return new Sentence.Time(startNanos[place]);
    }

    Sentence ended(int place) {
        return fate(place) == Fate.PENDING ? Sentence.of("the end") : Sentence.of(new Sentence.Time(endNanos[place]));
    }

    private void grow(int to) {
        states = Arrays.copyOf(states, to);
        offsets = Arrays.copyOf(offsets, to);
        lengths = Arrays.copyOf(lengths, to);
        eras = eras.length == 0 ? eras : Arrays.copyOf(eras, to);
        starts = Arrays.copyOf(starts, to);
        ends = Arrays.copyOf(ends, to);
        startNanos = Arrays.copyOf(startNanos, to);
        endNanos = Arrays.copyOf(endNanos, to);
        firstSeen = Arrays.copyOf(firstSeen, to);
    }
}
