package dst.protocol.referee;

import dst.protocol.Sentence.Crossing;
import java.util.Arrays;

/**
 * What one block of a disk may hold: the contents written to it, in order, from the last on that is known to be durable. The
 * last certain one and everything after it is what a read may return; all of it is what may be left after a power cut.
 */
final class BlockHistory {
    private static final int VERSIONS_MAX = 32;

    private static final int RUNNING = 1;
    /** It ended well: what was before is not visible any more. */
    private static final int CERTAIN = 2;
    /** It is on the media: what was before is gone for good. */
    private static final int DURABLE = 4;
    /** Any content at all. */
    private static final int WILD = 8;
    /** Something else was running over it. */
    private static final int TANGLED = 16;

    private long[] contents = new long[2];
    private long[] starts = new long[2];
    private long[] ends = new long[2];
    private long[] times = new long[2];
    private Crossing[] seen = new Crossing[2];
    private int[] flags = new int[2];
    private int count;

    /** Versions that could still come back after a power cut are not remembered any more. */
    private boolean oldOnesForgotten;
    /** When a change of it last started, or a cache was lost. */
    long changedAt;
    /** Nothing has been read or written since the cache was lost: what is there comes from the media. */
    boolean cut;

    /** For how many versions there is memory. */
    int room() {
        return contents.length;
    }

    /** A change begins; wild if what it leaves is not one definite content. */
    void begin(long clock, long time, long content, boolean wild, Crossing now) {
        int tangled = 0;
        for (int i = 0; i < count; i++) {
            if ((flags[i] & RUNNING) != 0) {
                flags[i] |= TANGLED;
                tangled = TANGLED;
            }
        }
        add(clock, time, content, RUNNING | tangled | (wild ? WILD : 0), now);
        changedAt = clock;
        cut = false;
    }

    /** The change that began then has ended: all of it well, or nobody knows how much of it. */
    void end(long began, long clock, boolean well, boolean durable, boolean wild) {
        for (int i = count - 1; i >= 0; i--) {
            if (starts[i] == began && (flags[i] & RUNNING) != 0) {
                boolean certain = well && (flags[i] & TANGLED) == 0;
                flags[i] = (flags[i] & WILD) | (wild ? WILD : 0) | (certain ? CERTAIN : 0);
                flags[i] |= certain && durable ? DURABLE : 0;
                ends[i] = clock;
                return;
            }
        }
    }

    /** What ended before a flush was issued that ended well is durable. */
    void settle(long flushed) {
        for (int i = count - 1; i >= 0; i--) {
            boolean durable = (flags[i] & DURABLE) != 0 || ends[i] <= flushed;
            if ((flags[i] & CERTAIN) != 0 && durable) {
                flags[i] |= DURABLE;
                drop(i);
                oldOnesForgotten = false;
                return;
            }
        }
    }

    /** The cache was lost, or may have been: each content that is not known to be durable may be there, or not. */
    void lose(long clock, boolean certainly) {
        for (int i = 0; i < count; i++) {
            boolean durable = (flags[i] & DURABLE) != 0;
            flags[i] &= durable ? ~0 : ~CERTAIN;
            if (certainly) {
                flags[i] &= ~RUNNING;
            }
        }
        if (oldOnesForgotten) {
            count = 0;
            oldOnesForgotten = false;
        }
        changedAt = clock;
        cut = certainly && count > 0;
    }

    /** The process is gone that waited for it; what ran may have happened, or not. */
    void abandon() {
        for (int i = 0; i < count; i++) {
            flags[i] &= ~RUNNING;
        }
    }

    boolean isRunning() {
        for (int i = 0; i < count; i++) {
            if ((flags[i] & RUNNING) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether a read, during which nothing changed, may return this. */
    boolean mayShow(long content) {
        for (int i = count - 1; i >= 0; i--) {
            if (contents[i] == content || (flags[i] & WILD) != 0) {
                return true;
            }
            if ((flags[i] & CERTAIN) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the media may hold a content whose first bytes have this checksum; and all of it that one, if it is given. */
    boolean mayHold(int head, int whole, boolean wholeKnown) {
        if (oldOnesForgotten || count == 0 || (flags[0] & DURABLE) == 0) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            boolean same =
                    BlockSums.head(contents[i]) == head && (!wholeKnown || BlockSums.whole(contents[i]) == whole);
            if (same || (flags[i] & WILD) != 0) {
                return true;
            }
        }
        return false;
    }

    /** A read has shown what is there, where it was not known: it stays until something changes it. */
    void learn(long clock, long time, long content, Crossing now) {
        for (int i = 0; i < count; i++) {
            if ((flags[i] & WILD) != 0) {
                return; // D6: what was trimmed may read as this and as that.
            }
        }
        if (cut) {
            count = 0;
            add(clock, time, content, CERTAIN | DURABLE, now);
            ends[0] = clock;
            cut = false;
        } else if (count == 0) {
            add(clock, time, content, CERTAIN, now);
            ends[0] = clock;
        }
    }

    /** When the content was written that had to be there at least. */
    long floorTime() {
        return count == 0 ? 0 : times[0];
    }

    /** What wrote that. */
    Crossing floorSeen() {
        return count == 0 ? Crossing.NONE : seen[0];
    }

    /** What wrote, or showed, what is there last. */
    Crossing lastSeen() {
        return count == 0 ? Crossing.NONE : seen[count - 1];
    }

    void forget() {
        count = 0;
        cut = false;
        oldOnesForgotten = false;
    }

    private void add(long clock, long time, long content, int flag, Crossing now) {
        if (count == VERSIONS_MAX) {
            drop(VERSIONS_MAX / 2);
            oldOnesForgotten = true;
        }
        if (count == contents.length) {
            contents = Arrays.copyOf(contents, count * 2);
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            times = Arrays.copyOf(times, count * 2);
            seen = Arrays.copyOf(seen, count * 2);
            flags = Arrays.copyOf(flags, count * 2);
        }
        contents[count] = content;
        starts[count] = clock;
        ends[count] = Long.MAX_VALUE;
        times[count] = time;
        seen[count] = now;
        flags[count] = flag;
        count++;
    }

    /** Those before this one. */
    private void drop(int first) {
        if (first == 0) {
            return;
        }
        count -= first;
        System.arraycopy(contents, first, contents, 0, count);
        System.arraycopy(starts, first, starts, 0, count);
        System.arraycopy(ends, first, ends, 0, count);
        System.arraycopy(times, first, times, 0, count);
        System.arraycopy(seen, first, seen, 0, count);
        System.arraycopy(flags, first, flags, 0, count);
    }
}
