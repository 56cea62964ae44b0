package dst.scenarios.doctor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DoctorTest {
    @Test
    void aMissingThingIsToldWithWhatItIsForAndHowToGetIt() {
        String line =
                Doctor.line(Prerequisite.optional("nbdkit", Optional.empty(), "comparing", "apt-get install nbdkit"));

        assertTrue(line.startsWith("- "), line);
        assertTrue(line.endsWith("not found: needed for comparing; apt-get install nbdkit"), line);
        assertFalse(Doctor.line(Prerequisite.required("JDK", Optional.empty(), "all", "install"))
                .startsWith("- "));
    }
}
