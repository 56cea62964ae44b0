package dst.protocol.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Permission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MeasureTest {
    private static final Measure<Long> LASTING = Measure.TIME.or("for-good", Long.MAX_VALUE);
    private static final Measure<Permission> PERMISSION = Measure.oneOf(List.of(Permission.READ, Permission.BOTH));

    private static String wrong(Measure<?> measure, String text) {
        Written written = Written.of(text);
        assertEquals(OptionalLong.empty(), measure.read(written));
        return measure.wrong(written, "'" + text + "'", ":");
    }

    @Test
    void whatIsWrittenIsReadAsTheSameNumber() {
        for (long number : new long[] {0, 1, 700, 65_536, 123_456_789, Long.MAX_VALUE}) {
            for (Measure<?> measure : List.of(Measure.TIME, LASTING, Measure.size(0))) {
                assertEquals(OptionalLong.of(number), measure.read(measure.write(number)));
                assertEquals(
                        OptionalLong.of(number),
                        measure.read(Written.of(measure.write(number).text())));
            }
        }
        assertEquals(new Written.Word("for-good"), LASTING.write(Long.MAX_VALUE));
        assertEquals(Permission.BOTH, PERMISSION.value(PERMISSION.number(Permission.BOTH)));
        assertEquals(new Written.Word("both"), PERMISSION.write(Permission.BOTH.ordinal()));
    }

    @Test
    void whatMayNotStandThereIsToldWithWhatMay() {
        assertEquals(Quantity.noTime("'5'") + ", or :for-good", wrong(LASTING, "5"));
        assertEquals(Quantity.noSize("'big'"), wrong(Measure.size(0), "big"));
        assertEquals("expected a size from 1 to 2147483647, got '0'", wrong(Measure.smallSize(1), "0"));
        assertEquals("expected a whole number from 0 to 15, got '16'", wrong(Measure.whole(0, 15), "16"));
        assertEquals(
                "expected a whole number from 1 to 9, or :unlimited, got '0'",
                wrong(Measure.number(1, 9).or("unlimited", 0L), "0"));
        assertEquals("expected one of :both :read, got 'write'", wrong(PERMISSION, "write"));
        assertEquals(
                "expected a power of two from 512 to 64 KiB, got '1000'",
                wrong(Measure.powerOfTwo(512, 65_536), "1000"));
    }

    @Test
    void aTimeIsMadeNothingOrRound() {
        assertEquals(
                List.of(0L, 100_000_000L, 200_000_000L, 120_000_000L, 130_000_000L, 123_000_000L, 124_000_000L),
                Measure.TIME.simpler(123_500_000));
        assertEquals(List.of(), LASTING.simpler(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 9, ''", "2, 1, 9, 1", "7, 1, 9, '1 3 6'", "-9, -20, 20, '0 -4 -8'", "3, 3, 9, ''", "4, 3, 9, 3"})
    void aNumberIsMadeTheLeastThatMayBeOrHalfOfIt(long number, int low, int high, String simpler) {
        assertEquals(
                simpler,
                String.join(
                        " ",
                        Measure.number(low, high).simpler(number).stream()
                                .map(String::valueOf)
                                .toList()));
    }

    /** A plan that is made smaller comes to an end: nothing that is simpler than a number leads back to it. */
    @Test
    void whatIsSimplerNeverLeadsBackAndMayStandThere() {
        for (Measure<?> measure : List.of(
                LASTING,
                Measure.size(1),
                Measure.smallSize(0),
                Measure.powerOfTwo(512, 65_536),
                Measure.whole(-100, 100),
                Measure.number(1, 1000))) {
            for (long number : new long[] {-77, 1, 2, 99, 513, 8192, 70_001, 1_234_567, 987_654_321}) {
                if (measure.read(measure.write(Math.abs(number))).isPresent()) {
                    leadsNowhereBack(measure, Math.abs(number));
                }
            }
        }
    }

    private static void leadsNowhereBack(Measure<?> measure, long number) {
        Deque<Long> next = new ArrayDeque<>(measure.simpler(number));
        Set<Long> seen = new HashSet<>(next);
        while (!next.isEmpty()) {
            long simpler = next.remove();
            assertTrue(simpler != number, measure + " leads back to " + number);
            assertEquals(OptionalLong.of(simpler), measure.read(measure.write(simpler)));
            measure.simpler(simpler).stream().filter(seen::add).forEach(next::add);
        }
    }

    @Test
    void aUsualValueThatMayNotStandThereIsAMistakeOfTheCode() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Setting<>("size", Measure.whole(1, 3), (Integer one) -> one, Usual.fixed("4")));
    }
}
