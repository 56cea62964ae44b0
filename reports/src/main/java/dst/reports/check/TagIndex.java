package dst.reports.check;

import java.util.Arrays;

/**
 * Which tag an operation has, and where the operation with a tag is; never holds a tag twice. As long as tags rise by one, as
 * submitters give them, it is arithmetic and takes no memory.
 */
final class TagIndex {
    static final int ABSENT = -1;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private int size;
    private long first;
    /** Tags by place; empty as long as they rise by one. */
    private long[] byPlace = new long[0];

    private long[] tags = new long[0];
    private int[] places = new int[0];

    int find(long tag) {
        if (isArithmetic()) {
            long place = tag - first;
            return place >= 0 && place < size ? (int) place : ABSENT;
        }
        return places[slot(tag)];
    }

    long tag(int place) {
        return isArithmetic() ? first + place : byPlace[place];
    }

    /** The next place has this tag. */
    void put(long tag, int place) {
        if (place != size) {
            throw new IllegalArgumentException("place " + place + " comes after " + size);
        }
        if (find(tag) != ABSENT) {
            throw new IllegalStateException("two operations have the tag " + tag);
        }
        if (size == 0) {
            first = tag;
        }
        if (isArithmetic() && tag - first != place) {
            byPlace = new long[Math.max(64, 2 * size)];
            for (int each = 0; each < size; each++) {
                byPlace[each] = first + each;
            }
            index(Math.max(128, Integer.highestOneBit(Math.max(1, size)) << 2));
        }
        size++;
        if (!isArithmetic()) {
            if (place == byPlace.length) {
                byPlace = Arrays.copyOf(byPlace, 2 * place);
            }
            byPlace[place] = tag;
            if (2 * size > tags.length) {
                index(2 * tags.length);
            } else {
                enter(place);
            }
        }
    }

    private boolean isArithmetic() {
        return byPlace.length == 0;
    }

    private void index(int capacity) {
        tags = new long[capacity];
        places = new int[capacity];
        Arrays.fill(places, ABSENT);
        for (int place = 0; place < size; place++) {
            enter(place);
        }
    }

    private void enter(int place) {
        int slot = slot(byPlace[place]);
        tags[slot] = byPlace[place];
        places[slot] = place;
    }

    private int slot(long tag) {
        int mask = tags.length - 1;
        int slot = (int) ((tag * GOLDEN) >>> 32) & mask;
        while (places[slot] != ABSENT && tags[slot] != tag) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
