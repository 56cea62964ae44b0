package dst.scenarios;

import dst.reports.Blame;
import dst.reports.Expectation;
import dst.scenarios.shrink.Shrinker;
import dst.sim.Plan;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A plan that fails, and in which way. */
record Failing(Subject subject, Plan plan, Optional<Expectation> expected, String fingerprint) {
    /** So long a failure is made smaller, unless somebody says otherwise. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Whether another plan fails in the same way: the same rule by the same side, and the same happened. */
    boolean alike(Plan other) {
        return subject.run(other, expected)
                .judgement()
                .blame()
                .map(Blame::fingerprint)
                .filter(fingerprint::equals)
                .isPresent();
    }

    /** As {@link #shrink}, but what is left speaks of the same operation: smaller ones may fail so with another. */
    Shrinker.Shrunk shrinkAbout(Optional<String> about, BooleanSupplier goesOn) {
        return Shrinker.shrink(
                plan,
                other -> subject.run(other, expected)
                        .judgement()
                        .blame()
                        .filter(blame -> blame.fingerprint().equals(fingerprint)
                                && blame.about().equals(about))
                        .isPresent(),
                goesOn,
                _ -> {});
    }

    Shrinker.Shrunk shrink(BooleanSupplier goesOn, Consumer<Plan> smaller) {
        return Shrinker.shrink(plan, this::alike, goesOn, smaller);
    }

    /** How much there is in a plan, for people. */
    static String size(Plan plan) {
        return counted(plan.operations().size(), "operation") + ", "
                + counted(plan.faults().size(), "fault")
                + (plan.clients().size() > 1 ? ", " + plan.clients().size() + " clients" : "")
                + (plan.servers().size() > 1 ? ", " + plan.servers().size() + " servers" : "");
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
