package dst.scenarios.library;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has only the module's jar has the library too. */
final class LibraryInJarTest {
    private static final Path CLASSES = Path.of("target/classes").toAbsolutePath();

    /** Who uses the artifact, while somebody else in the same program reads the jar. */
    public static final class Program {
        private Program() {}

        public static void main(String[] jar) throws IOException {
            try (FileSystem _ = FileSystems.newFileSystem(
                    URI.create("jar:" + Path.of(jar[0]).toUri()), Map.of())) {
                Library library = new Library();
                Scenario scenario = library.scenario(Library.DEMONSTRATION);
                Trial trial = new SystemUnderTest(library, Optional.empty()).run(scenario.plan(1), scenario.expected());
                System.out.println(library.names().size() + " scenarios, and " + scenario.name() + " "
                        + trial.judgement().verdict());
            }
        }
    }

    @Test
    void scenariosAreFoundInTheJarAndRunOutOfIt(@TempDir Path scratch) throws Exception {
        Path jar = jar(scratch.resolve("dst-scenarios.jar"));
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-classpath",
                        with(jar),
                        Program.class.getName(),
                        jar.toString())
                .redirectError(scratch.resolve("errors").toFile())
                .start();
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, program.waitFor(), () -> Library.textOf(scratch.resolve("errors")));
        assertEquals(new Library().names().size() + " scenarios, and server-power-cut HOLDS", said.strip());
    }

    /** What the tests run with, and the jar in the place of the folder of classes. */
    private static String with(Path jar) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(place -> Path.of(place).toAbsolutePath())
                .map(place -> place.equals(CLASSES) ? jar : place)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path jar(Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> classes = Files.walk(CLASSES)) {
            for (Path each : classes.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(
                        new JarEntry(CLASSES.relativize(each).toString().replace(File.separatorChar, '/')));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
        return jar;
    }
}
