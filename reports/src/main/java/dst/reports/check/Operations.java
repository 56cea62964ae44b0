package dst.reports.check;

import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Words;
import java.util.Arrays;

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

    private final TagIndex index = new TagIndex();
    private int size;
    private Kind[] kinds = new Kind[64];
    private Fate[] fates = new Fate[64];
    private boolean[] durables = new boolean[64];
    private long[] tags = new long[64];
    private long[] offsets = new long[64];
    private int[] lengths = new int[64];
    private int[] eras = new int[64];
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private long[] startNanos = new long[64];
    private long[] endNanos = new long[64];
    private int[] firstSeen = new int[64];
    private int[] seen = new int[64];
    private int seenSize;
    private boolean inOrder = true;

    int submitted(long tag, Operation operation, int era, int moment, long now) {
        if (size == kinds.length) {
            grow(size + (size >> 1));
        }
        int place = size++;
        index.put(tag, place);
        kinds[place] = operation.kind();
        fates[place] = Fate.PENDING;
        durables[place] = operation.durable();
        tags[place] = tag;
        offsets[place] = operation.offset();
        lengths[place] = operation.length();
        eras[place] = era;
        starts[place] = moment;
        ends[place] = NEVER;
        startNanos[place] = now;
        endNanos[place] = Long.MAX_VALUE;
        firstSeen[place] = NOTHING;
        return place;
    }

    void settled(int place, Fate fate, int moment, long now) {
        fates[place] = fate;
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

    Kind kind(int place) {
        return kinds[place];
    }

    Fate fate(int place) {
        return fates[place];
    }

    boolean done(int place) {
        return fates[place] == Fate.DONE;
    }

    boolean durable(int place) {
        return durables[place];
    }

    long tag(int place) {
        return tags[place];
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
        return eras[place];
    }

    /** Eras have got other numbers. */
    void renumberEras(int[] renumbered) {
        inOrder = true;
        for (int place = 0; place < size; place++) {
            eras[place] = renumbered[eras[place]];
            inOrder &= place == 0 || eras[place] >= eras[place - 1];
        }
    }

    /** All places, in the order of eras and, within one, of submission. */
    int[] byEra() {
        int[] places = new int[size];
        if (inOrder) {
            for (int place = 0; place < size; place++) {
                places[place] = place;
            }
            return places;
        }
        int[] next = new int[size == 0 ? 1 : Arrays.stream(eras, 0, size).max().getAsInt() + 2];
        for (int place = 0; place < size; place++) {
            next[eras[place] + 1]++;
        }
        for (int era = 1; era < next.length; era++) {
            next[era] += next[era - 1];
        }
        for (int place = 0; place < size; place++) {
            places[next[eras[place]]++] = place;
        }
        return places;
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
    String name(int place) {
        String kind = switch (kinds[place]) {
            case READ -> "read";
            case WRITE -> "write";
            case FLUSH -> "flush";
            case TRIM -> "trim";
            case ZERO -> "zero";
        };
        return "operation " + tags[place] + " (" + kind + ")";
    }

    String started(int place) {
        return Words.seconds(startNanos[place]);
    }

    String ended(int place) {
        return fates[place] == Fate.PENDING ? "the end" : Words.seconds(endNanos[place]);
    }

    private void grow(int to) {
        kinds = Arrays.copyOf(kinds, to);
        fates = Arrays.copyOf(fates, to);
        durables = Arrays.copyOf(durables, to);
        tags = Arrays.copyOf(tags, to);
        offsets = Arrays.copyOf(offsets, to);
        lengths = Arrays.copyOf(lengths, to);
        eras = Arrays.copyOf(eras, to);
        starts = Arrays.copyOf(starts, to);
        ends = Arrays.copyOf(ends, to);
        startNanos = Arrays.copyOf(startNanos, to);
        endNanos = Arrays.copyOf(endNanos, to);
        firstSeen = Arrays.copyOf(firstSeen, to);
    }
}
