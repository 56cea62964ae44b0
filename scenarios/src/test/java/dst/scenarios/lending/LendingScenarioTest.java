package dst.scenarios.lending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.port.LendingControl;
import dst.protocol.trace.Tap;
import dst.reports.Verdict;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests have an export by turns in a simulated world. */
final class LendingScenarioTest {
    private static final Library LIBRARY = new Library();
    private static final Scenario SCENARIO = LIBRARY.scenario("lending");
    private static final int SEEDS = 40;

    @Test
    void everybodyGetsHisTurnAndNobodyTwoAtOnce() {
        SystemUnderTest honest = new SystemUnderTest(LIBRARY, Optional.empty());
        Set<String> decided = new TreeSet<>();
        Tap tap = (_, layer, value) -> {
            if (layer.is(LendingControl.KIND)) {
                decided.add(value.getClass().getSimpleName());
            }
        };
        for (int seed = 0; seed < SEEDS; seed++) {
            Trial trial = honest.run(SCENARIO.plan(seed), SCENARIO.expected(), tap);
            int run = seed;
            assertEquals(
                    Verdict.HOLDS,
                    trial.judgement().verdict(),
                    () -> "seed " + run + ": " + trial.judgement().blame());
        }
        assertTrue(
                decided.containsAll(Set.of(
                        "Lent", "NotLent", "HeldBack", "Granted", "Free", "End", "Reopened", "Resized", "NotResized")),
                decided::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lent-while-held",
                "granted-while-lent",
                "reopened-unforgotten",
                "reopened-lost-again",
                "size-untold",
                "resized-under-connections"
            })
    void plantedBugIsFoundAndNamed(String id) {
        Bug bug = LIBRARY.bug(id);
        SystemUnderTest wrong = new SystemUnderTest(LIBRARY, Optional.of(bug));
        Set<String> named = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Trial trial = wrong.run(SCENARIO.plan(seed), SCENARIO.expected());
            if (trial.judgement().verdict() != Verdict.HOLDS) {
                trial.judgement()
                        .blame()
                        .ifPresent(blame -> named.add(blame.rule().name()));
            }
        }
        assertTrue(named.contains(bug.ruleNames().getFirst()), () -> "named " + named);
    }
}
