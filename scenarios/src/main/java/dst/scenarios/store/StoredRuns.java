package dst.scenarios.store;

import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The run folders of a store, simulated runs and recordings of real nodes; whatever else lies there is none of them. */
final class StoredRuns {
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private static final Pattern VERDICT = Pattern.compile(":verdict :([a-z]+)");
    private static final Pattern PROCESS = Pattern.compile(":process (\\d+)");
    private static final Pattern BLAME = Pattern.compile(":broken (\\S+)\\s+:by :([a-z]+)");

    private static final String GROWING = "being recorded";

    private StoredRuns() {}

    /** One run's folder; it is as old as the file that says how it was made. */
    record Stored(Path folder, FileTime made, String verdict) {
        /** It is not finished, so it is nobody's to remove. */
        boolean isGrowing() {
            return verdict.equals(GROWING);
        }

        String when() {
            return WHEN.format(made.toInstant());
        }

        /** All of it, and the folder it was in if that is empty then. */
        void remove() {
            try {
                List<Path> files;
                try (Stream<Path> all = Files.walk(folder)) {
                    files = all.sorted(Comparator.reverseOrder()).toList();
                }
                for (Path file : files) {
                    Files.delete(file);
                }
                Path parent = folder.getParent();
                if (parent != null) {
                    try (Stream<Path> left = Files.list(parent)) {
                        if (left.findAny().isPresent()) {
                            return;
                        }
                    }
                    Files.delete(parent);
                }
            } catch (IOException failed) {
                throw WrongInput.of(folder + " cannot be removed", failed);
            }
        }
    }

    /** The newest first. */
    static List<Stored> in(Path store) {
        List<Stored> runs = new ArrayList<>();
        if (!Files.isDirectory(store)) {
            return runs;
        }
        for (Path scenario : foldersIn(store)) {
            for (Path folder : foldersIn(scenario)) {
                Path plan = folder.resolve(RunFolder.PLAN);
                Path recording = folder.resolve(RunFolder.RECORDING);
                if (Files.exists(plan)) {
                    runs.add(new Stored(folder, made(plan), verdict(folder.resolve(RunFolder.VERDICT))));
                } else if (Files.exists(recording)) {
                    runs.add(new Stored(folder, made(recording), isWritten(folder) ? GROWING : "recorded"));
                }
            }
        }
        runs.sort(Comparator.comparing(Stored::made)
                .reversed()
                .thenComparing(run -> run.folder().toString()));
        return runs;
    }

    /** Whether the process that records it still lives. */
    private static boolean isWritten(Path folder) {
        Path state = folder.resolve("state");
        Matcher process = PROCESS.matcher(Library.textOf(folder.resolve(RunFolder.RECORDING)));
        return Files.exists(state)
                && Library.textOf(state).startsWith("recording")
                && process.find()
                && ProcessHandle.of(Long.parseLong(process.group(1))).isPresent();
    }

    /** Links, such as latest, are passed over. */
    private static List<Path> foldersIn(Path place) {
        try (Stream<Path> all = Files.list(place)) {
            return all.filter(one -> Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw WrongInput.of(place + " cannot be read", failed);
        }
    }

    private static FileTime made(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException failed) {
            throw WrongInput.of(file + " cannot be read", failed);
        }
    }

    private static String verdict(Path file) {
        if (!Files.exists(file)) {
            return "interrupted: there is no verdict";
        }
        String text = Library.textOf(file);
        Matcher verdict = VERDICT.matcher(text);
        Matcher blame = BLAME.matcher(text);
        return (verdict.find() ? verdict.group(1).toUpperCase(Locale.ROOT) : "(no verdict)")
                + (blame.find() ? "  " + blame.group(1) + " by " + blame.group(2) : "");
    }
}
