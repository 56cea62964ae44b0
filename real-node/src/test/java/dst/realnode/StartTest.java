package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StartTest {
    /** Throws what it is told to, out of the program. */
    static final class Throws {
        private Throws() {}

        public static void main(String[] arguments) {
            Start.run(() -> {
                switch (arguments[0]) {
                    case "memory" -> throw new OutOfMemoryError("Java heap space");
                    case "class" -> throw new NoClassDefFoundError("picocli/CommandLine");
                    default -> throw new AssertionError("planted");
                }
            });
        }
    }

    private static Tools.Ran run(String what) {
        return Tools.run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                Throws.class.getName(),
                what);
    }

    @Test
    void whatIsThrownOutOfTheProgramIsNoBrokenPromise() {
        Tools.Ran memory = run("memory");
        assertEquals(3, memory.code(), memory.text());
        assertTrue(memory.text().contains("there is not enough memory (Java heap space"), memory.text());
        assertEquals(1, memory.text().lines().count(), memory.text());
        Tools.Ran missing = run("class");
        assertEquals(3, missing.code(), missing.text());
        assertTrue(missing.text().contains("a part of the build cannot be loaded"), missing.text());
        Tools.Ran other = run("other");
        assertEquals(3, other.code(), other.text());
        assertTrue(
                other.text().contains("an error in dst itself") && other.text().contains("planted"), other.text());
    }

    @Test
    void itIsLoadedWhereNoLibraryCanBe() {
        Path classes = Path.of(
                Start.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        Tools.Ran ran = Tools.run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                classes.toString(),
                Start.class.getName(),
                "ctl");
        assertEquals(3, ran.code(), ran.text());
        assertTrue(ran.text().contains("a part of the build cannot be loaded"), ran.text());
    }
}
