package dst.protocol;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

final class ToolsTest {
    @Test
    void aMissingToolSkipsTheTest() {
        assertThrows(TestAbortedException.class, () -> Tools.require(false, "no such tool", false));
    }

    @Test
    void aMissingToolFailsTheTestInContinuousIntegration() {
        assertThrows(AssertionFailedError.class, () -> Tools.require(false, "no such tool", true));
    }

    @Test
    void aToolThatIsThereDoesNeither() {
        assertDoesNotThrow(() -> Tools.require("sh"));
        assertDoesNotThrow(() -> Tools.require(true, "", true));
    }
}
