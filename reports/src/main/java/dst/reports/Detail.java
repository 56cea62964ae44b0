package dst.reports;

import dst.reports.Moment.Sort;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which moments of a run are shown one by one: all of a short one; of a long one what is near the violation and each fault. */
final class Detail {
    /** So many take about a megabyte of a page. */
    static final int MOMENTS_MAX = 8_000;

    private static final int BEFORE = 4_000;
    private static final int AFTER = 400;
    private static final int FAULTS_MAX = 400;

    private final List<Moment> all;
    private final List<Moment> shown;

    private Detail(List<Moment> all, List<Moment> shown) {
        this.all = all;
        this.shown = shown;
    }

    static Detail of(List<Moment> all, List<Excerpt.Line> story) {
        if (all.size() <= MOMENTS_MAX) {
            return new Detail(all, all);
        }
        Map<Moment, Integer> places = new IdentityHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            places.put(all.get(i), i);
        }
        BitSet kept = new BitSet(all.size());
        int culprit = all.size() - 1;
        Set<Long> needed = new HashSet<>();
        for (Excerpt.Line line : story) {
            int place = places.getOrDefault(line.moment(), 0);
            kept.set(place);
            culprit = line.guilty() ? place : culprit;
            if (line.needed() && line.moment().tag() != 0) {
                needed.add(line.moment().tag());
            }
        }
        for (int i = 0; i < all.size(); i++) {
            Sort sort = all.get(i).sort();
            // An operation is drawn from where it is submitted to where it settles.
            if ((sort == Sort.SUBMITTED || sort == Sort.OUTCOME)
                    && needed.contains(all.get(i).tag())) {
                kept.set(i);
            }
        }
        kept.set(Math.max(0, culprit - BEFORE), Math.min(all.size(), culprit + AFTER));
        around(all, kept);
        List<Moment> shown = new ArrayList<>();
        for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
            shown.add(all.get(i));
        }
        return new Detail(all, Collections.unmodifiableList(shown));
    }

    /** The faults, spread evenly if there are too many, each with what happened next to it. */
    private static void around(List<Moment> all, BitSet kept) {
        List<Integer> faults = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Sort sort = all.get(i).sort();
            if (sort == Sort.FAULT || sort == Sort.PROCESS) {
                faults.add(i);
            }
        }
        int step = (faults.size() + FAULTS_MAX - 1) / FAULTS_MAX;
        int room = (MOMENTS_MAX - kept.cardinality()) / Math.max(1, Math.min(faults.size(), FAULTS_MAX));
        for (int i = 0; i < faults.size() && kept.cardinality() < MOMENTS_MAX; i += Math.max(1, step)) {
            int place = faults.get(i);
            kept.set(Math.max(0, place - room / 2), Math.min(all.size(), place + Math.max(1, room / 2)));
        }
    }

    List<Moment> shown() {
        return shown;
    }

    /** What a reader has to know who sees only part of it; empty if he sees all. */
    String leftOut() {
        return shown.size() == all.size()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "Of %,d moments %,d are shown one by one, around the violation and the faults; the bars above count all.",
                        all.size(),
                        shown.size());
    }

    /** How many moments fell into each of so many equal parts of the run. */
    List<Long> overview(long from, long to, int bins) {
        long[] counts = new long[bins];
        for (Moment moment : all) {
            counts[bin(moment.at(), from, to, bins)]++;
        }
        List<Long> boxed = new ArrayList<>();
        for (long count : counts) {
            boxed.add(count);
        }
        return boxed;
    }

    static int bin(long at, long from, long to, int bins) {
        return (int) Math.clamp((double) (at - from) / Math.max(1, to - from) * bins, 0, bins - 1);
    }
}
