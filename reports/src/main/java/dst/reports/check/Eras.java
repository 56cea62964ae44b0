package dst.reports.check;

import dst.protocol.Range;
import dst.protocol.Unique;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The lives of client processes, and the moments at which unflushed writes may have been lost. Within an era G1 holds; from one to
 * the next G2.
 *
 * <p>Lives of different clients overlap in time, but what they do does not: H5 lets nothing of the earlier one happen once its
 * successor is being recorded, and nothing of the successor before it is on durable record. So eras follow each other in the order
 * in which they were recorded; what their clients hear of it may come late, and in another order. Of whom no record is seen, that
 * is when its client had the device.
 */
final class Eras {
    private static final int NOT_YET = -1;

    private final List<Era> eras = new ArrayList<>();
    private final Set<String> nodes = new TreeSet<>();
    private String lastNode = "";
    private int last = NOT_YET;
    private int[] losses = new int[8];
    private int lossCount;
    private int[] fences = new int[0];

    /** One life. */
    static final class Era {
        private final String node;
        private final int began;
        private Unique token = Unique.NONE;
        /** On durable record, or, if that was not seen, in use. */
        private int granted = NOT_YET;

        private boolean attached;
        private boolean owed = true;
        private boolean shared;
        private boolean started;
        private boolean over;
        private boolean orderly;
        private boolean otherDevice;
        private int lastFlushed = NOT_YET;
        private int lastFlush = NOT_YET;
        private long writer = NOT_YET;
        private final List<Range> lost = new ArrayList<>();

        private Era(String node, int began) {
            this.node = node;
            this.began = began;
        }

        String node() {
            return node;
        }

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

        /** It has the device from now on. Owed: it was told that a predecessor's replay may be missing. */
        void grantedAt(int moment, boolean replayOwed, boolean together) {
            if (!attached) {
                // Who only reads with others holds nothing, whatever it was recorded for before: it comes when it
                // comes.
                granted = together || granted == NOT_YET ? moment : granted;
                attached = true;
                owed = replayOwed;
                shared = together;
            }
        }

        int granted() {
            return granted;
        }

        boolean wasGranted() {
            return attached;
        }

        /** Others may use the export as well, to read. */
        boolean isShared() {
            return shared;
        }

        private int order() {
            return granted == NOT_YET ? began : granted;
        }

        /** The FLUSH at that place, submitted at that moment, is Done. */
        void flushed(int place, int submitted) {
            if (submitted > lastFlushed) {
                lastFlushed = submitted;
                lastFlush = place;
            }
        }

        /** The place of the FLUSH that covers the most, negative if there is none. */
        int lastFlush() {
            return lastFlush;
        }

        boolean isOver() {
            return over;
        }

        boolean isOrderly() {
            return orderly;
        }

        /** Whether a write answered at that moment is covered by a flush. */
        boolean flushCovers(int answered) {
            return answered < lastFlushed;
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

    /** The era that a submission by that client at this moment belongs to; begins one if none is open. */
    int current(String node, int moment) {
        if (!node.equals(lastNode)) {
            lastNode = node;
            last = NOT_YET;
            for (int number = 0; number < eras.size(); number++) {
                last = eras.get(number).node.equals(node) ? number : last;
            }
            nodes.add(node);
        }
        if (last == NOT_YET || eras.get(last).over) {
            last = eras.size();
            eras.add(new Era(node, moment));
        }
        return last;
    }

    /** A client process started: a new life, if the current one has one already. */
    void started(String node, Unique token, int moment) {
        Era era = eras.get(current(node, moment));
        if (era.started) {
            era.over = true;
        }
        era = eras.get(current(node, moment));
        era.started = true;
        era.token = token;
    }

    /**
     * It is on durable record who holds the export now. Who never hears of it may come again, so that the last time counts; but not
     * whose process is gone.
     */
    void recorded(Unique token, int moment) {
        for (Era era : eras) {
            if (!era.attached && era.token.equals(token) && (era.granted == NOT_YET || !era.over)) {
                era.granted = moment;
            }
        }
    }

    void over(String node) {
        for (Era era : eras) {
            era.over |= era.node.equals(node);
        }
    }

    /** Puts them in the order of their grants; answers each one's new number by its old one. */
    int[] sortByGrant() {
        List<Integer> order = new ArrayList<>();
        for (int number = 0; number < eras.size(); number++) {
            order.add(number);
        }
        order.sort(Comparator.comparingInt(number -> eras.get(number).order()));
        int[] renumbered = new int[eras.size()];
        List<Era> sorted = new ArrayList<>();
        for (int number : order) {
            renumbered[number] = sorted.size();
            sorted.add(eras.get(number));
        }
        eras.clear();
        eras.addAll(sorted);
        lastNode = "";
        fences = new int[eras.size()];
        for (int number = 0; number < fences.length; number++) {
            Era next = grantedAfter(number);
            fences[number] = next == null ? Operations.NEVER : next.granted;
        }
        return renumbered;
    }

    /** From then on nothing of that era has an effect: its successor was granted. Known once they are sorted. */
    int fence(int number) {
        return fences[number];
    }

    /** Whether there is more than one client, so that lives may overlap. */
    boolean overlap() {
        return nodes.size() > 1;
    }

    /** The next era after that one that was granted; null if none was. */
    @Nullable Era grantedAfter(int number) {
        for (int next = number + 1; next < eras.size(); next++) {
            if (eras.get(next).granted != NOT_YET) {
                return eras.get(next);
            }
        }
        return null;
    }

    /** Whether the disk was another one in the end. */
    boolean endOnOtherDevice() {
        for (int number = eras.size() - 1; number >= 0; number--) {
            if (eras.get(number).otherDevice) {
                return true;
            }
            if (eras.get(number).attached) {
                return false;
            }
        }
        return false;
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
        if (era.orderly && !era.reportsLost(offset, length)) {
            return true;
        }
        // H5: the grant flushes, so whatever was not lost by then is durable. Who is told that nothing is owed is told
        // that
        // the one before had written it all again, or had left nothing to write.
        Era next = grantedAfter(number);
        return next != null && (!next.owed || !lossBetween(submitted, next.granted));
    }
}
