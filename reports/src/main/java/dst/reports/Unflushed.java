package dst.reports;

import dst.reports.Moment.Sort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How much the disk has taken and not yet been told to keep: what a power cut may take, by what its servers were answered. */
final class Unflushed {
    /** What is kept apart; smaller than any block. */
    private static final int GRAIN = 512;

    private static final String ENDED_WELL = " ended: done";

    private final Set<Long> dirty = new HashSet<>();
    private final Map<String, Set<Long>> flushing = new HashMap<>();
    private final List<List<Long>> steps = new ArrayList<>();
    private final List<Integer> bins = new ArrayList<>();

    private Unflushed() {}

    /** As steps of a time and the bytes from then on; of each of so many equal parts of the run the highest and the last. */
    static List<List<Long>> of(List<Moment> moments, long from, long to, int parts) {
        Unflushed cache = new Unflushed();
        for (Moment moment : moments) {
            if (cache.changes(moment)) {
                cache.step(moment.at(), Detail.bin(moment.at(), from, to, parts));
            }
        }
        return cache.steps;
    }

    private boolean changes(Moment moment) {
        if (moment.sort() == Sort.PROCESS && moment.words().equals(Recording.POWER_CUT)) {
            flushing.clear();
            return forget(new HashSet<>(dirty));
        }
        if (moment.sort() != Sort.DISK) {
            return false;
        }
        String where = moment.where();
        String words = moment.words();
        if (where.endsWith(" -> disk")) {
            if (words.startsWith("flush")) {
                flushing.put(where.substring(0, where.indexOf(' ')), new HashSet<>(dirty));
            }
            return false;
        }
        if (!where.startsWith("disk -> ") || !words.contains(ENDED_WELL)) {
            return false;
        }
        if (words.startsWith("flush")) {
            Set<Long> flushed = flushing.remove(where.substring(where.lastIndexOf(' ') + 1));
            return flushed != null && forget(flushed);
        }
        boolean isDurable = words.contains(", FUA");
        boolean isChange = words.startsWith("write") || words.startsWith("zero") || words.startsWith("trim");
        return isChange && (isDurable ? forget(grains(moment)) : dirty.addAll(grains(moment)));
    }

    private boolean forget(Set<Long> kept) {
        return dirty.removeAll(kept);
    }

    private static Set<Long> grains(Moment moment) {
        Set<Long> grains = new HashSet<>();
        for (long at = moment.offset() / GRAIN; at * GRAIN < moment.offset() + moment.length(); at++) {
            grains.add(at);
        }
        return grains;
    }

    /** Of one part the highest is its last but one, if it is not the last. */
    private void step(long at, int bin) {
        List<Long> now = List.of(at, (long) dirty.size() * GRAIN);
        int last = steps.size() - 1;
        boolean crowded = last > 0 && bins.get(last) == bin && bins.get(last - 1) == bin;
        if (!crowded) {
            steps.add(now);
            bins.add(bin);
        } else {
            if (steps.get(last).get(1) > steps.get(last - 1).get(1)) {
                steps.set(last - 1, steps.get(last));
            }
            steps.set(last, now);
        }
    }
}
