package dst.scenarios.shrink;

import dst.protocol.fault.Fault;
import dst.scenarios.trial.Parts;
import dst.sim.Plan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.OperationPlan;
import dst.sim.Plan.PathPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes a failing plan smaller as long as it fails in the same way: fewer faults, operations, hosts and links, then an ordinary
 * make, then smaller and rounder numbers. In the end nothing can be left out: no fault, no operation, no pair of them.
 */
public final class Shrinker {
    /** With more operations than this not every pair is tried: there would be too many. */
    private static final int PAIRS_MAX = 40;

    /** With more operations than this not each is tried at the time of each other. */
    private static final int MEETING_MAX = 16;

    private final Predicate<Plan> fails;
    private final BooleanSupplier goesOn;
    private final Consumer<Plan> smaller;
    private Plan best;

    /** What is left of the plan as it was at first, in the order of what became of it. */
    private List<Fault> faults;

    private List<OperationPlan> operations;
    private int tries;

    private Shrinker(Plan plan, Predicate<Plan> fails, BooleanSupplier goesOn, Consumer<Plan> smaller) {
        this.best = plan;
        this.faults = plan.faults();
        this.operations = plan.operations();
        this.fails = fails;
        this.goesOn = goesOn;
        this.smaller = smaller;
    }

    /**
     * What is left, and how many plans were tried; whole if there was time to try all that there is to try. Faults and operations:
     * which of the plan's own are left, as they were.
     */
    public record Shrunk(Plan plan, List<Fault> faults, List<OperationPlan> operations, int tries, boolean whole) {}

    /**
     * @param fails whether a plan fails in the same way
     * @param goesOn whether there is time left
     * @param smaller is told of each stage that made it smaller
     */
    public static Shrunk shrink(Plan plan, Predicate<Plan> fails, BooleanSupplier goesOn, Consumer<Plan> smaller) {
        Shrinker shrinker = new Shrinker(plan, fails, goesOn, smaller);
        shrinker.all();
        return new Shrunk(shrinker.best, shrinker.faults, shrinker.operations, shrinker.tries, goesOn.getAsBoolean());
    }

    private void all() {
        Plan before;
        do {
            before = best;
            stage(this::hosts);
            stage(this::faults);
            stage(this::operations);
            stage(this::pairs);
            stage(this::switches);
            stage(this::times);
            stage(this::values);
        } while (!best.equals(before) && goesOn.getAsBoolean());
    }

    private void stage(Runnable stage) {
        Plan before = best;
        stage.run();
        if (!best.equals(before)) {
            smaller.accept(best);
        }
    }

    private boolean accept(Plan plan) {
        if (plan.equals(best) || !goesOn.getAsBoolean()) {
            return false;
        }
        tries++;
        boolean same = fails.test(plan);
        if (same) {
            faults = left(best.faults(), plan.faults(), faults, Fault::equals);
            operations =
                    left(best.operations(), plan.operations(), operations, (one, other) -> one.tag() == other.tag());
            best = plan;
        }
        return same;
    }

    /** Those originals whose places are left: nothing is changed by the same step by which something else is left out. */
    private static <T> List<T> left(List<T> before, List<T> after, List<T> originals, BiPredicate<T, T> same) {
        if (before.size() == after.size()) {
            return originals;
        }
        List<T> left = new ArrayList<>();
        for (int i = 0; i < before.size() && left.size() < after.size(); i++) {
            if (same.test(before.get(i), after.get(left.size()))) {
                left.add(originals.get(i));
            }
        }
        return left;
    }

    /** What is gone keeps no other from going: the last one first, and each as the plan is by then. */
    private void hosts() {
        for (NodePlan node : best.nodes().reversed()) {
            if (best.nodes().size() > 1 && best.node(node.name()) != null) {
                Parts.withoutNode(best, Objects.requireNonNull(best.node(node.name())))
                        .ifPresent(this::accept);
            }
        }
        for (DiskPlan disk : best.disks().reversed()) {
            if (best.disks().size() > 1
                    && best.nodes().stream().noneMatch(node -> node.disks().contains(disk.name()))) {
                accept(Parts.withoutDisk(best, disk));
            }
        }
        for (int i = 0; i < best.disks().size(); i++) {
            exports(i);
        }
        for (PathPlan path : best.paths().reversed()) {
            if (best.paths().size() > 1) {
                accept(Parts.withoutPath(best, path));
            }
        }
    }

    private void exports(int place) {
        for (ExportPlan export : best.disks().get(place).exports().reversed()) {
            List<DiskPlan> disks = new ArrayList<>(best.disks());
            List<ExportPlan> left = disks.get(place).exports().stream()
                    .filter(one -> !one.equals(export))
                    .toList();
            if (!left.isEmpty() && !Parts.isUsed(best, export)) {
                disks.set(place, disks.get(place).with(left));
                accept(best.withDisks(disks));
            }
        }
    }

    private void faults() {
        Plan whole = best;
        fewer(
                whole.faults().size(),
                kept -> whole.withFaults(kept.stream().map(whole.faults()::get).toList()));
    }

    private void operations() {
        Plan whole = best;
        fewer(whole.operations().size(), kept -> {
            Set<Long> gone = new HashSet<>();
            whole.operations().forEach(one -> gone.add(one.tag()));
            kept.forEach(place -> gone.remove(whole.operations().get(place).tag()));
            return Parts.withoutOperations(whole, gone);
        });
    }

    /** Leaves out ever smaller runs of neighbours until no single one can be left out. Of: the plan with the parts at these places. */
    private void fewer(int count, Function<List<Integer>, Plan> of) {
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            left.add(i);
        }
        for (int size = left.size(); size >= 1 && !left.isEmpty(); ) {
            boolean fewer = false;
            // From the end: what comes after the breach is not needed.
            for (int to = left.size(); to > 0; to -= size) {
                List<Integer> kept = new ArrayList<>(left);
                kept.subList(Math.max(0, to - size), to).clear();
                if (accept(of.apply(kept))) {
                    left = kept;
                    fewer = true;
                }
            }
            size = size == 1 && !fewer ? 0 : Math.max(1, Math.min(size / 2, Math.max(1, left.size() / 2)));
        }
    }

    /** Two that need each other: a cut and the crash after it, a write and the read that sees it. */
    private void pairs() {
        int count = best.faults().size() + best.operations().size();
        for (int i = count - 1; i > 0 && count <= PAIRS_MAX; i--) {
            for (int j = i - 1; j >= 0; j--) {
                if (i < size() && accept(without(without(best, i), j))) {
                    break;
                }
            }
        }
    }

    private int size() {
        return best.faults().size() + best.operations().size();
    }

    /** Faults are counted first, then operations. */
    private static Plan without(Plan plan, int place) {
        int faults = plan.faults().size();
        return place < faults
                ? Parts.withoutFault(plan, place)
                : Parts.withoutOperations(
                        plan, Set.of(plan.operations().get(place - faults).tag()));
    }

    private void switches() {
        Plan ordinary = best;
        for (Switch each : Switches.of(best)) {
            ordinary = each.off().apply(ordinary);
        }
        if (!accept(ordinary)) {
            for (Switch each : Switches.of(best)) {
                accept(each.off().apply(best));
            }
        }
    }

    /** All at once, or one when another is: who only happens to meet does not need a history that makes him meet. */
    private void times() {
        List<OperationPlan> operations = best.operations();
        accept(best.withOperations(operations.stream()
                .map(one -> Simpler.at(one, 0, OperationPlan.NOTHING))
                .toList()));
        int count = operations.size() <= MEETING_MAX ? operations.size() : 0;
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < i; j++) {
                OperationPlan earlier = best.operations().get(j);
                List<OperationPlan> changed = new ArrayList<>(best.operations());
                changed.set(i, Simpler.at(changed.get(i), earlier.at(), earlier.after()));
                accept(best.withOperations(changed));
            }
        }
    }

    private void values() {
        for (int i = 0; i < best.operations().size(); i++) {
            while (simplerOperation(i)) {}
        }
        for (int i = 0; i < best.faults().size(); i++) {
            while (simplerFault(i)) {}
        }
        accept(Parts.renumbered(best));
    }

    private boolean simplerOperation(int place) {
        for (OperationPlan simpler : Simpler.than(best.operations().get(place), best.blockSize())) {
            List<OperationPlan> changed = new ArrayList<>(best.operations());
            changed.set(place, simpler);
            if (accept(best.withOperations(changed))) {
                return true;
            }
        }
        return false;
    }

    private boolean simplerFault(int place) {
        for (Fault simpler : best.faults().get(place).simpler()) {
            List<Fault> changed = new ArrayList<>(best.faults());
            changed.set(place, simpler);
            if (accept(best.withFaults(changed))) {
                return true;
            }
        }
        return false;
    }
}
