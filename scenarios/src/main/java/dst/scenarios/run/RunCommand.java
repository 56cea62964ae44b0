package dst.scenarios.run;

import dst.realnode.Terminal;
import dst.reports.JUnit;
import dst.reports.Verdict;
import dst.scenarios.cli.Destination;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.Interruption;
import dst.scenarios.cli.Invocation;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import dst.scenarios.store.RunFolder;
import dst.scenarios.store.SeriesStory;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SeriesText;
import dst.scenarios.trial.SystemUnderTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a scenario over one seed or many and says what it came to; without a scenario, the demonstration. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a scenario over one seed or many: what really struck, and whether what is promised held.",
            "Without a scenario: the demonstration, which proves one and then shows it with a bug planted.",
            "With --plant and no scenario: the one in which that bug shows soonest."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst run                             the demonstration",
            "  dst run everything                  a thousand seeds",
            "  dst run everything --seeds 10000    ten thousand",
            "  dst run late-duplicates --seed 17   one seed, with the story if it breaks",
            "  dst run my.edn",
            "      a scenario in a file of your own, or my.clj",
            "  dst run takeover --seed 7 --keep    a page of one run that holds, too",
            "  dst run late-duplicates --plant overlap-order-ignored"
        })
public final class RunCommand implements Callable<Integer> {
    private static final long SEEDS = 1000;

    @Parameters(
            arity = "0..1",
            paramLabel = "SCENARIO",
            description = "A name that 'dst list' shows, or a file: .edn or .clj.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", description = "This seed; with --seeds, the first of them.")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--seeds", paramLabel = "N", description = "So many seeds. Default: 1000, from 1 on.")
    private Optional<Long> seeds = Optional.empty();

    @Option(names = "--plant", paramLabel = "BUG", description = "Plant this bug in one side: 'dst list' shows them.")
    private Optional<String> plant = Optional.empty();

    @Option(names = "--jobs", paramLabel = "N", description = "So many worlds side by side. Default: one a core.")
    private Optional<Integer> jobs = Optional.empty();

    @Option(
            names = "--store",
            paramLabel = "DIR",
            defaultValue = "store",
            description = "Where the folders of failing runs go. Default: store.")
    private @SuppressWarnings("NullAway.Init") Path store;

    @Option(names = "--keep", description = "Leave a run folder, with its page, of the first seed even if all hold.")
    private boolean keep;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write what it came to as JUnit's XML, too.")
    private Optional<Path> junit = Optional.empty();

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        check();
        Library library = new Library();
        if (name.isEmpty() && plant.isEmpty()) {
            if (seed.isPresent() || seeds.isPresent()) {
                throw new WrongInput("of which scenario? The demonstration has seeds of its own: "
                        + Invocation.of("run SCENARIO --seeds N") + ", and 'dst list' shows the scenarios");
            }
            return new Demonstration(library, this).show();
        }
        Scenario scenario = library.scenario(
                name.orElseGet(() -> library.bug(plant.orElseThrow()).scenario()));
        return run(
                scenario,
                new SystemUnderTest(library, plant.map(library::bug)),
                seeds.orElse(seed.isPresent() ? 1 : SEEDS));
    }

    private void check() {
        seeds.ifPresent(number -> WrongInput.unlessPositive(number, "--seeds"));
        jobs.ifPresent(number -> WrongInput.unlessPositive(number, "--jobs"));
        long begin = seed.orElse(Series.FIRST_SEED);
        if (begin < 0) {
            throw new WrongInput("--seed wants a number from 0 on, not " + begin);
        }
        if (seeds.orElse(1L) - 1 > Long.MAX_VALUE - begin) {
            throw new WrongInput("there are not so many seeds from " + begin + " on");
        }
        Destination.checkFolder("--store", store);
        junit.ifPresent(file -> Destination.checkFile("--junit", file));
    }

    /** Where everything but progress and faults goes. */
    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Runs it over so many seeds, prints everything, and answers the exit code. */
    int run(Scenario scenario, SystemUnderTest system, long count) {
        out().println(heading(scenario, system));
        out().println();
        out().flush();
        Series series = new Series(scenario, system, seed.orElse(Series.FIRST_SEED), count);
        try (Interruption interruption = new Interruption(series::stop)) {
            int code = run(series);
            return interruption.happened() ? ExitCode.INTERRUPTED : code;
        }
    }

    private int run(Series series) {
        series.run(jobs.orElse(Runtime.getRuntime().availableProcessors()), progress(series.planned()));
        if (Terminal.isThere()) {
            System.err.print("\r" + " ".repeat(40) + "\r");
            System.err.flush();
        }
        if (series.fault().isPresent()) {
            Series.Fault fault = series.fault().get();
            return SeriesText.internalFault(spec.commandLine().getErr(), fault, again(series, fault.seed()));
        }
        if (series.count() == 0) {
            out().println("Stopped before the first run had ended.");
            out().flush();
            return ExitCode.INTERRUPTED;
        }
        SeriesText.lines(series).forEach(out()::println);
        out().println();
        SeriesStory story =
                SeriesStory.of(series, new RunFolder(store), each -> again(series, each), Terminal.isColourful());
        out().println(story.words());
        if (story.first().isEmpty()) {
            tellWhatIsKept(series);
        }
        junit.ifPresent(file -> writeJUnit(series, file));
        series.system().bug().ifPresent(bug -> out().println(found(series, bug)));
        out().flush();
        return series.batch().verdict().exitCode();
    }

    private void tellWhatIsKept(Series series) {
        boolean isVacuous = series.batch().verdict() == Verdict.VACUOUS;
        if (keep) {
            out().println();
            out().println(new RunFolder(store)
                    .write(series, seed.orElse(Series.FIRST_SEED))
                    .whereItIs());
        }
        if (series.planned() > 1 && (keep || isVacuous)) {
            Set<Long> written = keep ? Set.of(seed.orElse(Series.FIRST_SEED)) : Set.of();
            Path page = new RunFolder(store).write(series, written, each -> again(series, each));
            out().println("All of them, as a page: " + page);
        }
    }

    private static String heading(Scenario scenario, SystemUnderTest system) {
        return scenario.name()
                + system.bug()
                        .map(bug -> ", with a bug planted in " + bug.side().words() + ": " + bug.id())
                        .orElse("")
                + "\n  " + scenario.summary()
                + system.bug().map(bug -> "\n  " + bug.imitates()).orElse("");
    }

    private static LongConsumer progress(long count) {
        if (!Terminal.isThere()) {
            return _ -> {};
        }
        return done -> {
            System.err.print("\r  " + SeriesText.number(done) + " of " + SeriesText.number(count) + " runs \r");
            System.err.flush();
        };
    }

    /** One case for the whole series; what failed is told by kind, each with its first seed. */
    private void writeJUnit(Series series, Path file) {
        Verdict verdict = series.batch().verdict();
        StringBuilder details = new StringBuilder(SeriesText.verdict(series)).append('\n');
        series.firstSeeds()
                .forEach((same, first) -> details.append(
                                series.batch().failures().getOrDefault(same, 0L))
                        .append(" of ")
                        .append(series.count())
                        .append(": ")
                        .append(same)
                        .append(", again: ")
                        .append(again(series, first))
                        .append('\n'));
        String name = series.count() == 1 ? "seed " + seed.orElse(Series.FIRST_SEED) : SeriesText.runs(series.count());
        JUnit.Case one = new JUnit.Case(
                name,
                verdict,
                verdict.words() + " in " + series.scenario().name(),
                series.batch().failures().keySet().stream().findFirst().orElse(verdict.words()),
                details.toString());
        try {
            Files.writeString(file, JUnit.xml(series.scenario().name(), List.of(one)));
        } catch (IOException failed) {
            throw WrongInput.of(file + " cannot be written (--junit)", failed);
        }
    }

    private static String again(Series series, long seed) {
        return Invocation.of("run ") + series.scenario().called() + " --seed " + seed
                + series.system().bug().map(bug -> " --plant " + bug.id()).orElse("");
    }

    /** Whether, how soon and how well a planted bug was found. */
    private static String found(Series series, Bug bug) {
        if (series.kept().isEmpty()) {
            return notFound(series, bug);
        }
        long right = 0;
        long all = 0;
        for (Map.Entry<String, Long> failure : series.batch().failures().entrySet()) {
            all += failure.getValue();
            right += bug.rules().stream()
                            .anyMatch(rule -> failure.getKey()
                                    .equals(rule + " by " + bug.side().words()))
                    ? failure.getValue()
                    : 0;
        }
        return String.format(
                Locale.ROOT,
                "The planted bug %s was found in %,d of %s, first in seed %d, after %.2f s; %s was named with %s in %,d of them.",
                bug.id(),
                all,
                SeriesText.runs(series.count()),
                series.kept().firstKey(),
                series.nanosToFirst() / 1e9,
                bug.side().words(),
                String.join(" or ", bug.ruleNames()),
                right);
    }

    private static String notFound(Series series, Bug bug) {
        Scenario scenario = series.scenario();
        boolean expected = scenario.expected()
                .filter(that -> that.side() == bug.side() && bug.rules().contains(that.rule()))
                .isPresent();
        if (expected) {
            return "The planted bug " + bug.id()
                    + " makes no difference here: the scenario does the same, and expects it.";
        }
        String more = scenario.name().equals(bug.scenario())
                ? "Try more seeds: --seeds N."
                : "It shows soonest in " + bug.scenario() + ": "
                        + Invocation.of("run " + bug.scenario() + " --plant " + bug.id());
        return "The planted bug " + bug.id() + " was not found in " + SeriesText.runs(series.count()) + ". " + more;
    }
}
