package dst.scenarios;

import dst.protocol.Words;
import dst.reports.Judgement;
import dst.scenarios.shrink.Parts;
import dst.sim.Fault;
import dst.sim.Plan;
import dst.sim.Plan.OperationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the nearest run that holds does differently from one that does not: the same plan without one fault or one operation. */
final class Nearest {
    /** So many operations are run in all: nobody waits long for it. */
    private static final int OPERATIONS_MAX = 20_000;

    private static final int NAMED_MAX = 3;

    private final Subject subject;
    private final Plan plan;
    private int triesLeft;

    private Nearest(Subject subject, Plan plan) {
        this.subject = subject;
        this.plan = plan;
        this.triesLeft = OPERATIONS_MAX / Math.max(1, plan.operations().size());
    }

    /** In half a sentence; empty if nothing is broken, or nothing was found. */
    static Optional<String> of(Subject subject, Plan plan, Judgement judgement) {
        return judgement.blame().isEmpty() ? Optional.empty() : new Nearest(subject, plan).find();
    }

    private Optional<String> find() {
        List<Fault> faults = plan.faults();
        List<Fault> needed = new ArrayList<>();
        for (int i = 0; i < faults.size() && mayTry(); i++) {
            if (holds(Parts.withoutFault(plan, i))) {
                needed.add(faults.get(i));
            }
        }
        if (!needed.isEmpty()) {
            return Optional.of(without(needed.stream().map(Nearest::words).toList()) + " the same plan holds");
        }
        if (triesLeft <= 0) {
            return Optional.empty();
        }
        boolean ofFaults = !faults.isEmpty() && mayTry() && holds(plan.withFaults(List.of()));
        if (ofFaults) {
            return Optional.of(
                    faults.size() == 1
                            ? "without its fault the same plan holds"
                            : "without its " + faults.size() + " faults the same plan holds; with any "
                                    + (faults.size() - 1) + " of them it does not");
        }
        List<String> operations = new ArrayList<>();
        for (int i = 0; i < plan.operations().size() && mayTry() && operations.size() < NAMED_MAX; i++) {
            OperationPlan one = plan.operations().get(i);
            if (holds(Parts.withoutOperations(plan, Set.of(one.tag())))) {
                operations.add(
                        "operation " + one.tag() + " (" + one.kind().name().toLowerCase(Locale.ROOT) + ")");
            }
        }
        if (operations.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(without(operations) + " the same plan holds; no fault is needed");
    }

    private boolean mayTry() {
        return triesLeft-- > 0;
    }

    private boolean holds(Plan other) {
        return subject.run(other, Optional.empty()).judgement().blame().isEmpty();
    }

    private static String without(List<String> things) {
        String more = things.size() > NAMED_MAX ? " (or one of " + (things.size() - NAMED_MAX) + " more)" : "";
        return "without " + things.stream().limit(NAMED_MAX).collect(Collectors.joining(", or without ")) + more;
    }

    /** A fault and when it strikes. */
    static String words(Fault fault) {
        return "the fault " + fault.kind() + " "
                + switch (fault.when()) {
                    case Fault.When.At(long nanos) -> "at " + Words.seconds(nanos);
                    case Fault.When.AtMessage(Fault.Direction direction, long nth) ->
                        "at the " + nth(nth) + " message"
                                + switch (direction) {
                                    case TO_SERVER -> " to the server";
                                    case TO_CLIENT -> " to the client";
                                    case BOTH -> "";
                                };
                    case Fault.When.AtDiskWrite(long nth) -> "at the " + nth(nth) + " disk write";
                    case Fault.When.AtRecord(long nth) -> "at the " + nth(nth) + " record";
                };
    }

    private static String nth(long number) {
        boolean isTeen = number % 100 / 10 == 1;
        return number
                + switch (isTeen ? 0 : (int) (number % 10)) {
                    case 1 -> "st";
                    case 2 -> "nd";
                    case 3 -> "rd";
                    default -> "th";
                };
    }
}
