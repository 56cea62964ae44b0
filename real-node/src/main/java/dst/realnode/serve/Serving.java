package dst.realnode.serve;

import dst.protocol.Boot;
import dst.protocol.ServerSettings;
import dst.protocol.Terms;
import dst.realnode.WrongInput;
import dst.realnode.access.AccessRules;
import dst.realnode.ctl.Control;
import dst.realnode.disk.Disks;
import dst.realnode.disk.RealDisk;
import dst.realnode.guard.Descriptors;
import dst.realnode.guard.Refusals;
import dst.realnode.net.Address;
import dst.realnode.net.Connection;
import dst.realnode.net.Network;
import dst.realnode.net.Transport;
import dst.realnode.watch.Watch;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** A server as it runs: its loops, listeners and exports, from the start to the orderly end. */
final class Serving {
    private static final Logger log = LoggerFactory.getLogger(Serving.class);

    private static final String NOT_IN_ORDER =
            "not everything was in order: something was not answered or not flushed, or its client still had to write"
                    + " something again";

    private final Settings settings;
    private final AccessRules rules;
    private final Watch watch;
    private final Network network;
    private final EventLoopGroup protocolLoop;
    private final EventLoopGroup nbdLoops;
    private final ServerHost server;
    private final Refusals refusals;
    private final NbdPeers peers;
    private final OfferedExports exports;
    private final List<Channel> protocolListeners = new ArrayList<>();
    private final List<Channel> otherListeners = new ArrayList<>();
    private final CompletableFuture<End> drained = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicBoolean ending = new AtomicBoolean();
    private @Nullable Control control;
    private final AtomicLong lastNbdLink = new AtomicLong();

    /** Of those to servers whose exports are disks here. */
    private final AtomicLong lastForeignLink = new AtomicLong();

    private int lastDisk;
    private volatile int exitCode;

    /** How it was asked to be. */
    record Settings(
            List<ExportSpec> exports,
            List<Address> protocol,
            List<Address> nbd,
            Optional<Path> state,
            Optional<Path> control,
            Optional<Address> metrics,
            Optional<Transport> transport,
            int threads,
            long memory,
            long drainNanos) {}

    Serving(Settings settings, AccessRules rules, Watch watch) {
        this.settings = settings;
        this.rules = rules;
        this.watch = watch;
        this.network = new Network(settings.transport().orElseGet(Transport::best));
        this.protocolLoop = network.loops(1, "dst");
        this.nbdLoops = network.loops(settings.threads(), "nbd");
        this.refusals = new Refusals(protocolLoop);
        this.server = new ServerHost(
                protocolLoop.next(), rules, refusals, watch, machineSettings(settings.memory()), () -> end(3));
        this.peers = new NbdPeers(NbdPeers.USUAL.within(Descriptors.forNbd()), settings.memory(), protocolLoop);
        this.exports = new OfferedExports(rules, peers);
    }

    /** What the protocol's machine bears, on this machine. */
    static ServerSettings machineSettings(long memory) {
        int room = Descriptors.forLinks();
        ServerSettings usual = ServerSettings.DEFAULT;
        int handshakes = Math.clamp(room / 4, 1, usual.handshakesMax());
        return new ServerSettings(
                // Of each link one message may be arriving, whatever the others have.
                Math.clamp(Math.min(room - handshakes, memory / Terms.DEFAULT.largestTransfer()), 1, usual.linksMax()),
                handshakes,
                usual.attachmentsMax(),
                Math.min(memory, usual.bytesMax()));
    }

    /** Opens everything; from then on it is ready (H4). Says where it listens. */
    List<String> begin() {
        for (ExportSpec spec : settings.exports()) {
            open(spec);
        }
        server.onLoop(server::ready);
        List<String> said = new ArrayList<>();
        for (Address address : settings.protocol()) {
            Channel channel = network.listen(
                    address,
                    protocolLoop,
                    server::accepted,
                    cannotAccept(address),
                    Descriptors.ofEach(
                            Descriptors.forLinks(), settings.protocol().size()));
            protocolListeners.add(channel);
            said.add("the protocol at " + Connection.local(channel));
        }
        for (Address address : settings.nbd()) {
            Channel channel = network.listen(
                    address,
                    nbdLoops,
                    this::acceptedNbd,
                    cannotAccept(address),
                    Descriptors.ofEach(Descriptors.forNbd(), settings.nbd().size()));
            otherListeners.add(channel);
            said.add("NBD at " + Connection.local(channel));
        }
        settings.metrics().ifPresent(address -> {
            Channel channel = Metrics.listen(network, protocolLoop, address, refusals, () -> Metrics.page(this));
            otherListeners.add(channel);
            said.add("metrics at http://" + Connection.local(channel) + "/metrics");
        });
        settings.control()
                .ifPresent(path -> control = new Control(network, protocolLoop, path, new ServeDesk(this), refusals));
        return said;
    }

    private void acceptedNbd(Channel channel) {
        NbdPeer peer = new NbdPeer(channel, exports, refusals, lastNbdLink.incrementAndGet(), watch);
        peers.came(peer);
        peer.begin();
        exports.came(peer);
    }

    /** Whoever waits to be let in goes on waiting. */
    private Consumer<String> cannotAccept(Address address) {
        return why -> refusals.tell("somebody at " + address, "R7", "no connection can be accepted: " + why);
    }

    long refusedSoFar() {
        return refusals.total();
    }

    OpenExport open(ExportSpec spec) {
        if (exports.find(spec.name()) != null) {
            throw new WrongInput("there are two exports with the name '" + spec.name() + "': each needs its own");
        }
        RealDisk disk;
        try {
            disk = Disks.open(spec.source(), diskOptions(spec));
        } catch (IOException e) {
            throw new WrongInput("export " + spec.name() + ": " + e.getMessage());
        }
        try {
            OpenExport export = new OpenExport(spec, ++lastDisk, disk, disk.state(), watch);
            Boot boot = export.state.nextBoot();
            exports.add(export);
            server.onLoop(() -> server.open(export, boot));
            return export;
        } catch (IOException e) {
            disk.close();
            throw new WrongInput(
                    "export " + spec.name() + ": its state directory cannot be written: " + e.getMessage());
        }
    }

    private Disks.Options diskOptions(ExportSpec spec) {
        Optional<Path> state = spec.state().isEmpty()
                ? settings.state().map(folder -> folder.resolve(spec.name()))
                : Optional.of(Path.of(spec.state()));
        Optional<String> adopted = Optional.of(spec.adopt()).filter(identity -> !identity.isEmpty());
        return new Disks.Options(
                PooledByteBufAllocator.DEFAULT,
                spec.block(),
                spec.readOnly(),
                spec.direct(),
                state,
                adopted,
                new Disks.Watched(watch, lastForeignLink::incrementAndGet));
    }

    OfferedExports exports() {
        return exports;
    }

    ServerHost server() {
        return server;
    }

    AccessRules rules() {
        return rules;
    }

    Watch watch() {
        return watch;
    }

    Network network() {
        return network;
    }

    /** Who may do what has changed: it counts at once (R6), and that is told when it does for everybody who is there. */
    CompletableFuture<Void> accessChanged() {
        CompletableFuture<Void> told = CompletableFuture.runAsync(server::accessChanged, server::onLoop);
        return CompletableFuture.allOf(told, exports.accessChanged());
    }

    /**
     * Takes an export away; what was not in order, in words, empty if all was. NBD connections that use it end first, so that the last
     * flush is of what they did, too.
     */
    CompletableFuture<String> remove(String name, long deadlineNanos) {
        OpenExport export = exports.find(name);
        if (export == null) {
            throw new WrongInput("there is no export '" + name + "'");
        }
        long start = System.nanoTime();
        CompletableFuture<String> removed = new CompletableFuture<>();
        exports.withdraw(export, Draining.forOthers(deadlineNanos)).thenAccept(answered -> {
            long rest = Math.max(0, deadlineNanos - (System.nanoTime() - start));
            server.onLoop(() -> server.remove(name, rest).thenAccept(clean -> {
                Thread.startVirtualThread(() -> {
                    export.disk.ending();
                    String lost = lost(export);
                    export.disk.close();
                    removed.complete(clean && answered ? lost : NOT_IN_ORDER);
                });
            }));
        });
        return removed;
    }

    /** No size is wanted but the one that the disk has got by now. */
    static final long AS_IT_IS = 0;

    /**
     * Gives an export another size, or {@link #AS_IT_IS}. NBD connections that use it end first, at the latest at
     * the deadline; clients of the protocol stay attached, and are told.
     */
    CompletableFuture<Long> resize(String name, long wanted, long deadlineNanos) {
        OpenExport export = exports.find(name);
        if (export == null) {
            throw new WrongInput("there is no export '" + name + "'");
        }
        return export.lending.resize(wanted, deadlineNanos);
    }

    /** Ends in order, within the deadline. */
    CompletableFuture<End> drain(long nanos) {
        if (ending.compareAndSet(false, true)) {
            Thread.ofPlatform().name("drain").start(() -> {
                End end = ended(nanos);
                log.atLevel(end.inOrder() ? Level.INFO : Level.WARN).log(end.words());
                drained.complete(end);
                finish(end.exitCode());
            });
        }
        return drained;
    }

    private End ended(long nanos) {
        try {
            End end = new Draining(exports, server, otherListeners, protocolListeners).run(nanos);
            boolean lost = false;
            for (OpenExport export : exports.all()) {
                lost |= !lost(export).isEmpty();
            }
            return end.inOrder() && lost ? End.LOST : end;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return End.LATE;
        }
    }

    /** In which way what was written is not where it is looked for any more, which is said aloud; empty if it is. */
    private static String lost(OpenExport export) {
        String lost = export.disk.lost();
        if (!lost.isEmpty()) {
            log.error("export {}: {}", export.name(), lost);
        }
        return lost;
    }

    private void end(int code) {
        if (ending.compareAndSet(false, true)) {
            Thread.ofPlatform().name("end").start(() -> finish(code));
        }
    }

    private void finish(int code) {
        exitCode = code;
        exports.all().forEach(export -> export.disk.ending());
        exports.cutAll();
        server.onLoop(server::stop);
        Control opened = control;
        if (opened != null) {
            opened.close();
        }
        protocolLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        nbdLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        exports.all().forEach(export -> export.disk.close());
        watch.close();
        over.countDown();
    }

    /** Until it is over; how it ended, as an exit code. */
    int await() throws InterruptedException {
        over.await();
        return exitCode;
    }

    long drainNanos() {
        return settings.drainNanos();
    }
}
