package dst.scenarios.mutants;

import dst.scenarios.cli.Destination;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.Interruption;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.generated.GeneratedMutants;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import dst.scenarios.shrink.Failing;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SystemUnderTest;
import dst.sim.Plan;
import dst.sim.Standing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plants each bug of the list in turn and says whether, how soon and how well it is found: the measure of dst itself. */
@Command(
        name = "mutants",
        mixinStandardHelpOptions = true,
        description = {
            "Plants each bug of the list in turn and says in how many runs it is found.",
            "It runs 'everything' and the scenario in which the bug should show soonest, and says how soon it was found and"
                    + " whether the right side and rule were named.",
            "Exit code 0 if all were found, and nobody was ever blamed wrongly. Ctrl-C ends it with the tables of what was measured.",
            "With --generated the bugs are nobody's choice: mutations of the machines' class files, made by pitest's engine, tried in every"
                    + " scenario that expects nothing broken. Exit code 4 if some survived."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst mutants                    all bugs, 500 seeds of each scenario",
            "  dst mutants --bug lying-flush --bug no-duplicate-record --seeds 5000",
            "  dst mutants --scenario everything --without power-cut",
            "  dst mutants --each-fault-off",
            "      and which bugs are lost without which kind of fault",
            "  dst mutants --markdown > bugs.md",
            "  dst mutants --generated --sample 500 --seed 7 --keep mutations.txt",
            "      500 mutations that nobody chose; begun again, it goes on"
        })
public final class MutantsCommand implements Callable<Integer> {
    private static final String EVERYTHING = "everything";

    @Option(names = "--seeds", paramLabel = "N", description = "So many seeds of each scenario. Default: 500.")
    private long seeds = 500;

    @Option(names = "--bug", paramLabel = "ID", description = "Only this bug; may be said several times.")
    private List<String> ids = List.of();

    @Option(names = "--scenario", paramLabel = "SCENARIO", description = "Only in this scenario.")
    private Optional<String> scenario = Optional.empty();

    @Option(
            names = "--without",
            paramLabel = "FAULT",
            description = "Without this kind of fault; may be said several times.")
    private List<String> without = List.of();

    @Option(
            names = "--each-fault-off",
            description = "Then once more without each kind of fault that a bug may need: is it still found?")
    private boolean eachFaultOff;

    @Option(names = "--no-shrink", description = "What is found is not made small.")
    private boolean noShrink;

    @Option(names = "--jobs", paramLabel = "N", description = "So many worlds side by side. Default: one a core.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures to this file.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--html", paramLabel = "FILE", description = "Writes the tables as a page, too.")
    private Optional<Path> html = Optional.empty();

    @Option(names = "--markdown", description = "Prints the tables as Markdown.")
    private boolean markdown;

    @Mixin
    private final GeneratedMutants generated = new GeneratedMutants();

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    private final Library library = new Library();

    /** What runs just now; asked to stop by whoever interrupts. */
    private final AtomicReference<Series> running = new AtomicReference<>();

    private volatile boolean stopped;

    @Override
    public Integer call() throws IOException {
        WrongInput.unlessPositive(seeds, "--seeds");
        WrongInput.unlessPositive(jobs, "--jobs");
        if (generated.areAskedFor()) {
            return generatedOnes();
        }
        List<Bug> bugs =
                ids.isEmpty() ? library.bugs() : ids.stream().map(library::bug).toList();
        Set<String> off = new TreeSet<>(without);
        checkFaults(off);
        json.ifPresent(file -> Destination.checkFile("--json", file));
        html.ifPresent(file -> Destination.checkFile("--html", file));
        scenario.ifPresent(library::scenario);
        try (Interruption interruption = new Interruption(this::stop)) {
            List<Measured> all = measured(bugs, off);
            if (!stopped && !interruption.happened()) {
                tell(all);
                return exitCode(all);
            }
            if (!all.isEmpty()) {
                tell(all);
            }
            progress("Interrupted: " + all.size() + " of " + bugs.size()
                    + " bugs were measured; nothing is known of the others.");
            return ExitCode.INTERRUPTED;
        }
    }

    private int generatedOnes() throws IOException {
        boolean hunts = spec.commandLine().getParseResult().hasMatchedOption("--seeds") || noShrink;
        if (hunts
                || !ids.isEmpty()
                || scenario.isPresent()
                || !without.isEmpty()
                || eachFaultOff
                || markdown
                || json.isPresent()
                || html.isPresent()) {
            throw new WrongInput(
                    "--seeds, --no-shrink, --bug, --scenario, --without, --each-fault-off, --json, --html and --markdown are for the list of bugs: leave them out with --generated");
        }
        return generated.measure(
                library, jobs, spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    /** From any thread: the bug that is being measured does not count. */
    void stop() {
        stopped = true;
        Series series = running.get();
        if (series != null) {
            series.stop();
        }
    }

    private List<Measured> measured(List<Bug> bugs, Set<String> off) {
        List<Measured> all = new ArrayList<>();
        for (Bug bug : bugs) {
            Measured measured = measure(bug, off);
            if (stopped) {
                return all;
            }
            all.add(measured);
            progress(MutantsText.progress(measured));
        }
        return all;
    }

    private void tell(List<Measured> all) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        MutantsText text = new MutantsText(all, seeds, markdown);
        text.lines().forEach(out::println);
        out.flush();
        if (html.isPresent()) {
            Files.writeString(html.get(), text.page());
        }
        if (json.isPresent()) {
            Files.writeString(json.get(), MutantsText.json(all, seeds));
        }
    }

    /** Where dst itself failed, that a bug was not found says nothing about the bug. */
    static int exitCode(List<Measured> all) {
        if (all.stream()
                .flatMap(measured -> measured.hunts().stream())
                .anyMatch(hunt -> hunt.failure().isPresent())) {
            return ExitCode.INTERNAL_FAULT;
        }
        return all.stream().allMatch(measured -> measured.isFound() && measured.isBlamedRight())
                ? ExitCode.HOLDS
                : ExitCode.BROKEN;
    }

    private void checkFaults(Set<String> kinds) {
        TreeSet<String> known = new TreeSet<>();
        library.names().forEach(name -> known.addAll(library.scenario(name).faults()));
        known.removeAll(Standing.kinds());
        for (String kind : kinds) {
            if (!known.contains(kind)) {
                throw new WrongInput("no scenario has a fault '" + kind + "'; there are " + String.join(", ", known));
            }
        }
    }

    private Measured measure(Bug bug, Set<String> off) {
        List<Hunt> hunts = hunts(bug, off);
        Measured measured = new Measured(bug, hunts, new TreeMap<>(), Optional.empty());
        Optional<Reduced> reduced =
                noShrink ? Optional.empty() : measured.soonest().flatMap(hunt -> reduced(bug, off, hunt));
        measured = new Measured(bug, hunts, measured.withoutFault(), reduced);
        if (!eachFaultOff) {
            return measured;
        }
        SortedMap<String, Boolean> found = new TreeMap<>();
        for (String kind : measured.mayBeNeeded()) {
            Set<String> more = new TreeSet<>(off);
            more.add(kind);
            found.put(kind, hunts(bug, more).stream().anyMatch(Hunt::isFound));
        }
        return new Measured(bug, hunts, found, reduced);
    }

    /** The first failure that names the right side and rule, made small. */
    private Optional<Reduced> reduced(Bug bug, Set<String> off, Hunt hunt) {
        if (hunt.firstRight() == 0) {
            return Optional.empty();
        }
        Scenario found = library.scenario(hunt.scenario());
        SystemUnderTest system = new SystemUnderTest(library, Optional.of(bug), off);
        Plan plan = system.plan(found, hunt.firstRight());
        long began = System.nanoTime();
        return system.run(plan, found.expected())
                .judgement()
                .blame()
                .map(blame -> new Failing(system, plan, found.expected(), blame.fingerprint())
                        .shrink(() -> !stopped && System.nanoTime() - began < Failing.PATIENCE.toNanos(), _ -> {})
                        .plan())
                .map(small -> new Reduced(
                        small.operations().size(), small.faults().size(), (System.nanoTime() - began) / 1e9));
    }

    private List<Hunt> hunts(Bug bug, Set<String> off) {
        SystemUnderTest system = new SystemUnderTest(library, Optional.of(bug), off);
        List<String> names = scenario.map(List::of)
                .orElse(bug.scenario().equals(EVERYTHING) ? List.of(EVERYTHING) : List.of(EVERYTHING, bug.scenario()));
        return names.stream()
                .map(name -> Hunt.of(bug, run(new Series(library.scenario(name), system, 1, seeds))))
                .toList();
    }

    private Series run(Series series) {
        running.set(series);
        if (stopped) {
            series.stop();
        }
        return series.run(jobs, _ -> {});
    }

    /** Beside the tables, so that they can be kept. */
    private void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
