package dst.realnode.guard;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.realnode.WrongInput;
import io.netty.util.internal.PlatformDependent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R7: what fits is what this machine and this process have, in shares. */
class ProcessMemoryTest {
    /** In MiB: the machine's memory, what the process may have for buffers, and what of that is for requests. */
    @ParameterizedTest
    @CsvSource({
        "16384,  4096, 1024", // a sixteenth of the one, a quarter of the other
        "16384,  2048,  512", // the process has less
        " 4096,  4096,  256", // the machine has less
        "65536, 65536, 1024", // more makes nothing faster
        "  512,  2048,   64", // the largest write has room
        "16384,   192,   64",
        "16384,    96,   48", // but for half of what there is
        "    1,    64,   32"
    })
    void shareIsOfTheMachineAndOfTheProcess(long machine, long forBuffers, long expected) {
        assertEquals(expected << 20, ProcessMemory.usualBudget(machine << 20, forBuffers << 20));
    }

    @Test
    void threeQuartersOfTheBuffersAreTheMost() {
        long most = PlatformDependent.maxDirectMemory() / 4 * 3;
        assertDoesNotThrow(() -> ProcessMemory.checkFits("all of it", most));
        String said = assertThrows(WrongInput.class, () -> ProcessMemory.checkFits("one more", most + 1))
                .getMessage();
        assertTrue(said.startsWith("one more does not fit in the memory of this process: "), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "67108863", "63MiB"})
    void lessThanTheLargestWriteIsRefused(String text) {
        String said =
                assertThrows(WrongInput.class, () -> ProcessMemory.budget(text)).getMessage();
        assertTrue(said.startsWith("--memory is at least 64 MiB"), said);
        assertTrue(said.endsWith("not " + text), said);
    }

    @Test
    void whatIsAskedForIsGivenIfItFits() {
        assertEquals(64L << 20, ProcessMemory.budget("64MiB"));
        String said = assertThrows(WrongInput.class, () -> ProcessMemory.budget("900TiB"))
                .getMessage();
        assertTrue(said.startsWith("--memory 900 TiB does not fit"), said);
    }

    @Test
    void usualShareFits() {
        assertDoesNotThrow(() -> ProcessMemory.checkFits("the usual", ProcessMemory.usualBudget()));
    }
}
