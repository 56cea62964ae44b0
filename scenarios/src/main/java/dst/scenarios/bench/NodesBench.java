package dst.scenarios.bench;

import dst.protocol.Kind;
import dst.protocol.Prng;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Target;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import dst.scenarios.trial.SeriesText;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import dst.sim.Counts.Item;
import dst.sim.Plan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.OperationPlan;
import dst.sim.Plan.PathPlan;
import dst.sim.Plan.WayPlan;
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

/** What a world of many nodes costs: it should be what happens in it, and not how many there are. */
@Command(
        name = "nodes",
        mixinStandardHelpOptions = true,
        description = {
            "Measures worlds of 2, 20 and 200 nodes: one to a hundred clients, each at a server with a disk of its own, with the same number"
                    + " of operations in all, and a cut of each client's link for each thousand of them. On one core, judged as always."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  dst bench nodes", "  dst bench nodes --seconds 10"})
final class NodesBench implements Callable<Integer> {
    private static final int OPERATIONS = 20_000;
    private static final int CHAINS_IN_ALL = 200;
    private static final int OPERATIONS_FOR_A_CUT = 1_000;
    private static final long MILLISECOND = 1_000_000;
    private static final double NANOS = 1e9;
    private static final int[] PAIRS = {1, 10, 100};

    @Option(names = "--seconds", paramLabel = "N", description = "How long each figure is measured. Default: 5.")
    private int seconds = 5;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    private final SystemUnderTest honest = new SystemUnderTest(new Library(), Optional.empty());

    @Override
    public Integer call() {
        WrongInput.unlessPositive(seconds, "--seconds");
        PrintWriter out = spec.commandLine().getOut();
        out.println(SeriesText.number(OPERATIONS) + " operations, in worlds of so many nodes:");
        out.println();
        out.println(
                "nodes   events a second   inputs and outputs a second   operations a second      heap, KiB   verdict");
        int code = ExitCode.HOLDS;
        for (int pairs : PAIRS) {
            Plan plan = plan(pairs);
            Trial judged = honest.run(plan, Optional.empty());
            out.println(measured(2 * pairs, plan, judged));
            out.flush();
            code = Math.max(code, judged.judgement().verdict().exitCode());
        }
        return code;
    }

    private String measured(int nodes, Plan plan, Trial judged) {
        for (long end = System.nanoTime() + seconds * 1_000_000_000L / 2; System.nanoTime() < end; ) {
            honest.run(plan, Optional.empty());
        }
        long events = 0;
        long values = 0;
        long operations = 0;
        long began = System.nanoTime();
        while (System.nanoTime() - began < seconds * 1_000_000_000L) {
            Trial trial = honest.run(plan, Optional.empty());
            events += trial.counts().total(Item.EVENTS);
            values += trial.traffic().values();
            operations += trial.counts().total(Item.SUBMITTED);
        }
        double took = (System.nanoTime() - began) / NANOS;
        return String.format(
                Locale.ROOT,
                "%5d   %,15.0f   %,27.0f   %,19.0f   %,12d   %s",
                nodes,
                events / took,
                values / took,
                operations / took,
                Heap.of(plan, honest) >> 10,
                judged.judgement().verdict());
    }

    /** Each client has a part of the operations and chains, and a disk to itself. */
    static Plan plan(int pairs) {
        Plan template = new Library().scenario("dropped-links").plan(1);
        PathPlan path = template.paths().getFirst();
        NodePlan client = template.nodes().getFirst();
        NodePlan server = template.nodes().getLast();
        DiskPlan disk = template.disks().getFirst();
        List<NodePlan> nodes = new ArrayList<>();
        List<DiskPlan> disks = new ArrayList<>();
        List<OperationPlan> operations = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        Prng prng = new Prng(1);
        for (int i = 0; i < pairs; i++) {
            String itsServer = Plan.usualName(server.name(), i);
            String itsDisk = Plan.usualName(disk.name(), i);
            String name = Plan.usualName(client.name(), i);
            nodes.add(client.called(name).with(List.of(new WayPlan(itsServer, path.name()))));
            nodes.add(server.called(itsServer).withDisks(List.of(itsDisk)));
            disks.add(disk.called(itsDisk));
            ask(operations, name, pairs, disk, prng);
            for (int cut = 0; cut < Math.max(1, OPERATIONS / pairs / OPERATIONS_FOR_A_CUT); cut++) {
                long at = prng.between(1, 400) * MILLISECOND;
                faults.add(new Fault(new Fault.When.At(at), new Fault.Strike.Cut(), new Target.Node(name)));
            }
        }
        return new Plan(
                "nodes",
                1,
                nodes,
                disks,
                template.paths(),
                operations,
                faults,
                template.healAt(),
                template.settleWithin());
    }

    private static void ask(List<OperationPlan> operations, String node, int pairs, DiskPlan disk, Prng prng) {
        int block = disk.blockSize();
        long blocks = disk.exports().getFirst().device().size() / block;
        int chains = CHAINS_IN_ALL / pairs;
        int first = operations.size();
        for (int i = 0; i < OPERATIONS / pairs; i++) {
            long tag = operations.size() + 1L;
            Kind kind = i % 64 == 63 ? Kind.FLUSH : prng.chance(1, 2) ? Kind.READ : Kind.WRITE;
            boolean flush = kind == Kind.FLUSH;
            boolean begins = operations.size() - first < chains;
            operations.add(new OperationPlan(
                    tag,
                    node,
                    0,
                    begins ? OperationPlan.NOTHING : tag - chains,
                    kind,
                    flush ? 0 : prng.below(blocks) * block,
                    flush ? 0 : block,
                    false));
        }
    }
}
