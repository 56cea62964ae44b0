package dst.scenarios.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Sentence;
import dst.reports.Verdict;
import dst.scenarios.library.Library;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import dst.sim.Plan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the nearest run that holds does differently. */
final class NearestTest {
    private final Library library = new Library();

    private Optional<String> nearest(String scenario, String bug, long seed) {
        SystemUnderTest system = new SystemUnderTest(library, Optional.of(library.bug(bug)));
        Plan plan = system.plan(library.scenario(scenario), seed);
        Trial trial = system.run(plan, Optional.empty());
        assertEquals(Verdict.BROKEN, trial.judgement().verdict());
        return Nearest.of(system, plan, trial.judgement()).map(Sentence::words);
    }

    @Test
    void faultThatMakesTheDifferenceIsNamedAndDoes() {
        String said = nearest("late-duplicates", "overlap-order-ignored", 1).orElseThrow();
        assertTrue(said.startsWith("without the fault stall at "), said);
        SystemUnderTest system = new SystemUnderTest(library, Optional.of(library.bug("overlap-order-ignored")));
        Plan plan = system.plan(library.scenario("late-duplicates"), 1);
        Plan without = plan.withFaults(plan.faults().stream()
                .filter(fault -> !fault.kind().equals("stall"))
                .toList());
        assertEquals(
                Verdict.HOLDS, system.run(without, Optional.empty()).judgement().verdict());
    }

    @Test
    void operationThatMakesTheDifferenceIsNamed() {
        SystemUnderTest system = new SystemUnderTest(library, Optional.of(library.bug("answer-before-executing")));
        Plan plan = system.plan(library.scenario("server-power-cut"), 1);
        Plan small = plan.withFaults(List.of())
                .withOperations(plan.operations().stream()
                        .filter(one -> one.after() == Plan.OperationPlan.NOTHING)
                        .filter(one -> one.kind().changes())
                        .limit(1)
                        .toList());
        Trial trial = system.run(small, Optional.empty());
        assertEquals(Verdict.BROKEN, trial.judgement().verdict());
        String said = Nearest.of(system, small, trial.judgement()).orElseThrow().words();
        assertTrue(
                said.startsWith(
                        "without operation " + small.operations().getFirst().tag() + " ("),
                said);
        assertTrue(said.endsWith("the same plan holds; no fault is needed"), said);
    }

    @Test
    void nothingIsSaidOfWhatHolds() {
        SystemUnderTest system = new SystemUnderTest(library, Optional.empty());
        Plan plan = system.plan(library.scenario("server-power-cut"), 1);
        assertEquals(
                Optional.empty(),
                Nearest.of(system, plan, system.run(plan, Optional.empty()).judgement()));
    }
}
