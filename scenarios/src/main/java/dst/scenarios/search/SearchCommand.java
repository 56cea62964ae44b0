package dst.scenarios.search;

import dst.realnode.Terminal;
import dst.scenarios.cli.CodeIdentity;
import dst.scenarios.cli.Durations;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.Interruption;
import dst.scenarios.cli.Invocation;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import dst.scenarios.shrink.Failing;
import dst.scenarios.store.RunFolder;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SeriesText;
import dst.scenarios.trial.SystemUnderTest;
import dst.sim.Plan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks for failures. */
@Command(
        name = "search",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one scenario, or all of them in turn, over seeds that were not run yet with this code, on all cores.",
            "Next is always the one that had the least time, in earlier searches with this store too.",
            "Of each kind of failure one is kept: its report is written at once and a small one is made of it.",
            "Every other seed leaves some kinds of fault out.",
            "Between the batches planted bugs have to be seen: a search that sees nothing proves nothing.",
            "Exit code 0 only if each scenario was tried, with all its seeds if --seeds says how many, and held."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst search --time 10m   all scenarios",
            "  dst search everything --seeds 100000 --jobs 4",
            "  dst search late-duplicates --plant settled-id-started --time 30s",
            "  dst search all --time 1h --json > search.json"
        })
public final class SearchCommand implements Callable<Integer> {
    private static final String ALL = "all";
    private static final int BAR = 20;
    private static final long NANOS_MAX = Long.MAX_VALUE;

    @Parameters(
            paramLabel = "SCENARIO",
            arity = "0..1",
            description = "A scenario by its name or its file, or 'all'. Default: all.")
    private String name = ALL;

    @Option(names = "--seeds", paramLabel = "N", description = "So many seeds of each scenario.")
    private Optional<Long> seeds = Optional.empty();

    @Option(
            names = "--time",
            paramLabel = "TIME",
            description = "So long, such as 60s, 10m or 8h. Default: 60s, without --seeds.")
    private Optional<String> time = Optional.empty();

    @Option(names = "--jobs", paramLabel = "N", description = "So many worlds side by side. Default: one a core.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(names = "--plant", paramLabel = "BUG", description = "With this bug planted: see 'dst list'.")
    private Optional<String> plant = Optional.empty();

    @Option(names = "--no-shrink", description = "Failures are not made smaller.")
    private boolean noShrink;

    @Option(names = "--store", paramLabel = "FOLDER", description = "Where failures and the ledger go. Default: store.")
    private Path store = Path.of("store");

    @Option(names = "--json", description = "Prints what it came to as JSON, and nothing else.")
    private boolean json;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        WrongInput.unlessPositive(jobs, "--jobs");
        seeds.ifPresent(count -> WrongInput.unlessPositive(count, "--seeds"));
        long nanosMax = time.map(text -> Durations.parsed(text, "--time").toNanos())
                .orElse(
                        seeds.isPresent()
                                ? NANOS_MAX
                                : Durations.parsed("60s", "--time").toNanos());
        Library library = new Library();
        Optional<Bug> bug = plant.map(library::bug);
        List<Scenario> scenarios = (name.equals(ALL) ? library.names() : List.of(name))
                .stream().map(library::scenario).toList();
        SearchLedger ledger = SearchLedger.of(store.resolve("search.edn"), CodeIdentity.ofThis());
        Search search = new Search(
                scenarios,
                SystemUnderTest.swarming(library, bug),
                ledger,
                new RunFolder(store),
                new Canaries(library),
                new Teller(nanosMax));
        if (!json) {
            out().println("Searching "
                    + (name.equals(ALL) ? scenarios.size() + " scenarios, beginning with what ran least" : name)
                    + bug.map(planted -> ", with " + planted.id() + " planted").orElse("") + ", " + jobs
                    + (jobs == 1 ? " world" : " worlds") + " at once; what was run stands in "
                    + store.resolve("search.edn") + ".");
            if (ledger.passedOver() > 0) {
                out().println("(" + ledger.passedOver() + " of its lines cannot be read and were passed over.)");
            }
            out().flush();
        }
        Memory memory = new Memory();
        try (Interruption interruption = new Interruption(search::stop)) {
            search.run(new Search.Extent(seeds.orElse(Long.MAX_VALUE), nanosMax, jobs, !noShrink));
            clear();
            if (search.failed().isPresent()) {
                Series series = search.failed().get();
                Series.Fault fault = series.fault().orElseThrow();
                String again = Invocation.of("run " + series.scenario().called() + " --seed " + fault.seed());
                return SeriesText.internalFault(spec.commandLine().getErr(), fault, again);
            }
            SearchText text = new SearchText(search, memory.used());
            if (json) {
                out().println(text.json());
            } else {
                text.lines().forEach(out()::println);
            }
            out().flush();
            return interruption.happened()
                    ? ExitCode.INTERRUPTED
                    : search.verdict().exitCode();
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** What is left after a collection: of all that a search leaves behind. */
    private static final class Memory {
        long used() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }
    }

    private static void clear() {
        if (Terminal.isThere()) {
            System.err.print("\r" + " ".repeat(118) + "\r");
            System.err.flush();
        }
    }

    /** On the terminal, while it goes on. */
    private final class Teller implements Search.Watcher {
        private final long nanosMax;

        Teller(long nanosMax) {
            this.nanosMax = nanosMax;
        }

        @Override
        public void progress(Search search, long runs) {
            if (!Terminal.isThere()) {
                return;
            }
            double share = Math.min(
                    1,
                    seeds.isPresent()
                            ? (double) runs / seeds.get() / search.searched().size()
                            : (double) search.nanos() / nanosMax);
            int full = (int) (share * BAR);
            System.err.printf(
                    Locale.ROOT,
                    "\r[%s%s] %3.0f %%  %,d runs, %,.0f a second; %s virtual; %,d faults struck; %d kinds of failure  \r",
                    "=".repeat(full),
                    " ".repeat(BAR - full),
                    share * 100,
                    runs,
                    runs * 1e9 / Math.max(1, search.nanos()),
                    SeriesText.span(search.counts().total(dst.sim.Counts.Item.VIRTUAL_NANOS)),
                    search.counts().struck().values().stream()
                            .mapToLong(Long::longValue)
                            .sum(),
                    search.kinds().size());
            System.err.flush();
        }

        @Override
        public void found(Search.Kind kind) {
            tell(kind.blame.words() + ", in " + Failing.size(kind.failing.plan()) + ": " + kind.written.folder());
        }

        @Override
        public void shrunk(Search.Kind kind, Plan plan) {
            tell("  made small: " + kind.blame.words() + ", in " + Failing.size(plan) + ": "
                    + kind.written.folder().resolve(RunFolder.SMALL));
        }

        private void tell(String line) {
            if (!json) {
                clear();
                synchronized (this) {
                    out().println(line);
                    out().flush();
                }
            }
        }
    }
}
