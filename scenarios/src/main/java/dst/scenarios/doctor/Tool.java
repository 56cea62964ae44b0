package dst.scenarios.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A program of another project that dst or its tests start, as {@code launcher/programs} lists it. */
record Tool(String name, String debianPackage, String versionOption, String neededFor) {

    static List<Tool> all() {
        try (InputStream list = Objects.requireNonNull(Tool.class.getResourceAsStream("programs"), "programs")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Tool::of)
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The command that shows the version of the one that is there, or empty if it has none that is worth a line. */
    Optional<List<String>> version(String where) {
        return versionOption.equals("-")
                ? Optional.empty()
                : Optional.of(Stream.concat(Stream.of(where), Stream.of(versionOption.split(" ")))
                        .toList());
    }

    private static Tool of(String line) {
        String[] columns = line.split("\\|", -1);
        if (columns.length != 4) {
            throw new IllegalArgumentException("launcher/programs: four columns are expected in: " + line);
        }
        return new Tool(columns[0].strip(), columns[1].strip(), columns[2].strip(), columns[3].strip());
    }
}
