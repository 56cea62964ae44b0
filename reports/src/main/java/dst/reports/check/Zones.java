package dst.reports.check;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether one block's history is that of a register, by the zones of Gibbons and Korach. A cluster is a write and the reads
 * that returned what it wrote. Between its earliest end and its latest start, if they lie in this order (a forward zone), the
 * block must have held its value; otherwise it may have held it for one moment between its latest start and its earliest end (a
 * backward zone). There is a valid order exactly if no two forward zones overlap and no backward zone lies in a forward one.
 */
final class Zones {
    static final int NONE = -1;

    private int[] earliestEnd = new int[64];
    private int[] latestStart = new int[64];
    private int[] firstToEnd = new int[64];
    private int[] lastToStart = new int[64];
    private long[] forward = new long[64];
    private int forwardCount;

    /** Forgets the clusters in this range of numbers; after it they are absent. */
    void clear(int from, int to) {
        if (to > earliestEnd.length) {
            int capacity = Math.max(to, 2 * earliestEnd.length);
            earliestEnd = Arrays.copyOf(earliestEnd, capacity);
            latestStart = Arrays.copyOf(latestStart, capacity);
            firstToEnd = Arrays.copyOf(firstToEnd, capacity);
            lastToStart = Arrays.copyOf(lastToStart, capacity);
        }
        Arrays.fill(latestStart, from, to, NONE);
        forwardCount = 0;
    }

    boolean has(int cluster) {
        return latestStart[cluster] != NONE;
    }

    void add(int cluster, int operation, int start, int end) {
        boolean absent = !has(cluster);
        if (absent || end < earliestEnd[cluster]) {
            earliestEnd[cluster] = end;
            firstToEnd[cluster] = operation;
        }
        if (absent || start > latestStart[cluster]) {
            latestStart[cluster] = start;
            lastToStart[cluster] = operation;
        }
    }

    int earliestEnd(int cluster) {
        return earliestEnd[cluster];
    }

    int latestStart(int cluster) {
        return latestStart[cluster];
    }

    /** The operation of that cluster that ended first. */
    int firstToEnd(int cluster) {
        return firstToEnd[cluster];
    }

    /** The operation of that cluster that was submitted last. */
    int lastToStart(int cluster) {
        return lastToStart[cluster];
    }

    private boolean isForward(int cluster) {
        return earliestEnd[cluster] < latestStart[cluster];
    }

    /** Sorts the forward zones of the clusters in these two ranges (the second is one cluster, or none). */
    void sort(int from, int to, int extra) {
        forwardCount = 0;
        for (int cluster = from; cluster < to; cluster++) {
            sortIn(cluster);
        }
        sortIn(extra);
        Arrays.sort(forward, 0, forwardCount);
    }

    private void sortIn(int cluster) {
        if (has(cluster) && isForward(cluster)) {
            if (forwardCount == forward.length) {
                forward = Arrays.copyOf(forward, 2 * forwardCount);
            }
            forward[forwardCount++] = (long) earliestEnd[cluster] << 32 | cluster;
        }
    }

    /**
     * Two clusters that would each have to come before the other: the first is the one whose last operation was submitted later. Of
     * several such pairs the one that shows earliest; null if there is none.
     */
    int @Nullable [] conflict(int from, int to) {
        int best = Operations.NEVER;
        int[] pair = null;
        int reaching = NONE;
        for (int i = 0; i < forwardCount; i++) {
            int cluster = (int) forward[i];
            if (reaching != NONE && earliestEnd[cluster] < latestStart[reaching]) {
                int later = latestStart[cluster] > latestStart[reaching] ? cluster : reaching;
                if (latestStart[later] < best) {
                    best = latestStart[later];
                    pair = new int[] {later, later == cluster ? reaching : cluster};
                }
            }
            if (reaching == NONE || latestStart[cluster] > latestStart[reaching]) {
                reaching = cluster;
            }
        }
        for (int cluster = from; cluster < to; cluster++) {
            if (has(cluster) && !isForward(cluster)) {
                int around = forwardAt(latestStart[cluster]);
                if (around != NONE && earliestEnd[cluster] < latestStart[around] && latestStart[around] < best) {
                    best = latestStart[around];
                    pair = new int[] {around, cluster};
                }
            }
        }
        return pair;
    }

    /**
     * The moment before which a cluster must come: its own earliest end, or, if another one's forward zone covers that, the
     * zone's. A cluster that starts after this cannot come before it.
     */
    int mustPrecede(int cluster) {
        int around = around(cluster);
        return earliestEnd[around == NONE ? cluster : around];
    }

    /** Whose forward zone covers the earliest end of a cluster, if anybody else's does. */
    int around(int cluster) {
        int own = earliestEnd[cluster];
        int around = forwardAt(own);
        return around != NONE && around != cluster && latestStart[around] > own ? around : NONE;
    }

    /** Whether an operation other than the first makes up the cluster. */
    boolean hasReader(int cluster) {
        return firstToEnd[cluster] != cluster || lastToStart[cluster] != cluster;
    }

    /** The last forward zone that begins at this moment or earlier. */
    private int forwardAt(int moment) {
        int at = Arrays.binarySearch(forward, 0, forwardCount, (long) moment << 32 | 0xFFFFFFFFL);
        int before = at < 0 ? -at - 2 : at;
        return before < 0 ? NONE : (int) forward[before];
    }
}
