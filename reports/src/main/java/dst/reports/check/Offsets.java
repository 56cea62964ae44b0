package dst.reports.check;

import java.util.Arrays;

/** A set of offsets, none of which is negative. */
final class Offsets {
    private static final long FREE = -1;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long[] slots = new long[256];
    private int size;

    Offsets() {
        Arrays.fill(slots, FREE);
    }

    void add(long offset) {
        int slot = slot(offset);
        if (slots[slot] == FREE) {
            slots[slot] = offset;
            if (2 * ++size > slots.length) {
                grow();
            }
        }
    }

    long[] sorted() {
        return Arrays.stream(slots).filter(offset -> offset != FREE).sorted().toArray();
    }

    private int slot(long offset) {
        int mask = slots.length - 1;
        int slot = (int) ((offset * GOLDEN) >>> 32) & mask;
        while (slots[slot] != FREE && slots[slot] != offset) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[2 * old.length];
        Arrays.fill(slots, FREE);
        for (long offset : old) {
            if (offset != FREE) {
                slots[slot(offset)] = offset;
            }
        }
    }
}
