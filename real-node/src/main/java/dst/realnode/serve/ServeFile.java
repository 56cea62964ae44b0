package dst.realnode.serve;

import dst.realnode.WrongInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine.ParameterException;

/**
 * A configuration file: each line is an option of the command line without its dashes, {@code export disk=data.img}; what follows
 * a {@code #} is for people.
 */
final class ServeFile {
    private static final Set<String> KNOWN = Set.of(
            "export",
            "allow",
            "listen",
            "nbd",
            "state",
            "control",
            "metrics",
            "transport",
            "record",
            "record-limit",
            "drain",
            "referee",
            "threads",
            "memory");

    /** No file at all. */
    static final ServeFile NONE = new ServeFile(List.of());

    private final List<Line> lines;

    /** One line's option, and where it stands. */
    private record Line(String where, List<String> arguments) {
        boolean says(String option, String value) {
            return arguments.equals(List.of("--" + option, value));
        }
    }

    private ServeFile(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    static ServeFile read(Path file) {
        List<String> texts;
        try {
            texts = Files.readAllLines(file);
        } catch (NoSuchFileException _) {
            throw new WrongInput("there is no file " + file);
        } catch (IOException e) {
            throw new WrongInput("cannot read " + file + ": " + e.getMessage());
        }
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String line = texts.get(i);
            int comment = line.indexOf('#');
            String text = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (!text.isEmpty()) {
                String where = file + ": line " + (i + 1) + ": ";
                lines.add(new Line(where, arguments(where, text)));
            }
        }
        return new ServeFile(lines);
    }

    private static List<String> arguments(String where, String text) {
        String[] parts = text.split("\\s+", 2);
        if (!KNOWN.contains(parts[0])) {
            throw new WrongInput(where + "there is no '" + parts[0] + "': there are "
                    + String.join(", ", KNOWN.stream().sorted().toList()));
        }
        if (parts[0].equals("referee")) {
            if (parts.length > 1) {
                throw new WrongInput(where + "referee takes no value");
            }
            return List.of("--referee");
        }
        if (parts.length < 2) {
            throw new WrongInput(where + parts[0] + " wants a value");
        }
        return List.of("--" + parts[0], parts[1]);
    }

    /** The file's lines as arguments of the command line. */
    List<String> arguments() {
        return lines.stream().flatMap(line -> line.arguments().stream()).toList();
    }

    /** Looks at each line by itself, and says of a wrong one where it stands. */
    void check(Consumer<List<String>> look) {
        for (Line line : lines) {
            placing(line, () -> look.accept(line.arguments()));
        }
    }

    /** What turns out to be wrong with a value is told with the line that has it, if one has. */
    void placing(String option, String value, Runnable task) {
        for (Line line : lines) {
            if (line.says(option, value)) {
                placing(line, task);
                return;
            }
        }
        task.run();
    }

    private static void placing(Line line, Runnable task) {
        try {
            task.run();
        } catch (WrongInput wrong) {
            throw new WrongInput(line.where() + wrong.words());
        } catch (ParameterException wrong) {
            throw new WrongInput(line.where() + wrong.getMessage());
        }
    }
}
