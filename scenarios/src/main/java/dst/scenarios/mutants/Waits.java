package dst.scenarios.mutants;

import java.util.Arrays;
import java.util.BitSet;

/**
 * How many seeds somebody has to try, who begins anywhere in a series, until one of them finds it: half of those who begin need no
 * more than {@code half}, 95 of a hundred no more than {@code most}; each at so many nanoseconds a run. All 0 if none finds it.
 */
record Waits(long half, long most, double nanosEach) {
    /** Finding: the places, within the series, of the seeds that do. Who comes to its end goes on at its beginning. */
    static Waits of(BitSet finding, long runs, long nanos) {
        int count = Math.toIntExact(runs);
        if (finding.isEmpty() || count == 0) {
            return new Waits(0, 0, 0);
        }
        long[] waits = new long[count];
        for (int start = 0; start < count; start++) {
            int next = finding.nextSetBit(start);
            long place = next >= 0 ? next : (long) finding.nextSetBit(0) + count;
            waits[start] = 1 + place - start;
        }
        Arrays.sort(waits);
        return new Waits(at(waits, 50), at(waits, 95), (double) nanos / runs);
    }

    private static long at(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, (int) ((long) sorted.length * percent / 100))];
    }

    double halfSeconds() {
        return half * nanosEach / 1e9;
    }

    double mostSeconds() {
        return most * nanosEach / 1e9;
    }
}
