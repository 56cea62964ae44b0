package dst.scenarios.library;

import dst.reports.Expectation;
import dst.sim.Plan;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.LongFunction;

/**
 * A scenario, read and checked. Its plans are a pure function of the seed.
 *
 * @param called how the user named it: by its name, or as a file
 * @param summary the first sentence of what it says about itself
 * @param faults the kinds of fault that it plans, those that stand in its make included
 * @param checker what it demands of a history beside what is demanded of every one
 */
public record Scenario(
        String name,
        String called,
        String summary,
        String doc,
        Optional<Expectation> expected,
        SortedSet<String> faults,
        LongFunction<Plan> plans,
        Optional<HistoryChecker> checker) {
    /** One that demands nothing but what is demanded of every run. */
    public Scenario(
            String name,
            String called,
            String summary,
            String doc,
            Optional<Expectation> expected,
            SortedSet<String> faults,
            LongFunction<Plan> plans) {
        this(name, called, summary, doc, expected, faults, plans, Optional.empty());
    }

    public Plan plan(long seed) {
        return plans.apply(seed);
    }
}
