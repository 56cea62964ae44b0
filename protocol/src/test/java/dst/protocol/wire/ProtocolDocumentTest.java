package dst.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/PROTOCOL.md says what the code does; a difference is a mistake in one of them. */
class ProtocolDocumentTest {
    private static final Specification SPECIFICATION = Specification.read();
    private static final Map<String, String> SOURCES = Deviations.sources();

    @Test
    void documentAndCodeAgree() {
        assertEquals(List.of(), Deviations.of(SPECIFICATION, SOURCES));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "| 7 | Answer | client !| 7 | Answer | both ",
                "| 8 | Ping | both | always !| 8 | Ping | both | granted ",
                "| 11 | Goodbye !| 12 | Goodbye ",
                "| 0x0024 | permission | byte !| 0x0024 | permission | count ",
                "agreement, epoch, joins !agreement, joins, epoch ",
                "| 39 | STALE !| 45 | STALE ",
                "| 3 | REOPENED !| 4 | REOPENED ",
                "| 4 | TRIM | yes | yes | no !| 4 | TRIM | yes | yes | yes ",
                "| 4 | REPLAY !| 8 | REPLAY ",
                "| 48 | number | commit number !| 40 | number | commit number ",
                "0x445354424C4F434B !0x445354424C4F434C ",
                "b73128d9 !b73128da ",
                "| **D4** !| **D7** ",
                "| **T8** | both | !| **T8** | server | ",
                "| **H7** | both | no | !| **H7** | both | yes | ",
                "| 512 | `wire/Settled` !| 256 | `wire/Settled` ",
                "`HEAD_MAX = 8192` !`HEAD_MAX = 4096` ",
                "HANDSHAKE_NANOS = 10_000_000_000L !HANDSHAKE_NANOS = 1_000_000_000L ",
                "| ENDING | nothing runs !| DRAINED | nothing runs ",
                "| Proposed | Attach of !| Offered | Attach of ",
            })
    void everyPlantedMistakeIsFound(String right, String wrong) {
        assertNotEquals(List.of(), Deviations.of(SPECIFICATION.with(wrong, right), SOURCES), wrong);
    }

    @Test
    void ruleThatTheCodeCitesAndTheDocumentDoesNotKnowIsFound() {
        Map<String, String> sources = new TreeMap<>(SOURCES);
        sources.put("client/Planted", "// T9: nobody knows this.");
        assertEquals(
                List.of("rules cited and not defined: the code says [], the document [T9]"),
                Deviations.of(SPECIFICATION, sources));
    }

    @Test
    void ruleThatIsBuiltAndThatNoCodeCitesIsFound() {
        Map<String, String> sources = new TreeMap<>(SOURCES);
        sources.replaceAll((name, text) -> name.startsWith("client/") ? text.replace("T6", "T5") : text);
        assertEquals(
                List.of("rule T6 is built, says the document, but no code cites it"),
                Deviations.of(SPECIFICATION, sources));
    }
}
