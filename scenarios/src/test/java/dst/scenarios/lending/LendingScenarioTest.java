package dst.scenarios.lending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.port.LendingControl;
import dst.protocol.Rules;
import dst.protocol.Side;
import dst.protocol.trace.Tap;
import dst.reports.Verdict;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import dst.scenarios.planting.Edit;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import java.util.List;
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
                "size-told-wrongly",
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

    /** Nobody breaks a rule at his own boundary; the world sees that somebody waits for ever. */
    @Test
    void clientThatIsForgottenNeverGetsHisTurn() {
        Edit forgets = new Edit("nbd.lending.Lending", "givenBack", new Edit.Change.ReplaceRead("heldBack", "null"));
        Bug bug = new Bug(
                "turn-forgotten",
                Side.SERVER,
                List.of(Rules.G6),
                "The client that waited is forgotten when the last NBD connection has given the export back.",
                "lending",
                List.of(forgets),
                List.of());
        Trial trial = new SystemUnderTest(LIBRARY, Optional.of(bug)).run(SCENARIO.plan(1), SCENARIO.expected());
        assertEquals(
                Optional.of("G6"),
                trial.judgement().blame().map(blame -> blame.rule().name()));
    }
}
