package dst.scenarios.bench;

import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Overlap;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import dst.scenarios.trial.SeriesText;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import dst.sim.Counts;
import dst.sim.Counts.Item;
import dst.sim.Counts.Peak;
import dst.sim.Plan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.PathPlan;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a client can do with writes that have to wait for others: leave them with whoever submitted them, or copy them (T5). */
@Command(
        name = "overlap",
        mixinStandardHelpOptions = true,
        description = {
            "Compares the two things that a client can do with a write that overlaps one which is under way: wait, or copy.",
            "The same plans with each, without faults, over links of 1 to 200 ms there and back: latency from the time for which"
                    + " an operation was planned to its end, memory, and messages.",
            "All of it is virtual time: the figures do not depend on the machine."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  dst bench overlap", "  dst bench overlap --seeds 1000 --buffers 2"})
final class OverlapBench implements Callable<Integer> {
    private static final long MILLISECOND = 1_000_000;
    private static final double MILLIS = 1e6;
    private static final long[] ROUND_TRIPS = {1, 5, 20, 50, 100, 200};
    private static final String SCENARIO = "overlap-wait";
    private static final long COPIED = 1 << 20;

    @Option(names = "--seeds", paramLabel = "N", description = "So many plans. Default: 100.")
    private long seeds = 100;

    @Option(
            names = "--buffers",
            paramLabel = "N",
            description = "So many writes can be handed over at once. Default: 4.")
    private int buffers = 4;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    private final Library library = new Library();
    private final SystemUnderTest honest = new SystemUnderTest(library, Optional.empty());

    @Override
    public Integer call() {
        WrongInput.unlessPositive(seeds, "--seeds");
        WrongInput.unlessPositive(buffers, "--buffers");
        PrintWriter out = spec.commandLine().getOut();
        out.println("The operations of " + SeriesText.number(seeds) + " plans of " + SCENARIO + ", " + buffers
                + " buffers for writes, no faults:");
        out.println();
        out.println(
                "there and back  policy  half within   99% within      longest   copied at most   client's memory   messages per");
        out.println(
                "            ms                   ms           ms           ms            bytes     at most, bytes      operation");
        int code = ExitCode.HOLDS;
        for (long roundTrip : ROUND_TRIPS) {
            for (Overlap overlap : Overlap.values()) {
                Counts counts = new Counts();
                for (long seed = 1; seed <= seeds; seed++) {
                    Trial trial = honest.run(plan(seed, roundTrip, overlap), Optional.empty());
                    counts.add(trial.counts());
                    code = Math.max(code, trial.judgement().verdict().exitCode());
                }
                out.println(line(roundTrip, overlap, counts));
                out.flush();
            }
        }
        if (code != ExitCode.HOLDS) {
            out.println("Not everything held: these figures are worth nothing.");
            out.flush();
        }
        return code;
    }

    private static String line(long roundTrip, Overlap overlap, Counts counts) {
        double messages = counts.total(Item.MESSAGES_TO_SERVER) + counts.total(Item.MESSAGES_TO_CLIENT);
        return String.format(
                Locale.ROOT,
                "%14d  %-6s  %11.1f  %11.1f  %11.1f  %,15d  %,16d  %13.2f",
                roundTrip,
                overlap.name().toLowerCase(Locale.ROOT),
                counts.latencies().getValueAtPercentile(50) / MILLIS,
                counts.latencies().getValueAtPercentile(99) / MILLIS,
                counts.latencies().getMaxValue() / MILLIS,
                counts.peak(Peak.COPIED_BYTES),
                counts.peak(Peak.CLIENT_MEMORY),
                messages / counts.total(Item.SUBMITTED));
    }

    /** The scenario's plan for that seed with one link of that length, and nothing that goes wrong. */
    private Plan plan(long seed, long roundTrip, Overlap overlap) {
        Plan plan = library.scenario(SCENARIO).plan(seed);
        NodePlan client = plan.nodes().getFirst();
        ClientSettings before = (ClientSettings) client.settings();
        PathPlan path = plan.paths().getFirst();
        long delay = roundTrip * MILLISECOND / 2;
        ClientPolicy policy = before.policy();
        ClientSettings settings =
                before.with(new ClientPolicy(1, overlap, COPIED, policy.holding(), policy.attemptsMax()));
        return plan.withNodes(List.of(
                        client.with(settings).with(client.startAt(), buffers),
                        plan.nodes().getLast()))
                .withPaths(List.of(path.withDelay(delay, delay)))
                .withFaults(List.of());
    }
}
