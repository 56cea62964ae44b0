package dst.scenarios.bench;

import dst.protocol.Kind;
import dst.protocol.Prng;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SeriesText;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import dst.sim.Counts.Item;
import dst.sim.Plan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.OperationPlan;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures. Nothing of it is a test: what comes out depends on the machine and on what else it does. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        description = "Measures how fast dst is on this machine.",
        subcommands = {BenchCommand.Sim.class, NodesBench.class, OverlapBench.class, CheckBench.class},
        footerHeading = "%nExamples:%n",
        footer = {"  dst bench sim", "  dst bench nodes", "  dst bench overlap", "  dst bench check"})
public final class BenchCommand implements Runnable {
    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public void run() {
        throw new picocli.CommandLine.ParameterException(
                spec.commandLine(), "what to measure is missing: sim, nodes, overlap or check");
    }

    /** The simulator, with referee, history and digest on. */
    @Command(
            name = "sim",
            mixinStandardHelpOptions = true,
            description = {
                "Measures the simulator, judged as always: inputs and outputs of the machines a second, operations a second,"
                        + " runs a second, virtual over real time, and the heap that one world takes."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  dst bench sim", "  dst bench sim --seconds 10"})
    static final class Sim implements Callable<Integer> {
        private static final int OPERATIONS = 20_000;
        private static final int CHAINS = 32;
        private static final double NANOS = 1e9;

        @Option(names = "--seconds", paramLabel = "N", description = "How long each figure is measured. Default: 5.")
        private int seconds = 5;

        @Spec
        private @SuppressWarnings("NullAway.Init") CommandSpec spec;

        private final Library library = new Library();
        private final SystemUnderTest honest = new SystemUnderTest(library, Optional.empty());

        @Override
        public Integer call() {
            WrongInput.unlessPositive(seconds, "--seconds");
            PrintWriter out = spec.commandLine().getOut();
            out.println("One world on one core, no faults, reads and writes in " + CHAINS + " chains:");
            for (int size : new int[] {512, 4096}) {
                out.println(steady(size));
                out.flush();
            }
            out.println();
            out.println("Whole runs of a scenario:");
            int cores = Runtime.getRuntime().availableProcessors();
            for (String name : List.of(Library.DEMONSTRATION, "everything")) {
                for (int jobs : cores == 1 ? new int[] {1} : new int[] {1, cores}) {
                    out.println(runs(library.scenario(name), jobs));
                    out.flush();
                }
            }
            out.println();
            out.println("Heap of one world, half way through a run of " + Library.DEMONSTRATION + ": "
                    + SeriesText.number(
                            Heap.of(library.scenario(Library.DEMONSTRATION).plan(1), honest) >> 10) + " KiB");
            out.flush();
            return ExitCode.HOLDS;
        }

        private String steady(int size) {
            Plan plan = plan(size);
            for (long end = System.nanoTime() + seconds * 1_000_000_000L / 2; System.nanoTime() < end; ) {
                honest.run(plan, Optional.empty());
            }
            long values = 0;
            long operations = 0;
            long began = System.nanoTime();
            while (System.nanoTime() - began < seconds * 1_000_000_000L) {
                Trial trial = honest.run(plan, Optional.empty());
                values += trial.traffic().values();
                operations += trial.counts().total(Item.SUBMITTED);
            }
            double took = (System.nanoTime() - began) / NANOS;
            return String.format(
                    Locale.ROOT,
                    "  %,5d bytes   %,12.0f inputs and outputs a second   %,9.0f operations a second",
                    size,
                    values / took,
                    operations / took);
        }

        /** A disk and a link that take next to no time, so that only the work counts. */
        private Plan plan(int size) {
            Plan template = library.scenario("dropped-links").plan(1);
            DiskPlan disk = template.disks().getFirst();
            String path = template.paths().getFirst().name();
            Prng prng = new Prng(1);
            long blocks = disk.exports().getFirst().device().size() / size;
            List<OperationPlan> operations = new ArrayList<>();
            for (long tag = 1; tag <= OPERATIONS; tag++) {
                Kind kind = tag % 64 == 0 ? Kind.FLUSH : prng.chance(1, 2) ? Kind.READ : Kind.WRITE;
                boolean flush = kind == Kind.FLUSH;
                operations.add(new OperationPlan(
                        tag,
                        template.nodes().getFirst().name(),
                        tag <= CHAINS ? tag : 0,
                        tag <= CHAINS ? OperationPlan.NOTHING : tag - CHAINS,
                        kind,
                        flush ? 0 : prng.below(blocks) * size,
                        flush ? 0 : size,
                        false));
            }
            return new Plan(
                    "bench",
                    1,
                    template.nodes(),
                    List.of(disk.withLatency(1_000, 2_000).withFlush(5_000, 10_000)),
                    List.of(new Plan.PathPlan(path, 1_000, 2_000, 0, 65536, 0)),
                    operations,
                    List.of(),
                    1_000_000,
                    60_000_000_000L);
        }

        private String runs(Scenario scenario, int jobs) {
            long count = 200;
            Series series = new Series(scenario, honest, 1, count).run(jobs, _ -> {});
            while (series.nanos() < seconds * 1_000_000_000L) {
                count = Math.max(count * 2, count * seconds * 1_000_000_000L / Math.max(1, series.nanos()));
                series = new Series(scenario, honest, 1, count).run(jobs, _ -> {});
            }
            double took = series.nanos() / NANOS;
            return String.format(
                    Locale.ROOT,
                    "  %-18s %2d at once   %,8.0f runs a second   %,10.0f inputs and outputs a second   %,6.0f times faster than real",
                    scenario.name(),
                    jobs,
                    series.count() / took,
                    series.traffic().values() / took,
                    series.counts().total(Item.VIRTUAL_NANOS) / NANOS / took);
        }
    }
}
