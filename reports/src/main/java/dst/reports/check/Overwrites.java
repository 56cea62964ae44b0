package dst.reports.check;

import java.util.Arrays;

/**
 * Operations of one block, asked what must have come before a given moment: the acknowledged write that was submitted last
 * among those that had ended by then.
 */
final class Overwrites {
    private long[] byEnd = new long[64];
    private int[] startOf = new int[64];
    private int[] latest = new int[64];
    private int count;

    void clear() {
        count = 0;
    }

    void add(int operation, int start, int end) {
        if (count == byEnd.length) {
            byEnd = Arrays.copyOf(byEnd, 2 * count);
            latest = Arrays.copyOf(latest, 2 * count);
        }
        if (operation >= startOf.length) {
            startOf = Arrays.copyOf(startOf, Math.max(operation + 1, 2 * startOf.length));
        }
        startOf[operation] = start;
        byEnd[count++] = (long) end << 32 | operation;
    }

    void sort() {
        Arrays.sort(byEnd, 0, count);
        for (int i = 0; i < count; i++) {
            int operation = (int) byEnd[i];
            latest[i] = i > 0 && startOf[latest[i - 1]] > startOf[operation] ? latest[i - 1] : operation;
        }
    }

    /** The one that was submitted last among those that ended before the moment, or {@link Zones#NONE}. */
    int lastBefore(int moment) {
        int at = Arrays.binarySearch(byEnd, 0, count, (long) moment << 32);
        int before = (at < 0 ? -at - 1 : at) - 1;
        return before < 0 ? Zones.NONE : latest[before];
    }
}
