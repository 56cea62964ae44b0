package dst.realnode.serve;

import dst.realnode.WrongInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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

    private ServeFile() {}

    /** The file's lines as arguments of the command line. */
    static List<String> arguments(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException _) {
            throw new WrongInput("there is no file " + file);
        } catch (IOException e) {
            throw new WrongInput("cannot read " + file + ": " + e.getMessage());
        }
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int comment = line.indexOf('#');
            String text = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (!text.isEmpty()) {
                add(arguments, file + ": line " + (i + 1) + ": ", text);
            }
        }
        return arguments;
    }

    private static void add(List<String> arguments, String where, String text) {
        String[] parts = text.split("\\s+", 2);
        if (!KNOWN.contains(parts[0])) {
            throw new WrongInput(where + "there is no '" + parts[0] + "': there are "
                    + String.join(", ", KNOWN.stream().sorted().toList()));
        }
        arguments.add("--" + parts[0]);
        if (parts[0].equals("referee")) {
            if (parts.length > 1) {
                throw new WrongInput(where + "referee takes no value");
            }
        } else if (parts.length < 2) {
            throw new WrongInput(where + parts[0] + " wants a value");
        } else {
            arguments.add(parts[1]);
        }
    }
}
