package dst.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Side;
import dst.reports.Judgement;
import dst.reports.Verdict;
import dst.scenarios.planting.Bug;
import dst.scenarios.planting.Edit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NBD in front of a client, in a virtual world: its own mistakes are seen there as everybody else's are. */
final class OverNbdTest {
    private static final int SEEDS = 40;

    private final Library library = new Library();
    private final Scenario scenario = library.scenario("over-nbd");
    private final Subject honest = new Subject(library, Optional.empty());

    @Test
    void honestNbdHolds() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Judgement judgement = run(seed, honest);
            assertEquals(Verdict.HOLDS, judgement.verdict(), "seed " + seed + ": " + judgement.blame());
        }
    }

    @Test
    void sameSeedIsTheSameRun() {
        assertEquals(digest(honest), digest(honest));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbd-flush-answered", "nbd-fua-dropped", "nbd-error-swallowed", "nbd-wrong-cookie"})
    void aBugOfNbdIsFoundAndTheClientNamed(String id) {
        Judgement judgement = firstBroken(library.bug(id));
        assertEquals(Side.CLIENT, judgement.blame().orElseThrow().side());
    }

    @Test
    void writeThatIsAnsweredAndNotDoneIsFound() {
        assertFound("T4", new Edit("nbd.Requests", "start", new Edit.Change.Constant(5, 1)));
    }

    @Test
    void whatIsDoneInAnotherPlaceIsFound() {
        assertFound("T4", new Edit("nbd.Request", "next", new Edit.Change.ReplaceRead("offset", "0")));
    }

    /** Nobody but the attached device loads these classes. */
    @Test
    void aBugOfNbdHarmsNobodyWithoutNbd() {
        Subject subject = new Subject(library, Optional.of(library.bug("nbd-flush-answered")));
        for (long seed = 1; seed <= 5; seed++) {
            Judgement judgement = Trial.of(
                            library.scenario("server-power-cut").plan(seed), subject.machines(), Optional.empty())
                    .judgement();
            assertEquals(Verdict.HOLDS, judgement.verdict());
        }
    }

    private void assertFound(String rule, Edit edit) {
        Judgement judgement = firstBroken(
                new Bug("planted", Side.CLIENT, List.of(rule), "Nothing.", "over-nbd", List.of(edit), List.of()));
        assertEquals(Side.CLIENT, judgement.blame().orElseThrow().side());
        assertTrue(
                judgement.findings().stream().anyMatch(one -> one.rule().equals(rule)),
                () -> judgement.findings().toString());
    }

    private Judgement firstBroken(Bug bug) {
        Subject subject = new Subject(library, Optional.of(bug));
        Judgement judgement = run(1, subject);
        for (long seed = 2; seed <= SEEDS && judgement.verdict() == Verdict.HOLDS; seed++) {
            judgement = run(seed, subject);
        }
        assertEquals(Verdict.BROKEN, judgement.verdict());
        assertFalse(judgement.findings().isEmpty());
        return judgement;
    }

    private long digest(Subject subject) {
        return Trial.of(scenario.plan(7), subject.machines(), Optional.empty()).digest();
    }

    private Judgement run(long seed, Subject subject) {
        return Trial.of(scenario.plan(seed), subject.machines(), Optional.empty())
                .judgement();
    }
}
