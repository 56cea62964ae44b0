package dst.reports.check;

import java.util.Arrays;

/** Finds an operation's place by its tag; never holds a tag twice. */
final class TagIndex {
    static final int ABSENT = -1;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long[] tags = new long[64];
    private int[] places = new int[64];
    private int size;

    TagIndex() {
        Arrays.fill(places, ABSENT);
    }

    int find(long tag) {
        return places[slot(tag)];
    }

    void put(long tag, int place) {
        if (2 * (size + 1) > tags.length) {
            grow();
        }
        int slot = slot(tag);
        if (places[slot] != ABSENT) {
            throw new IllegalStateException("two operations have the tag " + tag);
        }
        tags[slot] = tag;
        places[slot] = place;
        size++;
    }

    private int slot(long tag) {
        int mask = tags.length - 1;
        int slot = (int) ((tag * GOLDEN) >>> 32) & mask;
        while (places[slot] != ABSENT && tags[slot] != tag) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldTags = tags;
        int[] oldPlaces = places;
        tags = new long[2 * oldTags.length];
        places = new int[2 * oldTags.length];
        Arrays.fill(places, ABSENT);
        for (int i = 0; i < oldTags.length; i++) {
            if (oldPlaces[i] != ABSENT) {
                int slot = slot(oldTags[i]);
                tags[slot] = oldTags[i];
                places[slot] = oldPlaces[i];
            }
        }
    }
}
