package dst.scenarios.store;

import dst.protocol.Sentence;
import dst.protocol.fault.Fault;
import dst.reports.Judgement;
import dst.scenarios.trial.Parts;
import dst.scenarios.trial.SystemUnderTest;
import dst.sim.Plan;
import dst.sim.Plan.OperationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the nearest run that holds does differently from one that does not: the same plan without one fault or one operation. */
public final class Nearest {
    /** So many operations are run in all: nobody waits long for it. */
    private static final int OPERATIONS_MAX = 20_000;

    private static final int NAMED_MAX = 3;

    private final SystemUnderTest system;
    private final Plan plan;
    private int triesLeft;

    private Nearest(SystemUnderTest system, Plan plan) {
        this.system = system;
        this.plan = plan;
        this.triesLeft = OPERATIONS_MAX / Math.max(1, plan.operations().size());
    }

    /** In half a sentence; empty if nothing is broken, or nothing was found. */
    static Optional<Sentence> of(SystemUnderTest system, Plan plan, Judgement judgement) {
        return judgement.blame().isEmpty() ? Optional.empty() : new Nearest(system, plan).find();
    }

    private Optional<Sentence> find() {
        List<Fault> faults = plan.faults();
        List<Fault> needed = new ArrayList<>();
        for (int i = 0; i < faults.size() && mayTry(); i++) {
            if (holds(Parts.withoutFault(plan, i))) {
                needed.add(faults.get(i));
            }
        }
        if (!needed.isEmpty()) {
            return Optional.of(
                    without(needed.stream().map(Nearest::words).toList()).and(" the same plan holds"));
        }
        if (triesLeft <= 0) {
            return Optional.empty();
        }
        boolean ofFaults = !faults.isEmpty() && mayTry() && holds(plan.withFaults(List.of()));
        if (ofFaults) {
            return Optional.of(
                    faults.size() == 1
                            ? Sentence.of("without its fault the same plan holds")
                            : Sentence.of(
                                    "without its ",
                                    faults.size(),
                                    " faults the same plan holds; with any ",
                                    faults.size() - 1,
                                    " of them it does not"));
        }
        List<Sentence> operations = new ArrayList<>();
        for (int i = 0; i < plan.operations().size() && mayTry() && operations.size() < NAMED_MAX; i++) {
            OperationPlan one = plan.operations().get(i);
            if (holds(Parts.withoutOperations(plan, Set.of(one.tag())))) {
                String kind = one.kind().name().toLowerCase(Locale.ROOT);
                operations.add(Sentence.of("operation ", new Sentence.Operation(one.tag()), " (" + kind + ")"));
            }
        }
        if (operations.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(without(operations).and(" the same plan holds; no fault is needed"));
    }

    private boolean mayTry() {
        return triesLeft-- > 0;
    }

    private boolean holds(Plan other) {
        return system.run(other, Optional.empty()).judgement().blame().isEmpty();
    }

    private static Sentence without(List<Sentence> things) {
        Sentence all = Sentence.EMPTY;
        for (Sentence thing : things.subList(0, Math.min(NAMED_MAX, things.size()))) {
            all = all.and(all.isNothing() ? "without " : ", or without ", thing);
        }
        int more = things.size() - NAMED_MAX;
        return more > 0 ? all.and(" (or one of ", more, " more)") : all;
    }

    /** A fault and when it strikes. */
    public static Sentence words(Fault fault) {
        Sentence when = switch (fault.when()) {
            case Fault.When.At(long nanos) -> Sentence.of("at ", new Sentence.Time(nanos));
            case Fault.When.AtMessage(Fault.Direction direction, long nth) ->
                Sentence.of(
                        "at the " + nth(nth) + " message",
                        switch (direction) {
                            case TO_SERVER -> " to the server";
                            case TO_CLIENT -> " to the client";
                            case BOTH -> "";
                        });
            case Fault.When.AtDiskWrite(long nth) -> Sentence.of("at the " + nth(nth) + " disk write");
            case Fault.When.AtRecord(long nth) -> Sentence.of("at the " + nth(nth) + " record");
        };
        return Sentence.of("the fault ", new Sentence.Fault(fault.kind()), " ", when);
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
