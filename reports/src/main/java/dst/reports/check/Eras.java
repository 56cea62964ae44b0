package dst.reports.check;

import dst.protocol.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lives of the client process, one after the other, and the moments at which unflushed writes may have been lost. Within an
 * era G1 holds; from one to the next G2.
 */
final class Eras {
    private static final int NOT_YET = -1;

    private final List<Era> eras = new ArrayList<>();
    private int[] losses = new int[8];
    private int lossCount;

    /** One life. */
    static final class Era {
        private int granted = NOT_YET;
        private boolean started;
        private boolean over;
        private boolean orderly;
        private boolean otherDevice;
        private int lastFlush = NOT_YET;
        private long writer = NOT_YET;
        private final List<Range> lost = new ArrayList<>();

        /** The client said what is lost, so that everything else is durable: it was detached, or its device failed. */
        void endedOrderly(List<Range> reportedLost) {
            orderly = true;
            lost.addAll(reportedLost);
        }

        void otherDevice() {
            otherDevice = true;
        }

        /** How this life signs its blocks. */
        void writtenBy(long name) {
            writer = name;
        }

        boolean isWriter(long name) {
            return writer == name;
        }

        void grantedAt(int moment) {
            if (granted == NOT_YET) {
                granted = moment;
            }
        }

        /** A FLUSH submitted at that moment is Done. */
        void flushed(int submitted) {
            lastFlush = Math.max(lastFlush, submitted);
        }

        boolean isOver() {
            return over;
        }

        boolean isOrderly() {
            return orderly;
        }

        /** Whether the disk was found to be another one: what it holds says nothing. */
        boolean isOnOtherDevice() {
            return otherDevice;
        }

        /** Whether a write answered at that moment is covered by a flush. */
        boolean flushCovers(int answered) {
            return answered < lastFlush;
        }

        boolean reportsLost(long offset, int length) {
            for (Range range : lost) {
                if (range.overlaps(offset, offset + length)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The era that a submission at this moment belongs to; begins one if none is open. */
    int current() {
        if (eras.isEmpty() || eras.getLast().over) {
            eras.add(new Era());
        }
        return eras.size() - 1;
    }

    /** A client process started: a new life, if the current one has one already. */
    void started() {
        if (!eras.isEmpty() && eras.getLast().started) {
            eras.getLast().over = true;
        }
        eras.get(current()).started = true;
    }

    void over() {
        if (!eras.isEmpty()) {
            eras.getLast().over = true;
        }
    }

    Era era(int number) {
        return eras.get(number);
    }

    int count() {
        return eras.size();
    }

    void lossPossible(int moment) {
        if (lossCount == losses.length) {
            losses = Arrays.copyOf(losses, 2 * lossCount);
        }
        losses[lossCount++] = moment;
    }

    boolean lossBetween(int from, int to) {
        int at = Arrays.binarySearch(losses, 0, lossCount, from);
        int next = at < 0 ? -at - 1 : at;
        return next < lossCount && losses[next] <= to;
    }

    /** Whether a write Done in that era, submitted at that moment, cannot have been lost even if no flush covered it. */
    boolean keepsUnflushed(int number, int submitted, long offset, int length) {
        Era era = eras.get(number);
        if (era.orderly) {
            return !era.reportsLost(offset, length);
        }
        for (int next = number + 1; next < eras.size(); next++) {
            if (eras.get(next).granted != NOT_YET) {
                // H5: the grant flushes, so whatever was not lost by then is durable.
                return !lossBetween(submitted, eras.get(next).granted);
            }
        }
        return false;
    }
}
