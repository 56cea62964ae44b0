package dst.scenarios.trial;

import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Prng;
import dst.protocol.ServerSettings;
import dst.protocol.client.Client;
import dst.protocol.fault.Fault;
import dst.protocol.server.Server;
import dst.protocol.trace.Tap;
import dst.reports.Expectation;
import dst.scenarios.library.HistoryChecker;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import dst.scenarios.planting.PlantedMachines;
import dst.sim.Plan;
import dst.sim.nbd.AttachedMachines;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What is run: the machines, honest or with a bug in one of them, and what is expected of them. */
public final class SystemUnderTest {
    private final Optional<Bug> bug;
    private final Machines machines;
    private final Set<String> without;
    private final Optional<HistoryChecker> checker;
    private final boolean swarm;

    public SystemUnderTest(Library library, Optional<Bug> bug) {
        this(library, bug, Set.of());
    }

    /** Without faults of these kinds, whatever the scenario plans; what the bug itself adds stays. */
    public SystemUnderTest(Library library, Optional<Bug> bug, Set<String> without) {
        this(library, bug, without, false);
    }

    /** Every other seed without a part of the scenario's kinds of fault, drawn from it, so that rare combinations occur. */
    public static SystemUnderTest swarming(Library library, Optional<Bug> bug) {
        return new SystemUnderTest(library, bug, Set.of(), true);
    }

    private SystemUnderTest(Library library, Optional<Bug> bug, Set<String> without, boolean swarm) {
        this.bug = bug;
        this.without = without;
        this.checker = Optional.empty();
        this.swarm = swarm;
        this.machines = new HostPrograms(
                bug.filter(planted -> !planted.edits().isEmpty())
                        .<Machines>map(PlantedMachines::new)
                        .orElseGet(Honest::new),
                library.versions());
    }

    /** Machines that are no planted bug's; those of earlier and later versions are as ever. */
    public SystemUnderTest(Library library, Machines machines) {
        this.bug = Optional.empty();
        this.without = Set.of();
        this.checker = Optional.empty();
        this.swarm = false;
        this.machines = new HostPrograms(machines, library.versions());
    }

    private SystemUnderTest(SystemUnderTest same, Optional<HistoryChecker> checker) {
        this.bug = same.bug;
        this.machines = same.machines;
        this.without = same.without;
        this.swarm = same.swarm;
        this.checker = checker;
    }

    /** The same, its histories judged by this as well. */
    public SystemUnderTest judgedBy(Optional<HistoryChecker> other) {
        return new SystemUnderTest(this, other);
    }

    public Optional<HistoryChecker> checker() {
        return checker;
    }

    public Machines machines() {
        return machines;
    }

    public Optional<Bug> bug() {
        return bug;
    }

    /** The scenario's plan for that seed, with what the bug adds to it. */
    public Plan plan(Scenario scenario, long seed) {
        Plan plan = scenario.plan(seed);
        List<Fault> added = bug.map(Bug::faults).orElse(List.of());
        // What is expected to break needs its faults.
        boolean fewer = swarm && scenario.expected().isEmpty() && (seed & 1) == 0;
        if (added.isEmpty() && without.isEmpty() && !fewer) {
            return plan;
        }
        List<Fault> faults = new ArrayList<>(added);
        plan.faults().stream()
                .filter(fault -> !without.contains(fault.kind()) && !(fewer && isLeftOut(fault.kind(), seed)))
                .forEach(faults::add);
        return plan.withFaults(faults);
    }

    private static boolean isLeftOut(String kind, long seed) {
        return new Prng(Prng.hash(seed, "swarm " + kind)).chance(1, 3);
    }

    public Trial run(Plan plan, Optional<Expectation> expected, Tap... others) {
        if (checker.isEmpty()) {
            return Trial.of(plan, machines, expected, others);
        }
        OperationLog log = new OperationLog(plan.blockSize());
        Tap[] all = Arrays.copyOf(others, others.length + 1);
        all[others.length] = log;
        return Trial.of(plan, machines, expected, all).judgedBy(checker.get().check(plan, log.text()));
    }

    /** The kinds of fault that a scenario's runs are meant to meet. */
    SortedSet<String> faults(Scenario scenario) {
        TreeSet<String> faults = new TreeSet<>(scenario.faults());
        faults.removeAll(without);
        return faults;
    }

    /** As they are in the source. */
    private static final class Honest implements Machines {
        @Override
        public Machine client(ClientSettings settings, ByteBufAllocator pages) {
            return new Client(settings, pages);
        }

        @Override
        public Machine server(ServerSettings settings, ByteBufAllocator pages) {
            return new Server(settings, pages);
        }

        @Override
        public Machines variant(String name) {
            return name.equals(Plan.HostPlan.ATTACHED) ? new AttachedMachines(this) : Machines.super.variant(name);
        }
    }
}
