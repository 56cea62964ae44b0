package dst.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Finding;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.reports.check.Checked;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class JudgementTest {
    private static final Finding LOST =
            new Finding(Rules.G1, Side.OPEN, 900, Sentence.of("read 3 returned an old content."));
    private static final Finding EARLY =
            new Finding(Rules.D1, Side.SERVER, 500, Sentence.of("flush 2 was answered too early."));
    private static final Finding LATER =
            new Finding(Rules.T4, Side.CLIENT, 700, Sentence.of("an old boot's answer was believed."));
    private static final Finding LEAK =
            new Finding(Rules.R7, Side.SERVER, 1000, Sentence.of("3 pages did not come back."));
    private static final Finding HANG =
            new Finding(Rules.G6, Side.OPEN, 1000, Sentence.of("operation 4 was never settled."));
    private static final Expectation LYING = new Expectation(Rules.D1, Side.DISK);

    @Test
    void holdsWhenNothingWasFound() {
        assertEquals(
                Verdict.HOLDS, judge(List.of(), List.of(), List.of(), Map.of()).verdict());
    }

    @Test
    void convictsByTheEarliestBreachAndKeepsThePromiseThatBrokeInConsequence() {
        Judgement judgement = judge(List.of(LATER, EARLY), List.of(LOST), List.of(LEAK), Map.of("lying-flush", 1L));
        assertEquals(Verdict.BROKEN, judgement.verdict());
        Blame blame = judgement.blame().orElseThrow();
        assertEquals("D1 by the server", blame.words());
        assertEquals(Optional.of(Rules.G1), blame.promise());
        assertEquals(List.of(EARLY, LATER, LOST, LEAK), judgement.findings());
    }

    @Test
    void blamesTheSideThatLeaks() {
        assertEquals(
                "R7 by the server", blame(List.of(), List.of(LEAK), Map.of()).words());
    }

    @Test
    void blamesTheFaultThatExplainsABrokenPromise() {
        Blame blame = blame(List.of(LOST), List.of(), Map.of("cut", 3L, "lying-flush", 1L));
        assertEquals("D1 by the disk", blame.words());
        assertEquals(Optional.of(Rules.G1), blame.promise());
        assertEquals(Optional.of("lying-flush"), blame.fault());
        assertTrue(blame.sentence().startsWith(LOST.sentence()), blame.sentence());
    }

    @Test
    void blamesARestoredBackupForWhatIsOlderThanItShouldBe() {
        Blame blame = blame(List.of(LOST), List.of(), Map.of("cut", 3L, "older-disk", 1L));
        assertEquals("D1 by the disk", blame.words());
        assertEquals(Optional.of("older-disk"), blame.fault());
        Finding older = new Finding(Rules.D1, Side.DISK, 500, Sentence.of("the disk lost what it had called durable"));
        assertEquals(
                Optional.of("older-disk"),
                judge(List.of(older), List.of(), List.of(), Map.of("older-disk", 1L))
                        .blame()
                        .orElseThrow()
                        .fault());
    }

    @Test
    void namesTheFaultBehindAConvictedDisk() {
        Finding lied = new Finding(Rules.D1, Side.DISK, 500, Sentence.of("the disk lost what it had called durable"));
        Blame blame = judge(List.of(lied), List.of(), List.of(), Map.of("lying-flush", 1L, "bit-rot", 1L))
                .blame()
                .orElseThrow();
        assertEquals(Optional.of("lying-flush"), blame.fault());
        Blame server = judge(List.of(EARLY), List.of(), List.of(), Map.of("lying-flush", 1L))
                .blame()
                .orElseThrow();
        assertEquals(Optional.empty(), server.fault());
    }

    @Test
    void aBrokenGroundIsNamedWhicheverConsequenceShowsFirst() {
        Finding stale = new Finding(
                Rules.R5, Side.DISK, 500, Sentence.of("the disk gave something else than what was written"));
        Map<String, Long> second = Map.of("two-servers", 1L, "cut", 2L);
        Blame blame =
                judge(List.of(stale), List.of(LOST), List.of(), second).blame().orElseThrow();
        assertEquals("H4 by the disk", blame.words());
        assertEquals(Optional.of("two-servers"), blame.fault());
        assertTrue(blame.sentence().startsWith(stale.sentence()), blame.sentence());
        assertEquals("H4 by the disk", blame(List.of(LOST), List.of(), second).words());
        assertEquals("H4 by the disk", blame(List.of(), List.of(HANG), second).words());
        Finding after = new Finding(Rules.G3, Side.OPEN, 700, Sentence.of("a replaced client was served"));
        assertEquals(
                "H5 by the disk",
                blame(List.of(after), List.of(), Map.of("older-state", 1L)).words());
        assertEquals(
                "D1 by the disk",
                blame(List.of(LOST), List.of(), Map.of("torn-neighbour", 1L)).words());
    }

    @Test
    void aBrokenGroundExcusesNoSideThatWasSeenBreakingARule() {
        assertEquals(
                "D1 by the server",
                judge(List.of(EARLY), List.of(LOST), List.of(), Map.of("two-servers", 1L))
                        .blame()
                        .orElseThrow()
                        .words());
    }

    @Test
    void saysThatTheRulesHaveAGapWhenNothingExplainsABrokenPromise() {
        assertEquals(
                "G1 by nobody: the rules have a gap",
                blame(List.of(LOST), List.of(), Map.of("cut", 3L)).words());
        assertEquals(
                "G1 by nobody: the rules have a gap",
                blame(List.of(LOST), List.of(HANG), Map.of("cut", 3L)).words());
    }

    @Test
    void doesNotBlameALyingDiskForAnOutcomeToldTwice() {
        Finding twice =
                new Finding(Rules.G5, Side.OPEN, 10, Sentence.of("operation 1 (write) was settled a second time."));
        assertEquals(
                "G5 by nobody: the rules have a gap",
                blame(List.of(twice), List.of(), Map.of("lying-flush", 1L)).words());
    }

    @Test
    void holdsWhenWhatWasExpectedIsBrokenAndOnlyThen() {
        Map<String, Long> lying = Map.of("lying-flush", 1L);
        assertEquals(Verdict.HOLDS, expecting(List.of(), List.of(LOST), lying).verdict());
        assertEquals(
                Verdict.BROKEN, expecting(List.of(EARLY), List.of(LOST), lying).verdict());
        assertEquals(Verdict.VACUOUS, expecting(List.of(), List.of(), lying).verdict());
    }

    @Test
    void doesNotPassWhatCouldNotBeJudged() {
        Checked unknown = new Checked(List.of(), List.of(), Optional.of("why"), new Checked.Counts(0, 0, 0, 0, 0));
        Judgement judgement =
                Judgement.of(new Judgement.Found(List.of(), unknown, List.of(), Map.of()), Optional.empty());
        assertEquals(Verdict.UNKNOWN, judgement.verdict());
        assertEquals(4, judgement.verdict().exitCode());
    }

    @Test
    void aBatchWhoseFaultsNeverStruckIsVacuous() {
        Batch batch = new Batch(Optional.empty(), new TreeSet<>(List.of("cut", "stall")));
        assertEquals(Verdict.VACUOUS, batch.verdict());
        batch.add(judge(List.of(), List.of(), List.of(), Map.of()));
        assertEquals(Verdict.VACUOUS, batch.verdict());
        batch.add(judge(List.of(), List.of(), List.of(), Map.of("cut", 2L)));
        assertEquals(Verdict.HOLDS, batch.verdict());
        assertEquals(new TreeSet<>(List.of("stall")), batch.missed());
        batch.add(judge(List.of(EARLY), List.of(), List.of(), Map.of()));
        assertEquals(Verdict.BROKEN, batch.verdict());
        assertEquals(Map.of("D1 by the server", 1L), batch.failures());
    }

    @Test
    void aBatchThatIsToBeBrokenHoldsIfOneRunWas() {
        Batch batch = new Batch(Optional.of(LYING), new TreeSet<>(List.of("lying-flush")));
        batch.add(expecting(List.of(), List.of(), Map.of("lying-flush", 1L)));
        assertEquals(Verdict.VACUOUS, batch.verdict());
        batch.add(expecting(List.of(), List.of(LOST), Map.of("lying-flush", 1L)));
        assertEquals(Verdict.HOLDS, batch.verdict());
    }

    @Test
    void anExpectationMayNameThePromiseInstead() {
        Blame blame = blame(List.of(LOST), List.of(), Map.of("lying-flush", 1L));
        assertTrue(new Expectation(Rules.G1, Side.DISK).isMetBy(blame));
        assertFalse(new Expectation(Rules.G1, Side.SERVER).isMetBy(blame));
        assertFalse(new Expectation(Rules.G2, Side.DISK).isMetBy(blame));
    }

    private static Blame blame(List<Finding> history, List<Finding> world, Map<String, Long> struck) {
        return judge(List.of(), history, world, struck).blame().orElseThrow();
    }

    private static Judgement judge(
            List<Finding> referee, List<Finding> history, List<Finding> world, Map<String, Long> struck) {
        return Judgement.of(new Judgement.Found(referee, checked(history), world, struck), Optional.empty());
    }

    private static Judgement expecting(List<Finding> referee, List<Finding> history, Map<String, Long> struck) {
        return Judgement.of(new Judgement.Found(referee, checked(history), List.of(), struck), Optional.of(LYING));
    }

    static Checked checked(List<Finding> history) {
        return new Checked(
                history,
                history.stream()
                        .map(_ -> new Checked.Evidence(0, List.of(), List.of()))
                        .toList(),
                Optional.empty(),
                new Checked.Counts(60, 90, 58, 64, 1));
    }
}
