package dst.protocol.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "10ms, 10000000",
        "10 ms, 10000000",
        "10  MS, 10000000",
        "' 10 ms ', 10000000",
        "1.5 s, 1500000000",
        "1.5s, 1500000000",
        "0 ms, 0",
        "0, 0",
        "1.000000001s, 1000000001",
        "250us, 250000",
        "7ns, 7",
        "2m, 120000000000",
        "2 min, 120000000000",
        "8h, 28800000000000",
        "9223372036854775807ns, 9223372036854775807"
    })
    void aTimeIsReadTheSameHoweverItIsWritten(String text, long nanos) {
        assertEquals(OptionalLong.of(nanos), Quantity.nanos(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "4096 B, 4096",
        "64KiB, 65536",
        "64 KiB, 65536",
        "64 kib, 65536",
        "64k, 65536",
        "1.5 MiB, 1572864",
        "2G, 2147483648",
        "3 TiB, 3298534883328"
    })
    void aSizeIsReadTheSameHoweverItIsWritten(String text, long bytes) {
        assertEquals(OptionalLong.of(bytes), Quantity.bytes(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "5",
                "ms",
                "-5 ms",
                "+5 ms",
                "5 mss",
                "5. ms",
                ".5 ms",
                "1.5 ns",
                "5 m s",
                "1e3 ms",
                "٥ ms",
                "9223372036854775808 ns",
                "3000000 h"
            })
    void whatIsNoTimeIsNone(String text) {
        assertEquals(OptionalLong.empty(), Quantity.nanos(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KiB", "-5", "1.5", "1.5 B", "5 XB", "5 KB", "0x10", "9999999TiB"})
    void whatIsNoSizeIsNone(String text) {
        assertEquals(OptionalLong.empty(), Quantity.bytes(text));
    }

    @Property
    void whatIsPrintedIsReadAsTheSame(@ForAll @LongRange(min = 0) long number) {
        assertEquals(OptionalLong.of(number), Quantity.nanos(Quantity.time(number)));
        assertEquals(OptionalLong.of(number), Quantity.bytes(Quantity.size(number)));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 ms", "999, 999 ns", "1500, 1.5 us", "1250000, 1.25 ms", "60000000000, 60 s"})
    void aTimeIsPrintedExactlyAndShort(long nanos, String text) {
        assertEquals(text, Quantity.time(nanos));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "513, 513", "1024, 1 KiB", "1572864, 1536 KiB", "3298534883328, 3072 GiB"})
    void aSizeIsPrintedExactlyAndShort(long bytes, String text) {
        assertEquals(text, Quantity.size(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ns", "us", "ms", "s", "min", "h"})
    void everyUnitThatAMessageNamesIsOne(String unit) {
        assertTrue(Quantity.noTime("x").contains(unit));
        assertTrue(Quantity.nanos("1" + unit).isPresent());
    }
}
