package dst.realnode.attach;

import dst.nbd.attach.Bounds;
import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Holding;
import dst.protocol.Machine;
import dst.protocol.Overlap;
import dst.protocol.Permission;
import dst.realnode.Amounts;
import dst.realnode.Ending;
import dst.realnode.ExportName;
import dst.realnode.NodeOptions;
import dst.realnode.WrongInput;
import dst.realnode.access.AccessRules;
import dst.realnode.access.Door;
import dst.realnode.guard.Descriptors;
import dst.realnode.guard.ForeignText;
import dst.realnode.guard.ProcessMemory;
import dst.realnode.net.Address;
import dst.realnode.net.Network;
import dst.realnode.net.Transport;
import dst.realnode.watch.Watch;
import dst.realnode.watch.WatchOptions;
import dst.realnode.watch.WatchedNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes an export of a server an NBD device here. */
@Command(
        name = "attach",
        description = {
            "Attaches an export of 'dst serve' and gives it to NBD clients on this machine.",
            "Servers that crash, lose power or are not reached for a while are not seen by whoever uses the device: he waits."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst attach --server 127.0.0.1:4800 --export disk --nbd 127.0.0.1:10810",
            "  dst attach --server 10.0.0.5 --server 10.1.0.5 --links 4 --export disk \\",
            "      --nbd unix:/run/disk.sock",
            "  nbdfuse /mnt/device nbd://127.0.0.1:10810/disk &   and the device is a file"
        })
public final class AttachCommand implements Callable<Integer> {
    private static final int PORT = 4800;
    private static final int NBD_PORT = 10_810;
    private static final List<String> THIS_MACHINE = List.of("127.0.0.0/8=rw", "::1=rw", "unix=rw");

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Option(
            names = "--server",
            required = true,
            paramLabel = "ADDRESS",
            description = "Where the server is; several: several ways to it. The port is 4800 if none is said.")
    private List<String> servers = new ArrayList<>();

    @Option(names = "--export", required = true, paramLabel = "NAME", description = "Which export.")
    private String export = "";

    @Option(
            names = "--nbd",
            required = true,
            paramLabel = "ADDRESS",
            description = "Where NBD clients connect; the port is 10810 if none is said.")
    private List<String> nbd = new ArrayList<>();

    @Option(
            names = "--allow",
            paramLabel = "WHO=r|w|rw|none",
            description = "Which NBD clients may do what, as for dst serve: an address, a network, unix, or *."
                    + " The most exact rule counts. Default: those of this machine, everything.")
    private List<String> allow = new ArrayList<>();

    @Option(
            names = "--links",
            paramLabel = "N",
            description = "How many links are used at once. Default: one for each --server.")
    private Optional<String> links = Optional.empty();

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            description = "After how long an operation fails. Default: never.")
    private Optional<String> patience = Optional.empty();

    @Option(names = "--wait", description = "Wait if another client holds the export, instead of taking it over.")
    private boolean wait;

    @Option(
            names = "--retain",
            paramLabel = "SIZE",
            description = "How much unflushed content is kept. Default: 64MiB.")
    private Optional<String> retain = Optional.empty();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "What all NBD connections together may have under way; what is more waits with the programs."
                    + " Default: a sixteenth of this machine's memory, at most 1 GiB.")
    private Optional<String> memory = Optional.empty();

    @Mixin
    private NodeOptions node = new NodeOptions();

    @Mixin
    private WatchOptions watching = new WatchOptions();

    @Override
    public Integer call() throws InterruptedException {
        Attaching.Settings settings = settings();
        AccessRules rules = rules(settings);
        Network network = new Network(node.transport().orElseGet(Transport::best));
        long drainNanos = node.drainNanos();
        try (Watch watch = watching.watch(WatchedNode.client(settings.client()))) {
            watch.folder().ifPresent(folder -> say(List.of("recorded in " + folder)));
            Attaching attaching = new Attaching(settings, rules, network, watch, this::say);
            say(attaching.begin());
            Ending.whenAsked(() -> attaching.detach(drainNanos), attaching::await);
            return attaching.await();
        }
    }

    private AccessRules rules(Attaching.Settings settings) {
        Map<String, Permission> exports = Map.of(settings.client().export(), Permission.BOTH);
        AccessRules rules = new AccessRules();
        (allow.isEmpty() ? THIS_MACHINE : allow).forEach(rule -> rules.add(rule, exports.keySet()));
        rules.checkThatSomebodyIsAdmitted(
                exports,
                settings.nbd().stream().map(it -> new Door("--nbd", it)).toList());
        return rules;
    }

    private Attaching.Settings settings() {
        int count = links.map(it -> Amounts.count("--links", it, ClientPolicy.LINKS_MAX))
                .orElse(servers.size());
        if (count > ClientPolicy.LINKS_MAX) {
            throw new WrongInput("there are " + count + " --server, and at most " + ClientPolicy.LINKS_MAX
                    + " links: say with --links how many are to be used at once");
        }
        ClientSettings usual = ClientSettings.of(ExportName.checked(export));
        ClientSettings client = new ClientSettings(
                export,
                usual.terms(),
                usual.identity(),
                patience.map(AttachCommand::patience).orElse(Machine.NEVER),
                usual.resendNanos(),
                usual.reconnectNanos(),
                retain.map(it -> retained(it, usual)).orElse(usual.retainedBytesMax()),
                usual.failedFlushesMax(),
                new ClientPolicy(count, Overlap.WAIT, 0, wait ? Holding.WAIT : Holding.TAKE, Integer.MAX_VALUE));
        long bytes = memory.map(ProcessMemory::budget).orElseGet(ProcessMemory::usualBudget);
        ProcessMemory.checkFits(
                "--retain " + Amounts.bytes(client.retainedBytesMax()) + " with --memory " + Amounts.bytes(bytes),
                client.retainedBytesMax() + bytes);
        return new Attaching.Settings(
                servers.stream().map(it -> Address.parseTarget(it, PORT)).toList(),
                nbd.stream().map(it -> Address.parse(it, NBD_PORT)).toList(),
                client,
                new Bounds(Bounds.DEFAULT.places().within(Descriptors.forConnections()), bytes),
                node.control("attach"));
    }

    private static long patience(String text) {
        long nanos = Amounts.nanos(text);
        if (nanos == 0) {
            throw new WrongInput(
                    "--patience is more than nothing, or no operation succeeds: to try for ever leave it out");
        }
        return nanos;
    }

    private static long retained(String text, ClientSettings usual) {
        long bytes = Amounts.byteCount(text);
        int largest = usual.terms().largestTransfer();
        if (bytes < largest) {
            throw new WrongInput("--retain is at least " + Amounts.bytes(largest)
                    + ", so that the largest write has room, not " + text);
        }
        return bytes;
    }

    private void say(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        // Why a server has ended something is in its own words.
        lines.forEach(line -> out.println("dst: " + ForeignText.harmless(line)));
        out.flush();
    }
}
