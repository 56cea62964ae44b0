package dst.reports.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class HistoryAgainstBruteForceTest {
    private static final int HISTORIES = 20_000;

    @Test
    void agreesExactlyWhereEveryContentIsUnique() {
        agreesExactly(seed -> SmallHistory.draw(seed, false, 7), Unknowns.OVER_WHEN_TOLD);
    }

    @Test
    void agreesExactlyWhereAnUnknownWriteMayLandAtAnyLaterTime() {
        agreesExactly(seed -> SmallHistory.draw(seed, false, 7), Unknowns.OPEN_FOR_EVER);
    }

    @Test
    void agreesExactlyWhereClientsTakeTheExportFromEachOther() {
        agreesExactly(seed -> SmallHistory.drawTakeovers(seed, false, 7), Unknowns.OVER_WHEN_TOLD);
    }

    @Test
    void neverAccusesASoundHistoryWithTrimsAndZeroesAndFindsMostBrokenOnes() {
        findsMostAndAccusesNoSoundOne(seed -> SmallHistory.draw(seed, true, 7));
    }

    @Test
    void neverAccusesASoundTakeoverWithTrimsAndZeroesAndFindsMostBrokenOnes() {
        findsMostAndAccusesNoSoundOne(seed -> SmallHistory.drawTakeovers(seed, true, 7));
    }

    private static void agreesExactly(LongFunction<SmallHistory> draw, Unknowns unknowns) {
        int fine = 0;
        for (long seed = 1; seed <= HISTORIES; seed++) {
            SmallHistory history = draw.apply(seed);
            boolean expected = new BruteForce(history, unknowns == Unknowns.OPEN_FOR_EVER).fine();
            Checked checked = history.history().check(unknowns);
            assertTrue(checked.unknown().isEmpty(), checked.toString());
            if (expected != clean(checked)) {
                assertEquals(expected, clean(checked), "seed " + seed + "\n" + history + "\n" + checked.findings());
            }
            fine += expected ? 1 : 0;
        }
        assertBothKinds(fine);
    }

    private static void findsMostAndAccusesNoSoundOne(LongFunction<SmallHistory> draw) {
        int broken = 0;
        int found = 0;
        for (long seed = 1; seed <= HISTORIES; seed++) {
            SmallHistory history = draw.apply(seed);
            boolean expected = new BruteForce(history, false).fine();
            Checked checked = history.history().check();
            if (expected && !clean(checked)) {
                assertTrue(clean(checked), "seed " + seed + "\n" + history + "\n" + checked.findings());
            }
            broken += expected ? 0 : 1;
            found += clean(checked) ? 0 : 1;
        }
        assertTrue(found > broken * 0.97, found + " of " + broken + " found");
    }

    private static void assertBothKinds(int fine) {
        assertTrue(fine > HISTORIES / 10 && fine < HISTORIES * 9 / 10, fine + " are fine");
    }

    private static boolean clean(Checked checked) {
        return checked.findings().stream().allMatch(finding -> finding.rule().equals("G6"));
    }
}
