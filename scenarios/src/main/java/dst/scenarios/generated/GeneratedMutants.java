package dst.scenarios.generated;

import dst.scenarios.cli.Destination;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.Interruption;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import dst.scenarios.planting.MachineClasses;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code dst mutants} for mutations that nobody chose, and their measurement. */
public final class GeneratedMutants {
    private static final int SAMPLE = 200;
    private static final long RUNS = 2_000;

    @Option(
            names = "--generated",
            description = "Not the list: every standard mutation of the machines' classes, or a sample of them.")
    private boolean generated;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "So many of the generated ones, or 'all'. Default: " + SAMPLE + ".")
    private Optional<String> sample = Optional.empty();

    @Option(names = "--seed", paramLabel = "S", description = "Which ones are drawn for the sample. Default: 1.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--package",
            paramLabel = "PACKAGE",
            description =
                    "Only of this package (client, server, wire, nbd, nbd.attach, nbd.lending); may be said several times.")
    private List<String> packages = List.of();

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "At most so many runs for each generated one, over all scenarios. Default: " + RUNS + ".")
    private Optional<Long> runs = Optional.empty();

    @Option(
            names = "--keep",
            paramLabel = "FILE",
            description = "What became of each is added to this file; those that are in it are not tried again.")
    private Optional<Path> keep = Optional.empty();

    private final AtomicBoolean stopped = new AtomicBoolean();

    /** Whether they are asked for; otherwise none of the options that are theirs may be said. */
    public boolean areAskedFor() {
        if (!generated
                && (sample.isPresent()
                        || seed.isPresent()
                        || !packages.isEmpty()
                        || runs.isPresent()
                        || keep.isPresent())) {
            throw new WrongInput("--sample, --seed, --package, --runs and --keep are for --generated: say that too");
        }
        return generated;
    }

    /** From any thread: what is being tried does not count. */
    public void stop() {
        stopped.set(true);
    }

    public int measure(Library library, int jobs, PrintWriter out, PrintWriter err) throws IOException {
        long runsMax = runs.orElse(RUNS);
        WrongInput.unlessPositive(runsMax, "--runs");
        keep.ifPresent(file -> Destination.checkFile("--keep", file));
        Generator generator = new Generator();
        List<Mutation> existing = generator.all(chosen());
        List<Mutation> drawn = Generator.sample(existing, count(existing.size()), seed.orElse(1L));
        Trying trying = new Trying(library, generator, runsMax, stopped);
        try (Interruption interruption = new Interruption(this::stop);
                Kept kept = new Kept(keep, runsMax)) {
            List<Fate> all = tryAll(drawn, trying, kept, jobs, err);
            new GeneratedText(all, existing.size(), runsMax).lines().forEach(out::println);
            out.flush();
            if (stopped.get() || interruption.happened()) {
                say(
                        err,
                        "Interrupted: " + all.size() + " of " + drawn.size()
                                + " were tried; nothing is known of the others.");
                return ExitCode.INTERRUPTED;
            }
            return exitCode(all);
        }
    }

    private SortedSet<String> chosen() {
        if (packages.isEmpty()) {
            return MachineClasses.packages();
        }
        SortedSet<String> chosen = new TreeSet<>();
        for (String name : packages) {
            String whole = name.startsWith("nbd") ? "dst." + name : "dst.protocol." + name;
            if (!MachineClasses.packages().contains(whole)) {
                throw new WrongInput("--package " + name + ": there is no such package of machines; there are "
                        + String.join(", ", MachineClasses.packages())
                                .replace("dst.protocol.", "")
                                .replace("dst.", ""));
            }
            chosen.add(whole);
        }
        return chosen;
    }

    private int count(int existing) {
        String said = sample.orElse(Integer.toString(SAMPLE));
        if (said.equals("all")) {
            return existing;
        }
        try {
            int count = Integer.parseInt(said);
            WrongInput.unlessPositive(count, "--sample");
            return count;
        } catch (NumberFormatException none) {
            throw new WrongInput("--sample " + said + ": a number, or all");
        }
    }

    /** In the order in which they were drawn, whoever was faster; what was being tried as somebody interrupted is left out. */
    private List<Fate> tryAll(List<Mutation> drawn, Trying trying, Kept kept, int jobs, PrintWriter err) {
        @Nullable Fate[] fates = new @Nullable Fate[drawn.size()];
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Runnable work = () -> {
            for (int i = next.getAndIncrement(); i < drawn.size() && !stopped.get(); i = next.getAndIncrement()) {
                Mutation mutation = drawn.get(i);
                Optional<Fate> known = kept.of(mutation);
                Fate fate = known.orElseGet(() -> trying.fate(mutation));
                if (stopped.get() && known.isEmpty()) {
                    return;
                }
                fates[i] = fate;
                if (known.isEmpty()) {
                    kept.add(fate);
                }
                say(err, done.incrementAndGet() + " of " + drawn.size() + ": " + GeneratedText.line(fate));
            }
        };
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(jobs, drawn.size()); i++) {
            threads.add(Thread.ofPlatform().name("mutant-" + i).start(work));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            stop();
            Thread.currentThread().interrupt();
        }
        return Stream.of(fates).filter(Objects::nonNull).toList();
    }

    private static synchronized void say(PrintWriter err, String line) {
        err.println(line);
        err.flush();
    }

    /** That all were found is the only thing that holds; who survived may be harmless, and nobody knows. */
    static int exitCode(List<Fate> all) {
        if (all.stream().anyMatch(Fate::isBlamedWrongly)) {
            return ExitCode.BROKEN;
        }
        return all.stream().allMatch(Fate::isFound) ? ExitCode.HOLDS : ExitCode.UNKNOWN_OR_VACUOUS;
    }
}
