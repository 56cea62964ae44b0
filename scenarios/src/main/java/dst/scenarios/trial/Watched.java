package dst.scenarios.trial;

import dst.nbd.rules.NbdJudges;
import dst.protocol.ClientSettings;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.referee.Judge;
import dst.protocol.referee.Limits;
import dst.protocol.referee.Referee;
import dst.protocol.trace.Layer;
import dst.reports.check.History;
import dst.scenarios.kinds.Kinds;
import dst.sim.Plan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Reach;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who is judged in a plan's run, and what the history is to know of its world. */
final class Watched {
    private Watched() {}

    /** Of nodes that are up to no good nothing is demanded. */
    static Referee referee(Plan plan) {
        Map<String, ClientSettings> clients = new TreeMap<>();
        Map<String, ServerSettings> servers = new TreeMap<>();
        Set<String> ignored = new TreeSet<>();
        for (NodePlan node : plan.nodes()) {
            switch (node.settings()) {
                case ClientSettings settings -> clients.put(node.name(), settings);
                case ServerSettings settings -> servers.put(node.name(), settings);
                default -> {}
            }
            if (!node.host().isHonest()) {
                ignored.add(node.name());
            }
        }
        List<Set<String>> onOneDisk = new ArrayList<>();
        for (DiskPlan disk : plan.disks()) {
            Set<String> names = new TreeSet<>();
            keepers(plan, disk).forEach(keeper -> names.add(keeper.name()));
            onOneDisk.add(names);
        }
        return new Referee(new Limits(clients, servers, ignored, onOneDisk), judges(plan));
    }

    private static Map<String, Judge.Maker> judges(Plan plan) {
        Map<String, Side> sides = new TreeMap<>();
        plan.nodes().forEach(node -> sides.put(node.name(), Kinds.side(node.kind(), node.settings())));
        Map<String, Judge.Maker> judges = new TreeMap<>(Kinds.judges(plan));
        judges.putAll(NbdJudges.of(node -> sides.getOrDefault(node, Side.OPEN)));
        return judges;
    }

    static History history(Plan plan) {
        List<History.Place> places = new ArrayList<>();
        Reach reach = new Reach(plan);
        for (DiskPlan disk : plan.disks()) {
            List<NodePlan> keepers = keepers(plan, disk);
            // What one says that is up to no good was read or written, nobody can check.
            if (keepers.stream().allMatch(keeper -> keeper.host().isHonest())) {
                for (int export = 0; export < disk.exports().size(); export++) {
                    place(plan, reach, disk, export, keepers).ifPresent(places::add);
                }
            }
        }
        for (NodePlan node : plan.nodes()) {
            if (node.host().isHonest() && reach.isForSeveralDisks(node) && serversAreHonest(plan)) {
                places.add(ofSeveralDisks(plan, reach, node));
            }
        }
        return new History(places);
    }

    /** All who have that disk. */
    private static List<NodePlan> keepers(Plan plan, DiskPlan disk) {
        List<NodePlan> keepers = new ArrayList<>();
        for (NodePlan node : plan.nodes()) {
            if (node.disks().contains(disk.name())) {
                keepers.add(node);
            }
        }
        return keepers;
    }

    private static boolean serversAreHonest(Plan plan) {
        return plan.nodes().stream()
                .filter(node -> !node.disks().isEmpty())
                .allMatch(node -> node.host().isHonest());
    }

    /** What is read is judged; which disk has to hold what in the end, nobody here can say. */
    private static History.Place ofSeveralDisks(Plan plan, Reach reach, NodePlan client) {
        Map<String, Integer> keepers = new TreeMap<>();
        for (DiskPlan disk : plan.disks()) {
            for (NodePlan node : plan.nodes()) {
                if (reach.export(client, disk) >= 0 && node.disks().contains(disk.name())) {
                    keepers.put(node.name(), node.disks().indexOf(disk.name()));
                }
            }
        }
        List<Layer> clients = List.of(new Layer(client.name(), client.kind(), 0));
        return new History.Place(client.name(), 0, 0, plan.blockSize(), clients, false, Optional.of(keepers));
    }

    private static Optional<History.Place> place(
            Plan plan, Reach reach, DiskPlan disk, int place, List<NodePlan> keepers) {
        ExportPlan export = disk.exports().get(place);
        List<Layer> clients = new ArrayList<>();
        boolean judged = true;
        boolean atOnce = false;
        for (NodePlan node : plan.nodes()) {
            if (reach.export(node, disk) != place || reach.isForSeveralDisks(node)) {
                continue;
            }
            // Nothing is known of how other kinds follow each other.
            atOnce |= !node.isA(Layer.CLIENT);
            if (node.host().isHonest()) {
                clients.add(new Layer(node.name(), node.kind(), 0));
            } else {
                judged &= export.shared() || !export.access().of(node.name()).writes();
            }
        }
        if (!judged || clients.isEmpty()) {
            return Optional.empty();
        }
        // The only one may grow.
        long length =
                disk.exports().size() == 1 ? Long.MAX_VALUE : export.device().size();
        Map<String, Integer> placeOf = new TreeMap<>();
        keepers.forEach(keeper -> placeOf.put(keeper.name(), keeper.disks().indexOf(disk.name())));
        return Optional.of(new History.Place(
                export.name(), export.start(), length, plan.blockSize(), clients, atOnce, Optional.of(placeOf)));
    }
}
