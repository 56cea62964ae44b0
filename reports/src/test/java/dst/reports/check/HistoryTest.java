package dst.reports.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.BlockPort;
import dst.protocol.Finding;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Range;
import dst.protocol.Rules;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    @Test
    void acceptsBlockByBlockWhatTwoConcurrentWritesLeft() {
        Script script = new Script()
                .write(1, 0, 2)
                .write(2, 0, 2)
                .done(1)
                .done(2)
                .read(3, 0, 2)
                .found(3, 0, 1, 2)
                .detached()
                .mediaHold(0, 1)
                .mediaHold(1, 2);
        Checked checked = script.check();
        assertEquals(List.of(), checked.findings());
        assertEquals(new Checked.Counts(3, 2, 2, 2, 1), checked.counts());
    }

    @Test
    void namesAnAcknowledgedWriteLostWithTheCacheG1() {
        Script script = new Script()
                .write(1, 0, 1)
                .done(1)
                .write(2, 0, 1)
                .done(2)
                .powerCut()
                .read(3, 0, 1)
                .found(3, 0, 1)
                .detached();
        assertFinds(
                script,
                "G1",
                "operation 3 (read), submitted at 0.008000 s, returned what operation 1 wrote at offset 0, although operation 2 (write), submitted"
                        + " after operation 1 (write) had ended (0.004000 s), was acknowledged at 0.006000 s.");
    }

    @Test
    void namesAStaleReadWithoutAnyLossG4() {
        Script script =
                new Script().write(1, 0, 1).done(1).read(2, 0, 1).found(2, 0, 0).detached();
        assertFinds(
                script,
                "G4",
                "operation 2 (read), submitted at 0.005000 s, returned zeros at offset 0, although operation 1 (write) was acknowledged at"
                        + " 0.004000 s.");
    }

    @Test
    void namesReadsThatGoBackInTimeG4() {
        Script script = new Script()
                .write(1, 0, 1)
                .read(2, 0, 1)
                .found(2, 0, 1)
                .read(3, 0, 1)
                .found(3, 0, 0)
                .done(1)
                .detached();
        assertFinds(
                script,
                "G4",
                "operation 3 (read), submitted at 0.006000 s, returned zeros at offset 0, although operation 2 (read) returned what operation 1"
                        + " wrote at 0.005000 s.");
    }

    @Test
    void namesAnUnknownWriteThatLandsLaterG5() {
        Script script = new Script()
                .write(1, 0, 1)
                .unknown(1)
                .write(2, 0, 1)
                .done(2)
                .read(3, 0, 1)
                .found(3, 0, 1)
                .detached();
        assertEquals(Rules.G5, only(script).rule());
    }

    @Test
    void acceptsAnUnknownWriteThatHappenedOrNot() {
        for (long value : new long[] {0, 1}) {
            Script script = new Script()
                    .write(1, 0, 1)
                    .unknown(1)
                    .read(3, 0, 1)
                    .found(3, 0, value)
                    .detached();
            assertEquals(List.of(), script.check().findings());
        }
    }

    @Test
    void namesARefusedWriteThatIsSeenG5() {
        Script script = new Script()
                .write(1, 0, 1)
                .refused(1)
                .read(2, 0, 1)
                .found(2, 0, 1)
                .detached();
        assertFinds(
                script,
                "G5",
                "operation 2 (read), submitted at 0.005000 s, returned what operation 1 wrote at offset 0, although operation 1 (write) was refused"
                        + " at 0.004000 s.");
    }

    @Test
    void namesABlockThatBelongsElsewhere() {
        Script script = new Script()
                .write(1, 7, 1)
                .done(1)
                .read(2, 0, 1)
                .completed(2, new Outcome.Done(Script.data(1, 7, 1)))
                .detached();
        assertFinds(
                script,
                "R5",
                "operation 2 (read) found a bad block at offset 0: it holds what operation 1 wrote for offset 3584.");
    }

    /** It is refused, and bears no stamp that could say who writes here. */
    @Test
    void acceptsWhatWasReadAfterAWriteOfLessThanABlock() {
        Checked checked = new Script()
                .write(1, 0, 1)
                .done(1)
                .client(new BlockPort.Submit(
                        2,
                        new Operation.Write(
                                7, Unpooled.wrappedBuffer(new byte[100]).setByte(3, 9), false)))
                .refused(2)
                .read(3, 0, 1)
                .found(3, 0, 1)
                .check();
        assertEquals(List.of(), checked.findings());
    }

    @Test
    void namesATornBlock() {
        var torn = Script.data(1, 0, 1).setZero(256, 256);
        Script script = new Script()
                .write(1, 0, 1)
                .done(1)
                .read(2, 0, 1)
                .completed(2, new Outcome.Done(torn))
                .detached();
        assertTrue(only(script).sentence().contains("is torn"));
    }

    @Test
    void namesAShortReadAcknowledgedAsWhole() {
        Script script = new Script().read(2, 0, 2).found(2, 0, 0).detached();
        assertEquals(Rules.R4, only(script).rule());
    }

    @Test
    void namesASecondOutcomeG5() {
        assertEquals(
                Rules.G5,
                only(new Script().flush(1).done(1).unknown(1).detached()).rule());
        assertEquals(Rules.G5, only(new Script().done(1).detached()).rule());
    }

    @Test
    void namesAnOperationThatNeverSettlesUnlessItsClientDied() {
        assertEquals(Rules.G6, only(new Script().flush(1).detached()).rule());
        assertEquals(List.of(), new Script().flush(1).crash().check().findings());
    }

    @Test
    void namesAFlushedWriteLostWithTheClientG2() {
        Script script = new Script()
                .write(1, 0, 1)
                .done(1)
                .flush(2)
                .done(2)
                .crash()
                .powerCut()
                .start()
                .read(3, 0, 1)
                .found(3, 0, 0);
        assertFinds(
                script,
                "G2",
                "operation 3 (read), submitted at 0.011000 s, returned zeros at offset 0, although operation 1 (write) came over it, was"
                        + " acknowledged at 0.004000 s and was covered by a completed flush.");
    }

    @Test
    void acceptsAnUnflushedWriteLostWithClientAndCache() {
        Script script = new Script().write(1, 0, 1).done(1).crash().powerCut();
        assertEquals(
                List.of(), script.start().read(3, 0, 1).found(3, 0, 0).check().findings());
    }

    @Test
    void namesAnUnflushedWriteLostThoughNoCacheWas() {
        Script script = new Script().write(1, 0, 1).done(1).crash();
        assertEquals(Rules.G2, only(script.start().read(3, 0, 1).found(3, 0, 0)).rule());
    }

    @Test
    void namesTwoContentsThatCannotBothHaveSurvived() {
        Script script = new Script()
                .write(1, 0, 1)
                .write(2, 0, 1)
                .done(1)
                .done(2)
                .crash()
                .start()
                .read(3, 0, 1)
                .found(3, 0, 1)
                .read(4, 0, 1)
                .found(4, 0, 2);
        assertEquals(Rules.G2, only(script).rule());
    }

    /** Write 2 has to come before write 1 was seen, and write 1 before the durable write 3. */
    @Test
    void followsAnOrderThatOnlyAThirdContentForces() {
        Script script = new Script()
                .write(2, 0, 1)
                .write(1, 0, 1)
                .done(1)
                .writeDurably(3, 0)
                .done(2)
                .read(4, 0, 1)
                .found(4, 0, 1)
                .done(3)
                .crash()
                .mediaHold(0, 2);
        assertEquals(Rules.G2, only(script).rule());
    }

    @Test
    void namesAWriteMissingOnTheMediaAfterADetachG1() {
        Script script = new Script().write(1, 0, 1).done(1).detached().mediaHold(0, 0);
        assertFinds(
                script,
                "G1",
                "At the end the media hold zeros at offset 0, although operation 1 (write) came over it, was acknowledged at"
                        + " 0.004000 s and was not reported lost when the client ended.");
    }

    @Test
    void excusesWhatWasReportedLost() {
        Script script =
                new Script().write(1, 0, 1).done(1).detached(new Range(0, 512)).mediaHold(0, 0);
        assertEquals(List.of(), script.check().findings());
    }

    @Test
    void allowsAnyEarlierContentAfterATrimUntilTheNextWrite() {
        Script script = new Script()
                .write(1, 0, 1)
                .done(1)
                .trim(2, 0)
                .done(2)
                .read(3, 0, 1)
                .found(3, 0, 0)
                .read(4, 0, 1)
                .found(4, 0, 1);
        script.write(5, 0, 1).done(5).read(6, 0, 1).found(6, 0, 1).detached();
        Finding finding = only(script);
        assertEquals(Rules.G4, finding.rule());
        assertTrue(finding.sentence().startsWith("operation 6 (read), "), finding.sentence());
    }

    @Test
    void theProofOfALostFlushedWriteRestsOnTheFlush() {
        Script script = new Script()
                .write(1, 0, 1)
                .done(1)
                .write(2, 0, 1)
                .done(2)
                .flush(3)
                .done(3)
                .write(4, 1, 1)
                .done(4)
                .crash()
                .powerCut()
                .start()
                .read(5, 0, 1)
                .found(5, 0, 1);
        assertEquals(
                List.of(new Checked.Evidence(0, List.of(1L, 2L, 5L), List.of(3L))),
                script.check().evidence());
    }

    /** The one proof that takes five: two that show the third content on both sides, and who saw what was left. */
    @Test
    void theProofOfAnOrderThatAThirdContentForcesNamesWhoShowsIt() {
        Script script = new Script()
                .write(2, 0, 1)
                .write(1, 0, 1)
                .done(1)
                .writeDurably(3, 0)
                .done(2)
                .read(4, 0, 1)
                .found(4, 0, 1)
                .done(3)
                .crash()
                .powerCut()
                .start()
                .read(5, 0, 1)
                .found(5, 0, 2);
        assertEquals(
                List.of(new Checked.Evidence(0, List.of(2L, 1L, 4L, 3L, 5L), List.of())),
                script.check().evidence());
    }

    @Test
    void theProofNamesWhoSawAWriteThatIsUnknown() {
        Script script = new Script()
                .write(1, 0, 1)
                .done(1)
                .read(3, 0, 1)
                .write(2, 0, 1)
                .unknown(2)
                .read(4, 0, 1)
                .found(4, 0, 1)
                .found(3, 0, 2)
                .detached();
        assertEquals(
                List.of(new Checked.Evidence(0, List.of(4L, 1L, 2L, 3L), List.of())),
                script.check().evidence());
    }

    @Test
    void cannotJudgeWhenATagIsUsedTwice() {
        Checked checked = new Script().flush(1).done(1).flush(1).done(1).check();
        assertTrue(checked.unknown().isPresent());
    }

    private static void assertFinds(Script script, String rule, String sentence) {
        Finding finding = only(script);
        assertEquals(rule, finding.rule().name());
        assertEquals(sentence, finding.sentence());
    }

    private static Finding only(Script script) {
        Checked checked = script.check();
        assertTrue(checked.unknown().isEmpty(), checked.toString());
        assertEquals(1, checked.findings().size(), checked.findings().toString());
        return checked.findings().getFirst();
    }
}
