package dst.realnode;

import dst.protocol.Machine;
import dst.realnode.ctl.Sockets;
import dst.realnode.net.Transport;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every node that runs is asked, server or attached device. */
public final class NodeOptions {
    private static final String DRAIN = "30s";

    @Option(
            names = "--control",
            paramLabel = "SOCKET",
            description = "Where 'dst ctl' and 'dst detach' ask; 'none' for nowhere.")
    private Optional<String> control = Optional.empty();

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            description = "How long an orderly end may take (SIGTERM). Default: " + DRAIN + ".")
    private Optional<String> drain = Optional.empty();

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description = "epoll, io_uring or nio. Default: the best that works here.")
    private Optional<String> transport = Optional.empty();

    /** What the others say counts where these say nothing. */
    public NodeOptions or(NodeOptions others) {
        NodeOptions both = new NodeOptions();
        both.control = control.or(() -> others.control);
        both.drain = drain.or(() -> others.drain);
        both.transport = transport.or(() -> others.transport);
        return both;
    }

    /** Where a node of that kind listens to its operator. */
    public Optional<Path> control(String kind) {
        if (control.filter("none"::equals).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(control.map(Path::of).orElseGet(() -> Sockets.usual(kind)));
    }

    public long drainNanos() {
        return Math.min(Amounts.nanos(drain.orElse(DRAIN)), Machine.NEVER / 4);
    }

    public Optional<Transport> transport() {
        return transport.map(Transport::of);
    }
}
