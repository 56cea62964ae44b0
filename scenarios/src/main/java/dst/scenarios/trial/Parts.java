package dst.scenarios.trial;

import dst.protocol.ClientSettings;
import dst.protocol.fault.Fault;
import dst.sim.Plan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.OperationPlan;
import dst.sim.Plan.PathPlan;
import dst.sim.Plan.WayPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Plans without some of their parts. */
public final class Parts {
    private Parts() {}

    /** Without the operations of these tags: what would have followed one of them follows what it followed. */
    public static Plan withoutOperations(Plan plan, Set<Long> gone) {
        Map<Long, OperationPlan> removed = new HashMap<>();
        List<OperationPlan> left = new ArrayList<>();
        for (OperationPlan one : plan.operations()) {
            OperationPlan moved = moved(one, removed);
            if (gone.contains(one.tag())) {
                removed.put(one.tag(), moved);
            } else {
                left.add(moved);
            }
        }
        return plan.withOperations(left);
    }

    private static OperationPlan moved(OperationPlan one, Map<Long, OperationPlan> removed) {
        OperationPlan before = removed.get(one.after());
        return before == null
                ? one
                : new OperationPlan(
                        one.tag(),
                        one.node(),
                        before.at() + one.at(),
                        before.after(),
                        one.kind(),
                        one.offset(),
                        one.length(),
                        one.durable());
    }

    /** The operations counted from 1 on, in their order. */
    public static Plan renumbered(Plan plan) {
        Map<Long, Long> tags = new HashMap<>();
        tags.put(OperationPlan.NOTHING, OperationPlan.NOTHING);
        List<OperationPlan> renumbered = new ArrayList<>();
        for (OperationPlan one : plan.operations()) {
            long tag = renumbered.size() + 1L;
            tags.put(one.tag(), tag);
            renumbered.add(new OperationPlan(
                    tag,
                    one.node(),
                    one.at(),
                    tags.getOrDefault(one.after(), OperationPlan.NOTHING),
                    one.kind(),
                    one.offset(),
                    one.length(),
                    one.durable()));
        }
        return plan.withOperations(renumbered);
    }

    /** Without that fault, by its place. */
    public static Plan withoutFault(Plan plan, int place) {
        List<Fault> left = new ArrayList<>(plan.faults());
        left.remove(place);
        return plan.withFaults(left);
    }

    /** Without a node and all that it does; whoever had a way to it goes another. Empty if somebody has no other. */
    public static Optional<Plan> withoutNode(Plan plan, NodePlan gone) {
        List<NodePlan> left = new ArrayList<>();
        boolean served = true;
        for (NodePlan node : plan.nodes()) {
            if (!node.equals(gone)) {
                NodePlan other = elsewhere(plan, node, gone);
                served &= node.ways().isEmpty() || !other.ways().isEmpty();
                left.add(other);
            }
        }
        if (left.isEmpty() || !served) {
            return Optional.empty();
        }
        Set<Long> operations = plan.operations().stream()
                .filter(one -> one.node().equals(gone.name()))
                .map(OperationPlan::tag)
                .collect(Collectors.toSet());
        return Optional.of(withoutOperations(plan, operations).withNodes(left));
    }

    /** Its ways to that one lead to the first other node of that kind, or are gone with it. */
    private static NodePlan elsewhere(Plan plan, NodePlan node, NodePlan gone) {
        Optional<String> other = plan.nodes().stream()
                .filter(one -> !one.equals(gone) && one.isA(gone.kind()))
                .map(NodePlan::name)
                .findFirst();
        List<WayPlan> ways = new ArrayList<>();
        for (WayPlan way : node.ways()) {
            if (!way.to().equals(gone.name())) {
                ways.add(way);
            } else if (other.isPresent() && !other.get().equals(node.name())) {
                ways.add(new WayPlan(other.get(), way.path()));
            }
        }
        return node.with(ways);
    }

    /** Without a disk; whoever had it does without. */
    public static Plan withoutDisk(Plan plan, DiskPlan gone) {
        List<NodePlan> nodes = plan.nodes().stream()
                .map(node -> node.withDisks(node.disks().stream()
                        .filter(name -> !name.equals(gone.name()))
                        .toList()))
                .toList();
        return plan.withNodes(nodes)
                .withDisks(
                        plan.disks().stream().filter(disk -> !disk.equals(gone)).toList());
    }

    /** Without a path; whoever went over it goes over the first other one. */
    public static Plan withoutPath(Plan plan, PathPlan gone) {
        List<PathPlan> left =
                plan.paths().stream().filter(path -> !path.equals(gone)).toList();
        List<NodePlan> nodes = plan.nodes().stream()
                .map(node -> node.with(node.ways().stream()
                        .filter(way -> !way.path().equals(gone.name())
                                || node.ways().stream()
                                        .allMatch(other -> !other.to().equals(way.to())
                                                || other.path().equals(gone.name())))
                        .map(way -> way.path().equals(gone.name())
                                ? new WayPlan(way.to(), left.getFirst().name())
                                : way)
                        .toList()))
                .toList();
        return plan.withNodes(nodes).withPaths(left);
    }

    /** Whether somebody attaches it. */
    public static boolean isUsed(Plan plan, ExportPlan export) {
        return plan.nodes().stream()
                .anyMatch(node -> node.settings() instanceof ClientSettings settings
                        && settings.export().equals(export.name()));
    }
}
