package dst.protocol.wire;

import dst.protocol.StateDigest;
import java.util.Arrays;

/**
 * The set of ids that are settled (T3): every id below the mark but those listed open, and above it those whose bit is set. The
 * mark is a multiple of 64. The sets of one attachment only grow, so the larger of two is the newer;
 * of two that are equally large, the one with the higher mark.
 */
public final class Settled {
    /** How many ids above the mark the bits can speak of. */
    public static final int WINDOW = 512;

    public static final Settled NONE = new Settled(0, new long[0], new long[0]);

    private final long mark;
    private final long[] bits;
    private final long[] open;
    private final long size;

    /** The arrays are given away: bits of 64 ids each from the mark on, and the ids below it that are not settled, rising. */
    public Settled(long mark, long[] bits, long[] open) {
        if ((mark & 63) != 0 || mark < 0 || bits.length * 64 > WINDOW) {
            throw new IllegalArgumentException("mark " + mark + " with " + bits.length + " words");
        }
        this.mark = mark;
        this.bits = bits;
        this.open = open;
        long count = mark - open.length;
        for (long word : bits) {
            count += Long.bitCount(word);
        }
        this.size = count;
    }

    public boolean contains(long id) {
        if (id < mark) {
            return Arrays.binarySearch(open, id) < 0;
        }
        long word = (id - mark) >>> 6;
        return word < bits.length && (bits[(int) word] & 1L << (id & 63)) != 0;
    }

    /** Whether this one was made after the other. Ids that were given and none settled since: then the mark may have moved alone. */
    public boolean newerThan(Settled other) {
        return size > other.size || (size == other.size && mark > other.mark);
    }

    /** The lowest id that no request may carry yet. */
    public long end() {
        return mark + WINDOW;
    }

    public long mark() {
        return mark;
    }

    public int words() {
        return bits.length;
    }

    public long word(int index) {
        return bits[index];
    }

    public int openCount() {
        return open.length;
    }

    public long open(int index) {
        return open[index];
    }

    /** How many ids are settled. */
    public long size() {
        return size;
    }

    public void digest(StateDigest digest) {
        digest.add(mark).add(bits.length).add(open.length);
        for (long word : bits) {
            digest.add(word);
        }
        for (long id : open) {
            digest.add(id);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Settled that
                && mark == that.mark
                && Arrays.equals(bits, that.bits)
                && Arrays.equals(open, that.open);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(mark) * 31 + Arrays.hashCode(bits) + Arrays.hashCode(open);
    }

    @Override
    public String toString() {
        return size + " settled below " + (mark + bits.length * 64L);
    }
}
