package dst.reports.check;

import java.util.Arrays;

/** Operations of one block that may have left zeros (or, for a TRIM, any earlier content): which of them may still show at a read. */
final class Erasures {
    private int[] starts = new int[16];
    private int[] latestEnd = new int[16];
    private int count;

    void clear() {
        count = 0;
    }

    /** In the order of submission. */
    void add(int start, int end) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            latestEnd = Arrays.copyOf(latestEnd, 2 * count);
        }
        starts[count] = start;
        latestEnd[count] = count > 0 ? Math.max(latestEnd[count - 1], end) : end;
        count++;
    }

    /** Whether one of them was submitted before {@code moment} and had not ended when {@code overwritten} came. */
    boolean reach(int moment, int overwritten) {
        int at = Arrays.binarySearch(starts, 0, count, moment);
        int before = (at < 0 ? -at - 1 : at) - 1;
        return before >= 0 && latestEnd[before] > overwritten;
    }

    /** Whether one of them had not ended by then. */
    boolean outlast(int moment) {
        return count > 0 && latestEnd[count - 1] > moment;
    }
}
