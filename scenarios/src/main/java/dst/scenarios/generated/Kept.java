package dst.scenarios.generated;

import dst.protocol.Side;
import dst.scenarios.cli.CodeIdentity;
import dst.scenarios.cli.WrongInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file with what became of each mutation, one line for each, so that a measurement can be interrupted and goes on. What another build,
 * or other runs, came to is not taken for this one's.
 */
final class Kept implements AutoCloseable {
    private static final String NONE = "-";
    private static final int COLUMNS = 8;

    private final Map<String, Line> lines = new TreeMap<>();
    private final @Nullable PrintWriter out;

    /** What stands in the file of one mutation. */
    private record Line(Optional<Fate.Found> found, long runs, double seconds, Optional<String> failure) {
        /** Throws {@link IllegalArgumentException} if something is no number, or nobody. */
        static Line of(String[] columns) {
            Optional<Fate.Found> found = columns[1].equals(NONE)
                    ? Optional.empty()
                    : Optional.of(new Fate.Found(
                            columns[1], Long.parseLong(columns[2]), columns[3], Side.valueOf(columns[4])));
            return new Line(
                    found,
                    Long.parseLong(columns[5]),
                    Double.parseDouble(columns[6]),
                    Optional.of(columns[7]).filter(why -> !why.equals(NONE)));
        }
    }

    /** Without a file nothing is known, and nothing is kept. */
    Kept(Optional<Path> where, long runsMax) throws IOException {
        if (where.isEmpty()) {
            out = null;
            return;
        }
        Path file = where.get();
        String head = "mutations, build " + CodeIdentity.ofThis() + ", at most " + runsMax + " runs each";
        boolean there = Files.exists(file) && Files.size(file) > 0;
        if (there) {
            String text = Files.readString(file);
            // A line that was being written as the process ended is no line.
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            read(file, whole, head);
            if (whole.length() < text.length()) {
                Files.writeString(file, whole);
            }
        }
        PrintWriter writer = new PrintWriter(Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        out = writer;
        if (!there) {
            writer.println(head);
            writer.flush();
        }
    }

    private void read(Path file, String text, String head) {
        List<String> all = text.lines().toList();
        if (all.isEmpty() || !all.getFirst().equals(head)) {
            throw new WrongInput(
                    file + " is of another measurement (" + (all.isEmpty() ? "it has no first line" : all.getFirst())
                            + ", and this is: " + head + "): choose another file for --keep, or remove that one");
        }
        for (int i = 1; i < all.size(); i++) {
            String[] columns = all.get(i).split("\t", -1);
            if (columns.length != COLUMNS) {
                throw new WrongInput(file + ", line " + (i + 1) + ": " + columns.length
                        + " columns where there should be " + COLUMNS
                        + ": remove that line, and its mutation is tried again");
            }
            try {
                lines.put(columns[0], Line.of(columns));
            } catch (IllegalArgumentException wrong) {
                throw new WrongInput(file + ", line " + (i + 1) + " cannot be read (" + wrong.getMessage()
                        + "): remove that line, and its mutation is tried again");
            }
        }
    }

    /** What is known of that one. */
    Optional<Fate> of(Mutation mutation) {
        return Optional.ofNullable(lines.get(mutation.id()))
                .map(it -> new Fate(mutation, it.found(), it.runs(), it.seconds(), it.failure()));
    }

    synchronized void add(Fate fate) {
        PrintWriter writer = out;
        if (writer == null) {
            return;
        }
        Optional<Fate.Found> found = fate.found();
        writer.println(String.join(
                "\t",
                fate.mutation().id(),
                found.map(Fate.Found::scenario).orElse(NONE),
                found.map(it -> Long.toString(it.seed())).orElse(NONE),
                found.map(Fate.Found::rule).orElse(NONE),
                found.map(it -> it.side().name()).orElse(NONE),
                Long.toString(fate.runs()),
                Double.toString(fate.seconds()),
                fate.failure().map(why -> why.replaceAll("\\s+", " ")).orElse(NONE)));
        writer.flush();
    }

    @Override
    public void close() {
        PrintWriter writer = out;
        if (writer != null) {
            writer.close();
        }
    }
}
