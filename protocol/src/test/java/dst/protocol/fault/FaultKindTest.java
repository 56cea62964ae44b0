package dst.protocol.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.setting.Measure;
import dst.protocol.setting.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What each kind of fault says of itself is all of it, and right. */
final class FaultKindTest {
    private static final long ODD_NANOS = 123_456_789;

    private static boolean isTime(Setting<?, ?> setting) {
        return setting.measure().equals(Measure.TIME)
                || setting.measure() instanceof Measure.Or<?> or && or.measure().equals(Measure.TIME);
    }

    /** Numbers that differ from each other and from what is usual, as far as there are such. */
    private static long[] numbers(List<? extends Setting<?, ?>> settings) {
        long[] numbers = new long[settings.size()];
        for (int i = 0; i < numbers.length; i++) {
            long[] usual = settings.get(i).usualNumbers();
            numbers[i] = isTime(settings.get(i)) ? ODD_NANOS + i : usual.length == 0 ? 7 : usual[usual.length - 1];
        }
        return numbers;
    }

    /** All that strikes. */
    private static Stream<Class<?>> strikes(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Stream.of(type.getPermittedSubclasses()).flatMap(FaultKindTest::strikes);
    }

    private static Strike odd(FaultKind kind) {
        return kind.strike(numbers(kind.settings()));
    }

    @Test
    void whateverStrikesHasAKindOfItsOwn() {
        TreeSet<String> records = new TreeSet<>();
        strikes(Strike.class).forEach(record -> records.add(record.getSimpleName()));
        TreeSet<String> kinds = new TreeSet<>();
        for (FaultKind kind : FaultKind.values()) {
            assertEquals(kind, FaultKind.of(odd(kind)));
            kinds.add(odd(kind).getClass().getSimpleName());
        }
        assertEquals(records, kinds);
    }

    @Test
    void allThatARecordHasCanBeSaidAndIsReadBack() {
        for (FaultKind kind : FaultKind.values()) {
            long[] numbers = numbers(kind.settings());
            Strike strike = kind.strike(numbers);
            assertEquals(strike.getClass().getRecordComponents().length, numbers.length, kind.key());
            assertEquals(Arrays.toString(numbers), Arrays.toString(FaultKind.numbers(strike)), kind.key());
            assertEquals(
                    numbers.length,
                    kind.settings().stream().map(Setting::name).distinct().count(),
                    kind.key());
        }
        for (WhenKind kind : WhenKind.values()) {
            long[] numbers = numbers(kind.settings());
            When when = kind.when(numbers);
            assertEquals(kind, WhenKind.of(when));
            assertEquals(when.getClass().getRecordComponents().length, numbers.length, kind.key());
            assertEquals(Arrays.toString(numbers), Arrays.toString(WhenKind.numbers(when)), kind.key());
            assertEquals(kind.key(), kind.settings().getFirst().name());
        }
    }

    /** Of every kind that has any: nothing at all, a round one, and the other numbers as they were. */
    @Test
    void everyTimeOfEveryKindBecomesSmaller() {
        List<String> times = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            long[] numbers = numbers(kind.settings());
            for (int i = 0; i < numbers.length; i++) {
                if (isTime(kind.settings().get(i))) {
                    times.add(kind.key() + " " + kind.settings().get(i).name());
                    for (long smaller : new long[] {0, 100_000_000, 120_000_000}) {
                        long[] other = numbers.clone();
                        other[i] = smaller;
                        assertTrue(
                                FaultKind.simpler(kind.strike(numbers)).contains(kind.strike(other)),
                                times.getLast() + " to " + smaller);
                    }
                }
            }
        }
        assertTrue(
                times.containsAll(List.of(
                        "black-hole for",
                        "delay extra",
                        "stop-clock for",
                        "disk-limit for",
                        "access for",
                        "clock-jump by",
                        "detach deadline")),
                times::toString);
        long inRecords = strikes(Strike.class)
                .flatMap(record -> Stream.of(record.getRecordComponents()))
                .filter(component ->
                        component.getName().toLowerCase(java.util.Locale.ROOT).contains("nanos"))
                .count();
        assertEquals(inRecords, times.size(), times::toString);
    }

    @Test
    void aFaultBecomesSimplerInItsMomentAndInWhatItDoes() {
        Target path = new Target.Path("path-2");
        Fault fault = new Fault(new When.AtMessage(Fault.Direction.BOTH, 9), new Strike.Delay(2, ODD_NANOS), path);

        List<Fault> simpler = fault.simpler();

        assertEquals(new Fault(new When.AtMessage(Fault.Direction.BOTH, 1), fault.strike(), path), simpler.getFirst());
        assertTrue(simpler.contains(new Fault(fault.when(), new Strike.Delay(0, ODD_NANOS), path)));
        assertTrue(simpler.contains(new Fault(fault.when(), new Strike.Delay(2, 0), path)));
    }

    @Test
    void whatAKindCanHitIsWhatItsRecordSaysThatItHits() {
        for (FaultKind kind : FaultKind.values()) {
            boolean fits = switch (odd(kind)) {
                case Strike.OnLinks _ -> kind.aim() == Target.Aim.LINKS;
                case Strike.OnDisks _ -> kind.aim() == Target.Aim.DISKS;
                case Strike.OnNodes _ -> kind.aim() != Target.Aim.LINKS && kind.aim() != Target.Aim.DISKS;
            };
            assertTrue(fits, kind.key() + " and " + kind.aim());
        }
    }

    /** What befalls connections is carried out by whoever carries them, what befalls disks by whoever has those. */
    @Test
    void whatItHitsGoesWithWhatItIs() {
        for (FaultKind kind : FaultKind.values()) {
            assertEquals(kind.aim() == Target.Aim.LINKS, odd(kind) instanceof Strike.OnLinks, kind.key());
            assertEquals(kind.aim() == Target.Aim.DISKS, odd(kind) instanceof Strike.OnDisks, kind.key());
        }
    }

    @Test
    void whoeverSaysThatNoProtocolCanSurviveItSaysWhy() {
        for (FaultKind kind : FaultKind.values()) {
            if (kind.does().endsWith("the protocol cannot survive this")) {
                assertTrue(kind.harm().orElseThrow().did().endsWith("."), kind.key());
            }
        }
    }
}
