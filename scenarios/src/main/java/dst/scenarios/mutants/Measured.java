package dst.scenarios.mutants;

import dst.scenarios.planting.Bug;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the measurement of one planted bug came to: a hunt in each scenario, and the kinds of fault without which none of them finds
 * it.
 *
 * @param reduced the first failure with the right verdict, made small, if that was asked for
 * @param withoutFault for each kind that may be needed, whether the bug was found with it switched off
 */
record Measured(Bug bug, List<Hunt> hunts, SortedMap<String, Boolean> withoutFault, Optional<Reduced> reduced) {
    boolean isFound() {
        return hunts.stream().anyMatch(Hunt::isFound);
    }

    /** The hunt that finds it soonest. */
    Optional<Hunt> soonest() {
        return hunts.stream()
                .filter(Hunt::isFound)
                .min(Comparator.comparingDouble(hunt -> hunt.waits().halfSeconds()));
    }

    /** Named at least once, and never was anybody or anything else accused. */
    boolean isBlamedRight() {
        return hunts.stream().allMatch(hunt -> hunt.wrong() == 0)
                && hunts.stream().anyMatch(hunt -> hunt.right() > 0);
    }

    /** Without one of these kinds alone the bug may not be found: each struck in every run that found it. */
    SortedSet<String> mayBeNeeded() {
        SortedSet<String> needed = new TreeSet<>();
        hunts.stream().filter(Hunt::isFound).findFirst().ifPresent(hunt -> needed.addAll(hunt.always()));
        hunts.stream().filter(Hunt::isFound).forEach(hunt -> needed.retainAll(hunt.always()));
        bug.faults().forEach(own -> needed.remove(own.kind()));
        return needed;
    }

    /** In how many of a hundred finding runs this rule was the only one found broken. */
    long percentAlone(String rule) {
        long found = hunts.stream().mapToLong(Hunt::found).sum();
        long alone = hunts.stream()
                .mapToLong(hunt -> hunt.alone().getOrDefault(rule, 0L))
                .sum();
        return found == 0 ? 0 : 100 * alone / found;
    }
}
