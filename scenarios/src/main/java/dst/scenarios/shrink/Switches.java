package dst.scenarios.shrink;

import dst.protocol.Access;
import dst.protocol.ClientSettings;
import dst.protocol.Permission;
import dst.protocol.ServerSettings;
import dst.protocol.Terms;
import dst.protocol.Words;
import dst.protocol.setting.NodeSettings;
import dst.protocol.setting.Setting;
import dst.protocol.setting.Settings;
import dst.protocol.setting.Spread;
import dst.sim.Plan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.PathPlan;
import dst.sim.PlanSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Everything in which the make of a plan's hosts, links and disk is out of the ordinary. */
public final class Switches {
    private final Plan plan;
    private final List<Switch> found = new ArrayList<>();

    private Switches(Plan plan) {
        this.plan = plan;
    }

    public static List<Switch> of(Plan plan) {
        Switches switches = new Switches(plan);
        plan.nodes().forEach(switches::node);
        for (int i = 0; i < plan.disks().size(); i++) {
            for (int j = 0; j < plan.disks().get(i).exports().size(); j++) {
                switches.export(i, j);
            }
        }
        for (int i = 0; i < plan.paths().size(); i++) {
            switches.path(i);
        }
        for (int i = 0; i < plan.disks().size(); i++) {
            switches.disk(i);
        }
        return switches.found;
    }

    /** Found only if it makes a difference. */
    private void add(String what, UnaryOperator<Plan> off) {
        if (!off.apply(plan).equals(plan)) {
            found.add(new Switch(what, off));
        }
    }

    /** Each setting that is not as it usually is. */
    private <T> void settings(
            String whose, T part, Function<T, Settings<T>> of, Function<UnaryOperator<T>, UnaryOperator<Plan>> on) {
        List<Setting<T, ?>> all = of.apply(part).all();
        for (int i = 0; i < all.size(); i++) {
            int place = i;
            Setting<T, ?> setting = all.get(i);
            add(
                    whose + setting.what() + ", " + setting.written(part).text(),
                    on.apply(one -> of.apply(one).usual(one, place)));
        }
    }

    /** Each of what the world draws itself that is not as it is where it does not matter. */
    private <T> void spreads(
            String whose, T part, List<Spread<T>> all, Function<UnaryOperator<T>, UnaryOperator<Plan>> on) {
        for (Spread<T> spread : all) {
            add(
                    whose + spread.what() + ", " + Words.seconds(spread.leastOf(part)) + " to "
                            + Words.seconds(spread.mostOf(part)),
                    on.apply(spread::ordinary));
        }
    }

    private void node(NodePlan node) {
        String whose = "the " + node.name() + "'s ";
        settings(
                whose,
                node.host(),
                _ -> PlanSettings.HOST,
                change -> onNode(node, one -> one.with(change.apply(one.host()))));
        settings(whose, node, PlanSettings::node, change -> onNode(node, change));
        switch (node.settings()) {
            case ClientSettings settings -> client(whose, node, settings);
            case ServerSettings settings ->
                settings(
                        whose,
                        settings,
                        _ -> NodeSettings.SERVER,
                        change -> onSettings(node, ServerSettings.class, change));
            default -> {}
        }
    }

    private void client(String whose, NodePlan node, ClientSettings client) {
        Function<UnaryOperator<ClientSettings>, UnaryOperator<Plan>> on =
                change -> onSettings(node, ClientSettings.class, change);
        settings(whose, client, NodeSettings::client, on);
        settings(
                whose,
                client.policy(),
                _ -> NodeSettings.POLICY,
                change -> on.apply(one -> one.with(change.apply(one.policy()))));
        settings(
                whose,
                client.terms(),
                _ -> NodeSettings.TERMS,
                change -> on.apply(one -> with(one, change.apply(one.terms()))));
    }

    private void export(int disk, int index) {
        ExportPlan export = plan.disks().get(disk).exports().get(index);
        String whose = "the export " + export.name() + "'s ";
        Function<UnaryOperator<ExportPlan>, UnaryOperator<Plan>> on = change -> onExport(disk, index, change);
        settings(whose, export, PlanSettings::export, on);
        add(
                whose + "rules of access, " + export.access().rules(),
                on.apply(one -> one.with(Access.ofEverybody(Permission.BOTH))));
        settings(
                whose,
                export.terms(),
                _ -> NodeSettings.TERMS,
                change -> on.apply(one -> one.with(change.apply(one.terms()))));
    }

    private void path(int index) {
        PathPlan path = plan.paths().get(index);
        String whose = plan.paths().size() == 1 ? "the link's " : path.name() + "'s ";
        spreads(whose, path, PlanSettings.SPREADS_OF_PATH, change -> onPath(index, change));
        settings(whose, path, PlanSettings::path, change -> onPath(index, change));
    }

    private void disk(int index) {
        DiskPlan disk = plan.disks().get(index);
        String name = plan.disks().size() == 1 ? "the disk" : disk.name();
        spreads(name + "'s ", disk, PlanSettings.SPREADS_OF_DISK, change -> onDisk(index, change));
    }

    private static ClientSettings with(ClientSettings one, Terms terms) {
        return NodeSettings.client(one.export(), terms, one.identity(), one.policy())
                .made(NodeSettings.client(one).numbers(one));
    }

    private static <S extends Record> UnaryOperator<Plan> onSettings(
            NodePlan node, Class<S> kind, UnaryOperator<S> change) {
        return onNode(node, one -> one.with(change.apply(kind.cast(one.settings()))));
    }

    /** It is known by its name: others of its settings may be ordinary by then. */
    private static UnaryOperator<Plan> onNode(NodePlan node, UnaryOperator<NodePlan> change) {
        return plan -> plan.withNodes(plan.nodes().stream()
                .map(one -> one.name().equals(node.name()) ? change.apply(one) : one)
                .toList());
    }

    private static UnaryOperator<Plan> onExport(int disk, int index, UnaryOperator<ExportPlan> change) {
        return onDisk(disk, one -> one.with(changed(one.exports(), index, change)));
    }

    /** As it was, where the other exports and disks do not allow that. */
    private static UnaryOperator<Plan> onDisk(int index, UnaryOperator<DiskPlan> change) {
        return plan -> {
            try {
                return plan.withDisks(changed(plan.disks(), index, change));
            } catch (IllegalArgumentException doNotGoTogether) {
                return plan;
            }
        };
    }

    private static UnaryOperator<Plan> onPath(int index, UnaryOperator<PathPlan> change) {
        return plan -> plan.withPaths(changed(plan.paths(), index, change));
    }

    private static <T> List<T> changed(List<T> all, int index, UnaryOperator<T> change) {
        List<T> changed = new ArrayList<>(all);
        changed.set(index, change.apply(changed.get(index)));
        return changed;
    }
}
