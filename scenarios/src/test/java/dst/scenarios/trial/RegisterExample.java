package dst.scenarios.trial;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.scenarios.library.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The example of a protocol of one's own, as it lies there or with its source changed. */
final class RegisterExample {
    static final Path FOLDER = Path.of("examples/register");

    private final String scenario;
    private String source;

    RegisterExample() throws IOException {
        scenario = Files.readString(FOLDER.resolve("register.edn"));
        source = Files.readString(FOLDER.resolve("Register.java"));
    }

    /** What is changed stands in the source, and once. */
    RegisterExample with(String text, String other) {
        assertTrue(source.contains(text) && source.indexOf(text) == source.lastIndexOf(text), text);
        source = source.replace(text, other);
        return this;
    }

    Series run(Path folder, long seeds) throws IOException {
        Files.writeString(folder.resolve("Register.java"), source);
        return of(Files.writeString(folder.resolve("register.edn"), scenario), seeds);
    }

    static Series of(Path file, long seeds) {
        Library library = new Library();
        return new Series(library.scenario(file.toString()), new SystemUnderTest(library, Optional.empty()), 1, seeds)
                .run(Runtime.getRuntime().availableProcessors(), _ -> {});
    }
}
