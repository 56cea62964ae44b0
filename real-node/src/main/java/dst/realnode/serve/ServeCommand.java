package dst.realnode.serve;

import dst.protocol.Permission;
import dst.realnode.Amounts;
import dst.realnode.Ending;
import dst.realnode.NodeOptions;
import dst.realnode.WrongInput;
import dst.realnode.access.AccessRule;
import dst.realnode.access.AccessRules;
import dst.realnode.access.Door;
import dst.realnode.guard.ProcessMemory;
import dst.realnode.net.Address;
import dst.realnode.watch.Watch;
import dst.realnode.watch.WatchOptions;
import dst.realnode.watch.WatchedNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Offers disks over the network. */
@Command(
        name = "serve",
        description = {
            "Offers files, block devices or memory to clients of the protocol and to any NBD client.",
            "Nobody is let in whom no --allow names."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst serve --export disk=data.img --allow 127.0.0.1=rw \\",
            "      --listen 127.0.0.1:4800 --nbd 127.0.0.1:10809",
            "  dst serve --export fast=memory:1GiB --allow unix=rw --nbd unix:/run/dst.sock",
            "  dst serve --export a=/dev/sdb,direct --export b=b.img,ro \\",
            "      --allow 10.0.0.0/8=r --allow a@10.0.0.7=rw --listen [::]:4800",
            "  dst serve --config /etc/dst/serve.conf",
            "      a file of such options, one a line, without the dashes"
        })
public final class ServeCommand implements Callable<Integer> {
    static final int PORT = 4800;
    static final int NBD_PORT = 10_809;
    static final int METRICS_PORT = 9_480;
    private static final int THREADS_MAX = 1024;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Option(
            names = "--export",
            paramLabel = "NAME=SOURCE[,OPTION...]",
            description =
                    "An export: a file, a block device, memory:SIZE, sparse:FILE:SIZE, nbd://HOST:PORT/EXPORT,"
                            + " nbd+unix:///EXPORT?socket=PATH. Options: ro, shared, direct, block=SIZE,"
                            + " state=DIRECTORY, adopt=IDENTITY (once, where another disk is meant). May be said several times.")
    private List<String> exports = new ArrayList<>();

    @Option(
            names = "--allow",
            paramLabel = "[EXPORT@]WHO=r|w|rw|none",
            description =
                    "Who may do what: an address, a network such as 10.0.0.0/8, unix, or *. The most exact rule counts.")
    private List<String> allow = new ArrayList<>();

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = "For clients of the protocol; the port is 4800 if none is said.")
    private List<String> listen = new ArrayList<>();

    @Option(
            names = "--nbd",
            paramLabel = "ADDRESS",
            description = "For NBD clients; the port is 10809 if none is said.")
    private List<String> nbd = new ArrayList<>();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "More options from a file, one a line, without the dashes.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--state",
            paramLabel = "DIRECTORY",
            description = "Where identity, epochs and boot counters are kept. Default: beside the data.")
    private Optional<Path> state = Optional.empty();

    @Option(
            names = "--metrics",
            paramLabel = "ADDRESS",
            description = "Metrics for Prometheus, at 127.0.0.1:9480 for example. Default: none.")
    private Optional<String> metrics = Optional.empty();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Event loops for NBD connections. Default: one a core.")
    private Optional<String> threads = Optional.empty();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "What all NBD connections together may have under way, and all links of the protocol as much;"
                            + " what is more waits with the clients. Default: a sixteenth of this machine's memory, at most 1 GiB.")
    private Optional<String> memory = Optional.empty();

    /** Where options come from that are not the command line's. */
    private ServeFile file = ServeFile.NONE;

    @Mixin
    private NodeOptions node = new NodeOptions();

    @Mixin
    private WatchOptions watching = new WatchOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (config.isPresent()) {
            return fromFile(config.get());
        }
        Serving.Settings settings = settings();
        AccessRules rules = rules(settings);
        try (Watch watch = watching.watch(WatchedNode.server(Serving.machineSettings(settings.memory())))) {
            Serving serving = new Serving(settings, rules, watch);
            List<String> said = new ArrayList<>(serving.begin());
            warn(rules, settings);
            watch.folder().ifPresent(folder -> said.add("recorded in " + folder));
            say(said);
            Ending.whenAsked(() -> serving.drain(serving.drainNanos()), serving::await);
            return serving.await();
        }
    }

    /** The file's options come first, those of the command line are added to them. */
    private Integer fromFile(Path path) throws InterruptedException {
        ServeFile read = ServeFile.read(path);
        read.check(arguments -> parsed(arguments).values());
        List<String> arguments = new ArrayList<>(read.arguments());
        exports.forEach(it -> arguments.addAll(List.of("--export", it)));
        allow.forEach(it -> arguments.addAll(List.of("--allow", it)));
        listen.forEach(it -> arguments.addAll(List.of("--listen", it)));
        nbd.forEach(it -> arguments.addAll(List.of("--nbd", it)));
        ServeCommand both = parsed(arguments);
        both.file = read;
        both.spec = spec;
        both.state = state.or(() -> both.state);
        both.node = node.or(both.node);
        both.threads = threads.or(() -> both.threads);
        both.memory = memory.or(() -> both.memory);
        both.metrics = metrics.or(() -> both.metrics);
        both.watching = watching.or(both.watching);
        return both.call();
    }

    private static ServeCommand parsed(List<String> arguments) {
        ServeCommand command = new ServeCommand();
        new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
        return command;
    }

    private AccessRules rules(Serving.Settings settings) {
        Map<String, Permission> most = new LinkedHashMap<>();
        settings.exports().forEach(one -> most.put(one.name(), one.most()));
        AccessRules rules = new AccessRules();
        for (String text : allow) {
            file.placing("allow", text, () -> rules.add(text, most.keySet()));
        }
        rules.checkThatSomebodyIsAdmitted(most, doors(settings));
        return rules;
    }

    private static List<Door> doors(Serving.Settings settings) {
        return Stream.concat(
                        settings.protocol().stream().map(it -> new Door("--listen", it)),
                        settings.nbd().stream().map(it -> new Door("--nbd", it)))
                .toList();
    }

    private Serving.Settings settings() {
        if (exports.isEmpty()) {
            throw new WrongInput("there is nothing to offer: name an export, for example --export disk=data.img");
        }
        if (listen.isEmpty() && nbd.isEmpty()) {
            throw new WrongInput(
                    "there is nowhere to offer it: say --listen 127.0.0.1:4800 for clients of the protocol,"
                            + " or --nbd 127.0.0.1:10809 for NBD clients");
        }
        return values();
    }

    /** What each option says, whether or not another one is missing. */
    private Serving.Settings values() {
        allow.forEach(AccessRule::parse);
        watching.recordLimit();
        int loops = threads.map(it -> Amounts.count("--threads", it, THREADS_MAX))
                .orElseGet(() -> Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()));
        return new Serving.Settings(
                exports.stream().map(ExportSpec::parse).toList(),
                listen.stream().map(it -> Address.parse(it, PORT)).toList(),
                nbd.stream().map(it -> Address.parse(it, NBD_PORT)).toList(),
                state,
                node.control("serve"),
                metrics.map(it -> Address.parse(it, METRICS_PORT)),
                node.transport(),
                loops,
                memory.map(ProcessMemory::budget).orElseGet(ProcessMemory::usualBudget),
                node.drainNanos());
    }

    /** What is allowed and may not be meant. */
    private void warn(AccessRules rules, Serving.Settings settings) {
        PrintWriter err = spec.commandLine().getErr();
        List<Door> doors = doors(settings);
        for (ExportSpec export : settings.exports()) {
            if (doors.stream().noneMatch(door -> rules.admitsAnybody(door, export.name(), export.most()))) {
                err.println("dst: NOBODY IS LET IN to export " + export.name()
                        + ": no rule lets anybody. Say for example --allow " + export.name() + "@"
                        + doors.getFirst().example());
            }
        }
        for (String text : List.copyOf(listen)) {
            if (!Address.parse(text, PORT).isLocal()) {
                err.println("dst: " + text + " is reached from other machines, and links are not sealed:"
                        + " whoever is on the way can read and change what goes over them");
            }
        }
        for (String text : List.copyOf(nbd)) {
            if (!Address.parse(text, NBD_PORT).isLocal()) {
                err.println("dst: " + text + " is reached from other machines, and NBD is not encrypted here:"
                        + " whoever is on the way can read and change what goes over it");
            }
        }
        err.flush();
    }

    private void say(List<String> said) {
        PrintWriter out = spec.commandLine().getOut();
        said.forEach(line -> out.println("dst: " + line));
        out.println("dst: ready");
        out.flush();
    }
}
