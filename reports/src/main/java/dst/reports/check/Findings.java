package dst.reports.check;

import dst.protocol.Finding;
import dst.protocol.Rule;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.reports.check.Checked.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what the checkers find; of a flood only the first ones. */
final class Findings {
    private static final int KEPT_MAX = 10_000;
    private static final int TOLD_MAX = 100;

    private final List<Found> found = new ArrayList<>();

    private record Found(Finding finding, Evidence evidence) {}

    /** Proven by this one operation. */
    void add(Rule rule, long at, Sentence sentence, long offset, long tag) {
        add(rule, at, sentence, new Evidence(offset, List.of(tag), List.of()));
    }

    void add(Rule rule, long at, Sentence sentence, Evidence evidence) {
        if (!isFull()) {
            found.add(new Found(new Finding(rule, Side.OPEN, at, sentence), evidence));
        }
    }

    void addAll(Findings others) {
        others.found.stream().limit((long) KEPT_MAX - found.size()).forEach(found::add);
    }

    void clear() {
        found.clear();
    }

    /** What comes now need not be put into words. */
    boolean isFull() {
        return found.size() >= KEPT_MAX;
    }

    int count() {
        return found.size();
    }

    void sort() {
        found.sort(Comparator.comparingLong(each -> each.finding().at()));
    }

    List<Finding> findings() {
        return found.stream().limit(TOLD_MAX).map(Found::finding).toList();
    }

    List<Evidence> evidence() {
        return found.stream().limit(TOLD_MAX).map(Found::evidence).toList();
    }
}
