package dst.scenarios.mutants;

import dst.scenarios.planting.Bug;
import dst.scenarios.trial.Series;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How one planted bug fared in one scenario.
 *
 * @param found in so many runs something was found broken
 * @param right in so many of them the bug's side was named with one of its rules
 * @param wrong in so many of them somebody or something else was accused; where nobody could be named, nobody was
 * @param rightSide in so many of them the bug's side was named, with whatever rule
 * @param firstSeed the lowest seed that found it; 0 if none did
 * @param firstRight the lowest seed that named side and rule; 0 if none did
 * @param waits how many seeds it takes
 * @param secondsToFirst how long it took until the first run that found it had ended
 * @param verdicts how often which rule was said to be broken by whom
 * @param alone in how many of those runs this rule was the only one that was found broken
 * @param always the kinds of fault that struck in each run that found it
 * @param failure what went wrong if dst itself failed
 */
record Hunt(
        String scenario,
        long runs,
        long found,
        long right,
        long wrong,
        long rightSide,
        long firstSeed,
        long firstRight,
        Waits waits,
        double secondsToFirst,
        SortedMap<String, Long> verdicts,
        SortedMap<String, Long> alone,
        SortedSet<String> always,
        Optional<String> failure) {

    private static final String NOBODY = ", by whom is not known";

    static Hunt of(Bug bug, Series series) {
        SortedMap<String, Long> verdicts = new TreeMap<>(series.batch().failures());
        long found = 0;
        long right = 0;
        long wrong = 0;
        long rightSide = 0;
        for (Map.Entry<String, Long> verdict : verdicts.entrySet()) {
            found += verdict.getValue();
            rightSide += verdict.getKey().endsWith(" by " + bug.side().words()) ? verdict.getValue() : 0;
            if (isRight(bug, verdict.getKey())) {
                right += verdict.getValue();
            } else if (!verdict.getKey().endsWith(NOBODY)) {
                wrong += verdict.getValue();
            }
        }
        return new Hunt(
                series.scenario().name(),
                series.count(),
                found,
                right,
                wrong,
                rightSide,
                series.kept().isEmpty() ? 0 : series.kept().firstKey(),
                series.firstSeeds().entrySet().stream()
                        .filter(verdict -> isRight(bug, verdict.getKey()))
                        .mapToLong(Map.Entry::getValue)
                        .min()
                        .orElse(0),
                Waits.of(series.failing(), series.count(), series.nanos()),
                series.nanosToFirst() / 1e9,
                verdicts,
                new TreeMap<>(series.alone()),
                new TreeSet<>(series.struckInAllBroken()),
                series.fault().map(fault -> "dst itself failed in seed " + fault.seed() + ": " + fault.cause()));
    }

    /** Whether a verdict, as people read it, names the bug's side and one of its rules. */
    static boolean isRight(Bug bug, String verdict) {
        return bug.rules().stream()
                .anyMatch(rule -> verdict.equals(rule + " by " + bug.side().words()));
    }

    boolean isFound() {
        return found > 0;
    }
}
