package dst.scenarios.shrink;

import dst.protocol.Access;
import dst.protocol.ClientSettings;
import dst.protocol.Holding;
import dst.protocol.Machine;
import dst.protocol.Manner;
import dst.protocol.Overlap;
import dst.protocol.Permission;
import dst.protocol.ServerSettings;
import dst.protocol.Terms;
import dst.protocol.Words;
import dst.scenarios.trial.Parts;
import dst.sim.Plan;
import dst.sim.Plan.ClientPlan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.LinkPlan;
import dst.sim.Plan.ServerPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Everything in which the make of a plan's hosts, links and disk is out of the ordinary. */
public final class Switches {
    private static final int PAGE = 4096;
    private static final String PRESENT = "present";
    private static final long MILLI = 1_000_000;
    private static final int KIB = 1024;
    private static final Terms TERMS =
            new Terms(Terms.CRC32C, Terms.PLAIN, Terms.FUA | Terms.TRIM | Terms.ZERO, 100, 64 * KIB, 64, KIB * KIB);
    private static final ServerSettings SERVER = new ServerSettings(1024, 256, 256, 64L * KIB * KIB);
    private static final DiskPlan DISK = new DiskPlan(MILLI / 10, MILLI / 10, MILLI, MILLI);
    private static final LinkPlan LINK = new LinkPlan(MILLI / 10, MILLI / 10, 0, 65_536, 0);

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

    private void client(int index) {
        String whose = "the " + Plan.clientName(index) + "'s ";
        ClientPlan client = plan.clients().get(index);
        ClientSettings settings = client.settings();
        host(
                whose,
                client.host(),
                change -> onClient(
                        index,
                        one -> new ClientPlan(
                                change.apply(one.host()), one.settings(), one.startAt(), one.server(), one.buffers())));
        add(
                whose + "start, " + Words.seconds(client.startAt()),
                onClient(index, one -> new ClientPlan(one.host(), one.settings(), 0, one.server(), one.buffers())));
        add(
                whose + "write buffers, " + client.buffers(),
                onClient(index, one -> new ClientPlan(one.host(), one.settings(), one.startAt(), one.server(), 0)));
        setting(index, whose + "patience, " + time(settings.patienceNanos()), one -> one.patience = Machine.NEVER);
        setting(
                index,
                whose + "pause before it sends again, " + time(settings.resendNanos()),
                one -> one.resend = 100 * MILLI);
        setting(
                index,
                whose + "pause before it connects again, " + time(settings.reconnectNanos()),
                one -> one.reconnect = 10 * MILLI);
        setting(
                index,
                whose + "limit of what it retains, " + settings.retainedBytesMax(),
                one -> one.retained = KIB * KIB);
        setting(index, whose + "limit of failed flushes, " + settings.failedFlushesMax(), one -> one.failedFlushes = 5);
        setting(index, whose + "links, " + settings.manner().links(), one -> one.links = 1);
        setting(index, whose + "way with overlaps, " + settings.manner().overlap(), one -> one.overlap = Overlap.WAIT);
        setting(index, whose + "limit of what it copies, " + settings.manner().copiedBytesMax(), one -> one.copied = 0);
        setting(
                index,
                whose + "way with another holder, " + settings.manner().holding(),
                one -> one.holding = Holding.TAKE);
        setting(index, whose + "attempts, " + settings.manner().attemptsMax(), one -> one.attempts = Integer.MAX_VALUE);
        terms(
                whose,
                settings.terms(),
                change -> onClient(index, one -> {
                    Settings changed = new Settings(one.settings());
                    changed.terms = change.apply(changed.terms);
                    return new ClientPlan(one.host(), changed.whole(), one.startAt(), one.server(), one.buffers());
                }));
    }

    private void server(int index) {
        String whose = "the " + Plan.serverName(index) + "'s ";
        ServerPlan server = plan.servers().get(index);
        host(
                whose,
                server.host(),
                change -> onServer(index, one -> new ServerPlan(change.apply(one.host()), one.settings())));
        add(whose + "limits, " + server.settings(), onServer(index, one -> new ServerPlan(one.host(), SERVER)));
    }

    private void host(String whose, HostPlan host, Function<UnaryOperator<HostPlan>, UnaryOperator<Plan>> on) {
        add(
                whose + "page size, " + host.pageSize(),
                on.apply(one -> new HostPlan(PAGE, one.clockPpm(), one.program())));
        add(
                whose + "clock, " + host.clockPpm() + " ppm fast",
                on.apply(one -> new HostPlan(one.pageSize(), 0, one.program())));
        add(
                whose + "program, " + host.program(),
                on.apply(one -> new HostPlan(one.pageSize(), one.clockPpm(), PRESENT)));
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
        terms(
                whose,
                export.terms(),
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

    private void terms(String whose, Terms terms, Function<UnaryOperator<Terms>, UnaryOperator<Plan>> on) {
        add(
                whose + "keepalive, " + terms.keepaliveMillis() + " ms",
                on.apply(one -> new Terms(
                        one.checksums(),
                        one.ciphers(),
                        one.features(),
                        TERMS.keepaliveMillis(),
                        one.largestTransfer(),
                        one.transactionsMax(),
                        one.bytesMax())));
        add(
                whose + "limit of transactions, " + terms.transactionsMax(),
                on.apply(one -> new Terms(
                        one.checksums(),
                        one.ciphers(),
                        one.features(),
                        one.keepaliveMillis(),
                        one.largestTransfer(),
                        TERMS.transactionsMax(),
                        one.bytesMax())));
        add(
                whose + "largest transfer and bytes in flight, " + terms.largestTransfer() + " and " + terms.bytesMax(),
                on.apply(one -> new Terms(
                        one.checksums(),
                        one.ciphers(),
                        one.features(),
                        one.keepaliveMillis(),
                        TERMS.largestTransfer(),
                        one.transactionsMax(),
                        TERMS.bytesMax())));
        add(
                whose + "features, " + terms.features(),
                on.apply(one -> new Terms(
                        one.checksums(),
                        one.ciphers(),
                        TERMS.features(),
                        one.keepaliveMillis(),
                        one.largestTransfer(),
                        one.transactionsMax(),
                        one.bytesMax())));
    }

    private void path(int index) {
        String whose = plan.paths().size() == 1 ? "the link's " : "path " + index + "'s ";
        LinkPlan path = plan.paths().get(index);
        add(
                whose + "delay, " + between(path.delayNanosMin(), path.delayNanosMax()),
                onPath(
                        index,
                        one -> new LinkPlan(
                                LINK.delayNanosMin(),
                                LINK.delayNanosMax(),
                                one.bytesPerSecond(),
                                one.splitMax(),
                                one.bufferBytes())));
        add(
                whose + "bandwidth, " + path.bytesPerSecond() + " bytes a second",
                onPath(
                        index,
                        one -> new LinkPlan(
                                one.delayNanosMin(), one.delayNanosMax(), 0, one.splitMax(), one.bufferBytes())));
        add(
                whose + "largest piece, " + path.splitMax(),
                onPath(
                        index,
                        one -> new LinkPlan(
                                one.delayNanosMin(),
                                one.delayNanosMax(),
                                one.bytesPerSecond(),
                                LINK.splitMax(),
                                one.bufferBytes())));
        add(
                whose + "buffers, " + path.bufferBytes() + " bytes",
                onPath(
                        index,
                        one -> new LinkPlan(
                                one.delayNanosMin(), one.delayNanosMax(), one.bytesPerSecond(), one.splitMax(), 0)));
    }

    private void setting(int index, String what, java.util.function.Consumer<Settings> change) {
        add(what, onClient(index, one -> {
            Settings changed = new Settings(one.settings());
            change.accept(changed);
            return new ClientPlan(one.host(), changed.whole(), one.startAt(), one.server(), one.buffers());
        }));
    }

    /** A client's settings, open to change. */
    private static final class Settings {
        private final ClientSettings from;
        Terms terms;
        long patience;
        long resend;
        long reconnect;
        long retained;
        int failedFlushes;
        int links;
        Overlap overlap;
        long copied;
        Holding holding;
        int attempts;

        Settings(ClientSettings from) {
            this.from = from;
            terms = from.terms();
            patience = from.patienceNanos();
            resend = from.resendNanos();
            reconnect = from.reconnectNanos();
            retained = from.retainedBytesMax();
            failedFlushes = from.failedFlushesMax();
            links = from.manner().links();
            overlap = from.manner().overlap();
            copied = from.manner().copiedBytesMax();
            holding = from.manner().holding();
            attempts = from.manner().attemptsMax();
        }

        ClientSettings whole() {
            Manner manner = new Manner(links, overlap, copied, holding, attempts);
            return new ClientSettings(
                    from.export(),
                    terms,
                    from.identity(),
                    patience,
                    resend,
                    reconnect,
                    retained,
                    failedFlushes,
                    manner);
        }
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

    private static String time(long nanos) {
        return nanos == Machine.NEVER ? "for ever" : Words.seconds(nanos);
    }
}
