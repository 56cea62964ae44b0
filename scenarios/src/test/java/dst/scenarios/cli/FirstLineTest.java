package dst.scenarios.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FirstLineTest {
    @Test
    void noColoursOfOtherProgramsArePassedOn() {
        assertEquals(
                Optional.of("Apache Maven 3"),
                FirstLine.of(List.of("printf", "\\033[0m\\033[1;31mApache\\033[m Maven 3\\033(B\\n")));
    }
}
