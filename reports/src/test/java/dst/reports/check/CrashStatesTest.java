package dst.reports.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Finding;
import dst.protocol.Kind;
import dst.protocol.Rules;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrashStatesTest {
    private static final int BLOCK = 512;

    private final Ledger ledger = Ledger.ofOneClient(BLOCK, 16);
    private long now;

    private int begin(Kind kind, boolean durable, int block, int blocks) {
        int tag = ledger.operations.size() + 1;
        return ledger.submitted(tag, kind, durable, (long) block * BLOCK, blocks * BLOCK, now += 1000);
    }

    private int done(int place) {
        ledger.done(place, now += 1000);
        return place;
    }

    private int write(int block, int blocks) {
        return done(begin(Kind.WRITE, false, block, blocks));
    }

    private int writeDurably(int block) {
        return done(begin(Kind.WRITE, true, block, 1));
    }

    private int flush() {
        return done(begin(Kind.FLUSH, false, 0, 0));
    }

    private void assertLegal(int block, int... contents) {
        assertArrayEquals(contents, CrashStates.of(ledger).legal((long) block * BLOCK));
    }

    @Test
    void anyUnflushedWriteSurvivesOrNoneWhateverTheirOrder() {
        int first = write(0, 1);
        int second = write(0, 1);
        int third = begin(Kind.WRITE, false, 0, 1);
        assertLegal(0, Ledger.ZERO, first, second, third);
    }

    @Test
    void aFlushKeepsWhatHadEndedWhenItWasSubmitted() {
        write(0, 1);
        int second = write(0, 1);
        int late = begin(Kind.WRITE, false, 0, 1);
        int flush = begin(Kind.FLUSH, false, 0, 0);
        done(late);
        assertLegal(0, Ledger.ZERO, 0, second, late);
        done(flush);
        assertLegal(0, second, late);
    }

    @Test
    void aFailedFlushKeepsNothing() {
        int only = write(0, 1);
        ledger.unknown(begin(Kind.FLUSH, false, 0, 0), now += 1000);
        assertLegal(0, Ledger.ZERO, only);
    }

    @Test
    void aDurableWriteKeepsItselfAndNoOther() {
        int other = write(1, 1);
        write(0, 1);
        int durable = writeDurably(0);
        int after = write(0, 1);
        assertLegal(0, durable, after);
        assertLegal(1, Ledger.ZERO, other);
    }

    @Test
    void whatOverlapsADurableWriteMayHaveComeAfterIt() {
        int beside = begin(Kind.WRITE, false, 0, 1);
        int durable = writeDurably(0);
        done(beside);
        assertLegal(0, beside, durable);
    }

    @Test
    void aWriteIsTornBetweenBlocksAndLaterOnesOvertakeIt() {
        int wide = write(0, 2);
        int later = write(1, 1);
        CrashStates states = CrashStates.of(ledger);
        assertEquals(
                Set.of(
                        List.of(Ledger.ZERO, Ledger.ZERO),
                        List.of(Ledger.ZERO, wide),
                        List.of(Ledger.ZERO, later),
                        List.of(wide, Ledger.ZERO),
                        List.of(wide, wide),
                        List.of(wide, later)),
                boxed(states.states(6, 1)));
    }

    @Test
    void afterATrimTheBlockIsZerosOrWhatItEverHeld() {
        int first = writeDurably(0);
        int second = writeDurably(0);
        done(begin(Kind.TRIM, false, 0, 1));
        flush();
        assertLegal(0, Ledger.ZERO, first, second);
        int last = writeDurably(0);
        assertLegal(0, last);
    }

    @Test
    void aDurableZeroLeavesNothingElse() {
        write(0, 1);
        done(begin(Kind.ZERO, true, 0, 1));
        assertLegal(0, Ledger.ZERO);
        int after = write(0, 1);
        assertLegal(0, Ledger.ZERO, after);
    }

    @Test
    void aRefusedWriteIsNowhereAndAnUnknownOneMayBe() {
        ledger.refused(begin(Kind.WRITE, false, 0, 1), now += 1000);
        int unknown = begin(Kind.WRITE, false, 0, 1);
        ledger.unknown(unknown, now += 1000);
        assertLegal(0, Ledger.ZERO, unknown);
    }

    @Test
    void whatSurvivedOneCutBoundsWhatSurvivesTheNext() {
        write(0, 1);
        int second = write(0, 1);
        ledger.powerCut();
        ledger.restarted();
        int read = begin(Kind.READ, false, 0, 1);
        done(read);
        ledger.found(read, second);
        int third = write(0, 1);
        assertLegal(0, second, third);
    }

    @Test
    void namesTheFewOperationsThatProveAStateIllegal() {
        int lost = write(0, 1);
        int covered = write(0, 1);
        int flush = flush();
        CrashStates states = CrashStates.of(ledger);
        Checked checked = states.judge(new int[] {lost});
        Finding finding = checked.findings().getFirst();
        assertEquals(Rules.G2, finding.rule());
        assertTrue(finding.sentence().contains("was covered by a completed flush"), finding::sentence);
        Checked.Evidence evidence = checked.evidence().getFirst();
        assertEquals(Set.of(tag(lost), tag(covered)), Set.copyOf(evidence.tags()));
        assertEquals(List.of(tag(flush)), evidence.context());
    }

    @Test
    void namesWhatNobodyWroteThere() {
        int elsewhere = write(1, 1);
        write(0, 1);
        CrashStates states = CrashStates.of(ledger);
        for (int content : new int[] {elsewhere, Ledger.NOTHING}) {
            assertEquals(
                    Rules.R5,
                    states.judge(new int[] {content, Ledger.ZERO})
                            .findings()
                            .getFirst()
                            .rule());
        }
    }

    /** 4 to the 40th: only some are drawn, all different, all legal, the same from the same seed. */
    @Test
    void drawsFromManyStatesWithASeed() {
        for (int block = 0; block < 40; block++) {
            write(block, 1);
            write(block, 1);
            write(block, 1);
        }
        CrashStates states = CrashStates.of(ledger);
        assertEquals(BigInteger.valueOf(4).pow(40), states.count());
        List<int[]> some = states.states(500, 7);
        assertEquals(500, boxed(some).size());
        assertTrue(some.stream().allMatch(state -> states.judge(state).clean()));
        assertTrue(Arrays.stream(some.getFirst()).allMatch(content -> content == Ledger.ZERO));
        assertEquals(boxed(some), boxed(states.states(500, 7)));
        assertFalse(boxed(some).equals(boxed(states.states(500, 8))));
    }

    private long tag(int place) {
        return ledger.operations.tag(place);
    }

    private static Set<List<Integer>> boxed(List<int[]> states) {
        Set<List<Integer>> all =
                new HashSet<>(states.stream().map(CrashStatesTest::boxed).collect(Collectors.toSet()));
        assertEquals(states.size(), all.size());
        return all;
    }

    private static List<Integer> boxed(int[] state) {
        return IntStream.of(state).boxed().toList();
    }
}
