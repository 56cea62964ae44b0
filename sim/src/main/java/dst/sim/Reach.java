package dst.sim;

import dst.protocol.ClientSettings;
import dst.protocol.ServerSettings;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.OperationPlan;
import dst.sim.Plan.WayPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the operations of a plan's nodes are for, as far as the plan says it. */
public final class Reach {
    private static final int NOTHING = -1;

    private final Plan plan;
    private final Map<String, NodePlan> nodes = new LinkedHashMap<>();

    private final Map<String, List<OperationPlan>> operations = new TreeMap<>();

    /** The disks to which a node's links lead, over however many others. */
    private final Map<String, Set<String>> disks = new TreeMap<>();

    public Reach(Plan plan) {
        this.plan = plan;
        for (NodePlan node : plan.nodes()) {
            nodes.put(node.name(), node);
        }
        String last = "";
        List<OperationPlan> ofLast = List.of();
        for (OperationPlan operation : plan.operations()) {
            // A plan has one client's after the other's.
            if (!operation.node().equals(last)) {
                last = operation.node();
                ofLast = operations.computeIfAbsent(last, _ -> new ArrayList<>());
            }
            ofLast.add(operation);
        }
        for (NodePlan node : plan.nodes()) {
            disks.put(node.name(), reached(node));
        }
    }

    private Set<String> reached(NodePlan from) {
        Set<String> seen = new TreeSet<>();
        Set<String> reached = new TreeSet<>();
        ArrayDeque<String> next = new ArrayDeque<>();
        next.add(from.name());
        while (!next.isEmpty()) {
            NodePlan node = nodes.get(next.remove());
            if (node != null && seen.add(node.name())) {
                reached.addAll(node.disks());
                for (WayPlan way : node.ways()) {
                    next.add(way.to());
                }
            }
        }
        return reached;
    }

    /** What that node is asked to do. */
    List<OperationPlan> operations(String node) {
        return operations.getOrDefault(node, List.of());
    }

    /** Whether there is no single disk that a node's operations are for: somebody on the way decides which. */
    public boolean isForSeveralDisks(NodePlan node) {
        return plan.disks().size() > 1
                && plan.disks().stream().filter(disk -> export(node, disk) >= 0).count() > 1;
    }

    /** The place of the export of that disk which a node's operations are for; negative if it is none. */
    public int export(NodePlan node, DiskPlan disk) {
        return switch (node.settings()) {
            case ClientSettings settings
            when disks.getOrDefault(node.name(), Set.of()).contains(disk.name()) -> place(disk, settings.export());
            case ClientSettings _, ServerSettings _ -> NOTHING;
            // What a node of another kind offers is like the first thing that there is.
            default -> disk.equals(plan.disks().getFirst()) && operations.containsKey(node.name()) ? 0 : NOTHING;
        };
    }

    private static int place(DiskPlan disk, String export) {
        for (int i = 0; i < disk.exports().size(); i++) {
            if (disk.exports().get(i).name().equals(export)) {
                return i;
            }
        }
        return NOTHING;
    }
}
