package dst.scenarios.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.port.NbdServerControl;
import dst.nbd.rules.NbdJudge;
import dst.protocol.Rule;
import dst.protocol.Rules;
import dst.protocol.Side;
import dst.protocol.referee.Limits;
import dst.protocol.referee.Referee;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import dst.reports.Blame;
import dst.reports.Judgement;
import dst.reports.Verdict;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import dst.scenarios.planting.Edit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** NBD in front of a client, in a virtual world: its own mistakes are seen there as everybody else's are. */
final class OverNbdTest {
    private static final int SEEDS = 40;

    private final Library library = new Library();
    private final Scenario scenario = library.scenario("over-nbd");
    private final SystemUnderTest honest = new SystemUnderTest(library, Optional.empty());

    @ParameterizedTest
    @ValueSource(strings = {"over-nbd", "odd-bytes"})
    void honestNbdHolds(String name) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Judgement judgement = run(library.scenario(name), seed, honest);
            assertEquals(Verdict.HOLDS, judgement.verdict(), "seed " + seed + ": " + judgement.blame());
        }
    }

    @Test
    void sameSeedIsTheSameRun() {
        assertEquals(digest(honest), digest(honest));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nbd-flush-answered",
                "nbd-fua-dropped",
                "nbd-error-swallowed",
                "nbd-wrong-cookie",
                "nbd-goodbye-drops",
                "nbd-reader-may-write",
                "nbd-first-gives-way",
                "nbd-memory-kept",
                "nbd-edge-not-ordered",
                "nbd-edge-elsewhere",
                "nbd-edge-not-durable"
            })
    void aBugOfNbdIsFoundAndTheClientNamed(String id) {
        Bug bug = library.bug(id);
        Blame blame = firstBroken(bug).blame().orElseThrow();
        assertEquals(Side.CLIENT, blame.side());
        assertTrue(bug.rules().contains(blame.rule()), blame.toString());
    }

    @Test
    void writeThatIsAnsweredAndNotDoneIsFound() {
        assertFound(
                Rules.T4,
                new Edit(
                        "nbd.Requests",
                        "start",
                        new Edit.Change.OverrideCallWhen("isAnsweredAtOnce", "argument1.command.brings", "true")));
    }

    @Test
    void whatIsDoneInAnotherPlaceIsFound() {
        assertFound(Rules.R5, new Edit("nbd.Request", "next", new Edit.Change.ReplaceRead("offset", "0")));
    }

    /** By who watches nothing but the NBD server's own boundary. */
    @ParameterizedTest
    @CsvSource({
        "nbd-flush-answered, T4",
        "nbd-fua-dropped, T4",
        "nbd-wrong-cookie, G5 T4",
        "nbd-edge-not-ordered, ''",
    })
    void aBugOfTheNbdServerIsSeenAtItsBoundary(String id, String rules) {
        SystemUnderTest system = new SystemUnderTest(library, Optional.of(library.bug(id)));
        Set<String> found = new TreeSet<>();
        for (long seed = 1; seed <= 5; seed++) {
            Referee judge = new Referee(
                    Limits.UNKNOWN, Map.of(NbdServerControl.KIND, charges -> new NbdJudge(Side.CLIENT, charges)));
            Tap only = (now, layer, value) -> {
                if (layer.is(NbdServerControl.KIND) || value instanceof WorldEvent) {
                    judge.saw(now, layer, value);
                }
            };
            Trial.of(scenario.plan(seed), system.machines(), Optional.empty(), only);
            judge.findings().forEach(finding -> found.add(finding.rule().name()));
        }
        assertEquals(rules, String.join(" ", found));
    }

    /** Nobody but the attached device loads these classes. */
    @Test
    void aBugOfNbdHarmsNobodyWithoutNbd() {
        SystemUnderTest system = new SystemUnderTest(library, Optional.of(library.bug("nbd-flush-answered")));
        for (long seed = 1; seed <= 5; seed++) {
            Judgement judgement = Trial.of(
                            library.scenario("server-power-cut").plan(seed), system.machines(), Optional.empty())
                    .judgement();
            assertEquals(Verdict.HOLDS, judgement.verdict());
        }
    }

    private void assertFound(Rule rule, Edit edit) {
        Judgement judgement = firstBroken(
                new Bug("planted", Side.CLIENT, List.of(rule), "Nothing.", "over-nbd", List.of(edit), List.of()));
        assertEquals(Side.CLIENT, judgement.blame().orElseThrow().side());
        assertTrue(
                judgement.findings().stream().anyMatch(one -> one.rule() == rule),
                () -> judgement.findings().toString());
    }

    private Judgement firstBroken(Bug bug) {
        SystemUnderTest system = new SystemUnderTest(library, Optional.of(bug));
        Scenario where = library.scenario(bug.scenario());
        Judgement judgement = run(where, 1, system);
        for (long seed = 2; seed <= SEEDS && judgement.verdict() == Verdict.HOLDS; seed++) {
            judgement = run(where, seed, system);
        }
        assertEquals(Verdict.BROKEN, judgement.verdict());
        assertFalse(judgement.findings().isEmpty());
        return judgement;
    }

    private long digest(SystemUnderTest system) {
        return Trial.of(scenario.plan(7), system.machines(), Optional.empty()).digest();
    }

    private static Judgement run(Scenario where, long seed, SystemUnderTest system) {
        return Trial.of(where.plan(seed), system.machines(), Optional.empty()).judgement();
    }
}
