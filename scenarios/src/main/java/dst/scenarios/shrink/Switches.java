package dst.scenarios.shrink;

import dst.protocol.Access;
import dst.protocol.ClientSettings;
import dst.protocol.Permission;
import dst.protocol.Terms;
import dst.protocol.Words;
import dst.protocol.setting.NodeSettings;
import dst.protocol.setting.Setting;
import dst.protocol.setting.Settings;
import dst.scenarios.trial.Parts;
import dst.sim.Plan;
import dst.sim.Plan.ClientPlan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.LinkPlan;
import dst.sim.Plan.ServerPlan;
import dst.sim.PlanSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Everything in which the make of a plan's hosts, links and disk is out of the ordinary. */
public final class Switches {
    private static final long MILLI = 1_000_000;
    private static final DiskPlan DISK = new DiskPlan(MILLI / 10, MILLI / 10, MILLI, MILLI);
    private static final long DELAY = MILLI / 10;

    private final Plan plan;
    private final List<Switch> found = new ArrayList<>();

    private Switches(Plan plan) {
        this.plan = plan;
    }

    public static List<Switch> of(Plan plan) {
        Switches switches = new Switches(plan);
        for (int i = 0; i < plan.clients().size(); i++) {
            switches.client(i);
        }
        for (int i = 0; i < plan.servers().size(); i++) {
            switches.server(i);
        }
        for (int i = 0; i < plan.exports().size(); i++) {
            switches.export(i);
        }
        for (int i = 0; i < plan.paths().size(); i++) {
            switches.path(i);
        }
        switches.add(
                "the disk's latency, "
                        + between(plan.disk().latencyNanosMin(), plan.disk().latencyNanosMax()),
                each -> with(
                        each,
                        new DiskPlan(
                                DISK.latencyNanosMin(),
                                DISK.latencyNanosMax(),
                                each.disk().flushNanosMin(),
                                each.disk().flushNanosMax())));
        switches.add(
                "how long the disk flushes, "
                        + between(plan.disk().flushNanosMin(), plan.disk().flushNanosMax()),
                each -> with(
                        each,
                        new DiskPlan(
                                each.disk().latencyNanosMin(),
                                each.disk().latencyNanosMax(),
                                DISK.flushNanosMin(),
                                DISK.flushNanosMax())));
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

    private void client(int index) {
        String whose = "the " + Plan.clientName(index) + "'s ";
        ClientPlan client = plan.clients().get(index);
        settings(whose, client.host(), _ -> PlanSettings.HOST, change -> onHost(index, change));
        settings(whose, client, PlanSettings::client, change -> onClient(index, change));
        settings(whose, client.settings(), NodeSettings::client, change -> onSettings(index, change));
        settings(
                whose,
                client.settings().manner(),
                _ -> NodeSettings.MANNER,
                change -> onSettings(index, one -> one.with(change.apply(one.manner()))));
        settings(
                whose,
                client.settings().terms(),
                _ -> NodeSettings.TERMS,
                change -> onSettings(index, one -> with(one, change.apply(one.terms()))));
    }

    private void server(int index) {
        String whose = "the " + Plan.serverName(index) + "'s ";
        ServerPlan server = plan.servers().get(index);
        settings(
                whose,
                server.host(),
                _ -> PlanSettings.HOST,
                change -> onServer(index, one -> new ServerPlan(change.apply(one.host()), one.settings())));
        settings(
                whose,
                server.settings(),
                _ -> NodeSettings.SERVER,
                change -> onServer(index, one -> new ServerPlan(one.host(), change.apply(one.settings()))));
    }

    private void export(int index) {
        String whose = "the export " + plan.exports().get(index).name() + "'s ";
        ExportPlan export = plan.exports().get(index);
        add(
                whose + "rules of access, " + export.access().rules(),
                onExport(
                        index,
                        one -> new ExportPlan(
                                one.name(),
                                one.start(),
                                one.device(),
                                one.terms(),
                                one.shared(),
                                Access.ofEverybody(Permission.BOTH))));
        settings(
                whose,
                export.terms(),
                _ -> NodeSettings.TERMS,
                change -> onExport(
                        index,
                        one -> new ExportPlan(
                                one.name(),
                                one.start(),
                                one.device(),
                                change.apply(one.terms()),
                                one.shared(),
                                one.access())));
    }

    private void path(int index) {
        String whose = plan.paths().size() == 1 ? "the link's " : "path " + index + "'s ";
        LinkPlan path = plan.paths().get(index);
        add(
                whose + "delay, " + between(path.delayNanosMin(), path.delayNanosMax()),
                onPath(
                        index,
                        one -> new LinkPlan(DELAY, DELAY, one.bytesPerSecond(), one.splitMax(), one.bufferBytes())));
        settings(whose, path, PlanSettings::link, change -> onPath(index, change));
    }

    private static ClientSettings with(ClientSettings one, Terms terms) {
        return NodeSettings.client(one.export(), terms, one.identity(), one.manner())
                .made(NodeSettings.client(one).numbers(one));
    }

    private static UnaryOperator<Plan> onHost(int client, UnaryOperator<HostPlan> change) {
        return onClient(
                client,
                one -> new ClientPlan(
                        change.apply(one.host()), one.settings(), one.startAt(), one.server(), one.buffers()));
    }

    private static UnaryOperator<Plan> onSettings(int client, UnaryOperator<ClientSettings> change) {
        return onClient(
                client,
                one -> new ClientPlan(
                        one.host(), change.apply(one.settings()), one.startAt(), one.server(), one.buffers()));
    }

    private static UnaryOperator<Plan> onClient(int index, UnaryOperator<ClientPlan> change) {
        return plan ->
                Parts.with(plan, changed(plan.clients(), index, change), plan.servers(), plan.exports(), plan.paths());
    }

    private static UnaryOperator<Plan> onServer(int index, UnaryOperator<ServerPlan> change) {
        return plan ->
                Parts.with(plan, plan.clients(), changed(plan.servers(), index, change), plan.exports(), plan.paths());
    }

    private static UnaryOperator<Plan> onExport(int index, UnaryOperator<ExportPlan> change) {
        return plan ->
                Parts.with(plan, plan.clients(), plan.servers(), changed(plan.exports(), index, change), plan.paths());
    }

    private static UnaryOperator<Plan> onPath(int index, UnaryOperator<LinkPlan> change) {
        return plan ->
                Parts.with(plan, plan.clients(), plan.servers(), plan.exports(), changed(plan.paths(), index, change));
    }

    private static <T> List<T> changed(List<T> all, int index, UnaryOperator<T> change) {
        List<T> changed = new ArrayList<>(all);
        changed.set(index, change.apply(changed.get(index)));
        return changed;
    }

    private static Plan with(Plan plan, DiskPlan disk) {
        return new Plan(
                plan.scenario(),
                plan.seed(),
                plan.clients(),
                plan.servers(),
                plan.exports(),
                disk,
                plan.paths(),
                plan.operations(),
                plan.faults(),
                plan.standing(),
                plan.healAt(),
                plan.settleWithin());
    }

    private static String between(long low, long high) {
        return Words.seconds(low) + " to " + Words.seconds(high);
    }
}
