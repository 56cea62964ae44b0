package dst.protocol;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs from the machine. Missing, it skips the test; where {@code DST_CI} is set it fails it instead. */
public final class Tools {
    private Tools() {}

    /** A program that can be started, for example {@code nbdkit}. */
    public static void require(String tool) {
        require(isOnPath(tool), tool + " is not installed on this machine");
    }

    /** Any other condition, for example a kernel module or the right to use it. */
    public static void require(boolean met, String otherwise) {
        require(met, otherwise, Optional.ofNullable(System.getenv("DST_CI")).isPresent());
    }

    static void require(boolean met, String otherwise, boolean continuousIntegration) {
        if (continuousIntegration) {
            Assertions.assertTrue(met, otherwise + ", and where DST_CI is set no test may be skipped");
        }
        Assumptions.assumeTrue(met, otherwise);
    }

    private static boolean isOnPath(String tool) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/sbin";
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
