package dst.realnode.attach;

import dst.nbd.attach.Bounds;
import dst.protocol.ClientSettings;
import dst.protocol.Device;
import dst.protocol.Machine;
import dst.protocol.Permission;
import dst.protocol.Range;
import dst.realnode.Amounts;
import dst.realnode.WrongInput;
import dst.realnode.access.AccessRules;
import dst.realnode.ctl.Answer;
import dst.realnode.ctl.Control;
import dst.realnode.guard.Descriptors;
import dst.realnode.host.MachineHost;
import dst.realnode.net.Address;
import dst.realnode.net.Connection;
import dst.realnode.net.Network;
import dst.realnode.watch.Watch;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An attached device as it runs, from the first attach to the orderly end. */
final class Attaching implements AttachHost.Listener, Control.Desk {
    private static final long USUAL_DEADLINE = 30_000_000_000L;

    private static final String NOT_TOLD =
            ", but the server was not there to be told: when it is back it keeps the export"
                    + " for this client, until dst attach takes it over; to end that detach again then";

    private final Settings settings;
    private final AccessRules rules;
    private final Watch watch;
    private final Consumer<List<String>> say;
    private final Network network;
    private final EventLoopGroup loops;
    private final AttachHost host;
    private final List<Channel> listeners = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CompletableFuture<Answer> ended = new CompletableFuture<>();
    private volatile @Nullable Control control;
    private volatile int exitCode;

    /** By when what was asked to detach has to be over; only on the loop. */
    private long leaveBy = Machine.NEVER;

    /** How it was asked to be. */
    record Settings(
            List<Address> servers, List<Address> nbd, ClientSettings client, Bounds bounds, Optional<Path> control) {}

    Attaching(Settings settings, AccessRules rules, Network network, Watch watch, Consumer<List<String>> say) {
        this.settings = settings;
        this.rules = rules;
        this.watch = watch;
        this.say = say;
        this.network = network;
        this.loops = network.loops(1, "attach");
        this.host = new AttachHost(
                loops.next(), network, settings.servers(), settings.client(), settings.bounds(), this, watch);
    }

    /** NBD clients may connect at once; they are answered when the device is there. */
    List<String> begin() {
        List<String> said = new ArrayList<>();
        for (Address address : settings.nbd()) {
            Channel channel = network.listen(
                    address,
                    loops,
                    this::accepted,
                    why -> host.refusals()
                            .tell("somebody at " + address, "R7", "no connection can be accepted: " + why),
                    Descriptors.ofEach(
                            Descriptors.forConnections(), settings.nbd().size()));
            listeners.add(channel);
            said.add("NBD at " + Connection.local(channel));
        }
        settings.control().ifPresent(path -> control = new Control(network, loops, path, this, host.refusals()));
        host.onLoop(host::begin);
        return said;
    }

    private void accepted(Channel channel) {
        String principal = Connection.principal(channel);
        Permission permission = permission(principal);
        if (permission == Permission.NONE) {
            host.refusals()
                    .tell(
                            Connection.peer(channel),
                            "R6",
                            "no rule lets it in; say --allow " + principal + "=rw if one should");
            channel.close();
        } else {
            host.accepted(channel, permission);
        }
    }

    private Permission permission(String principal) {
        return rules.permission(settings.client().export(), principal);
    }

    @Override
    public void attached(Device device) {
        say.accept(List.of(
                "attached: " + settings.client().export() + ", " + Amounts.bytes(device.size()) + " in blocks of "
                        + device.blockSize(),
                "ready"));
    }

    @Override
    public void failed(String why, List<Range> lost) {
        over(false, "the device has ended: " + why, lost);
    }

    /** No more is said than is known. */
    @Override
    public void detached(List<Range> lost, boolean told) {
        if (MachineHost.now() >= leaveBy) {
            over(
                    false,
                    "detached at the deadline: what was under way may have been done or not, what was not begun was not",
                    lost);
        } else if (host.device() == null) {
            over(true, "detached: it had never been attached, so nothing was read or written", lost);
        } else if (!lost.isEmpty()) {
            over(false, "detached, and not everything could be made durable", lost);
        } else {
            over(told, "detached: everything is on the server's disk" + (told ? "" : NOT_TOLD), lost);
        }
    }

    private void over(boolean inOrder, String how, List<Range> lost) {
        List<String> said = new ArrayList<>();
        said.add(how);
        for (Range range : lost) {
            said.add("acknowledged and perhaps lost: " + range.length() + " bytes at " + range.offset());
        }
        finish(said, inOrder ? 0 : 4);
    }

    @Override
    public void wrong() {
        finish(List.of("dst itself has failed"), 3);
    }

    void detach(long nanos) {
        if (ending.get()) {
            return;
        }
        host.onLoop(() -> {
            leaveBy = Math.min(leaveBy, Machine.after(MachineHost.now(), nanos));
            host.detach(nanos);
        });
    }

    private void finish(List<String> said, int code) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        exitCode = code;
        say.accept(said);
        ended.complete(new Answer(code == 0, said));
        Thread.ofPlatform().name("end").start(() -> {
            listeners.forEach(listener -> listener.close().awaitUninterruptibly());
            Control opened = control;
            if (opened != null) {
                opened.close();
            }
            // The answers that wait to be sent, to the operator and to NBD clients, are sent before this.
            loops.schedule(host::stop, 200, TimeUnit.MILLISECONDS);
            loops.shutdownGracefully(400, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
            watch.close();
            over.countDown();
        });
    }

    int await() throws InterruptedException {
        over.await();
        return exitCode;
    }

    @Override
    public CompletableFuture<Answer> ask(List<String> words) {
        List<String> asked = new ArrayList<>(words);
        long deadline = USUAL_DEADLINE;
        if (!asked.isEmpty() && asked.getLast().startsWith("deadline=")) {
            deadline = Amounts.nanos(asked.removeLast().substring("deadline=".length()));
        }
        if (asked.equals(List.of("status"))) {
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            host.onLoop(() -> answer.complete(new Answer(true, status())));
            return answer;
        }
        if (asked.size() == 2 && asked.getFirst().equals("allow")) {
            return CompletableFuture.supplyAsync(() -> new Answer(true, allow(asked.getLast())), host::onLoop);
        }
        if (asked.equals(List.of("detach"))) {
            detach(deadline);
            return ended;
        }
        throw new WrongInput("'" + String.join(" ", asked) + "' is not known here: there are status, allow and detach");
    }

    private List<String> allow(String rule) {
        Device device = host.device();
        Permission most = device == null ? Permission.BOTH : device.permission();
        List<String> inForce = rules.allow(rule, Map.of(settings.client().export(), most));
        host.accessChanged(this::permission);
        return inForce;
    }

    private List<String> status() {
        Device device = host.device();
        List<String> lines = new ArrayList<>(List.of(
                "device     " + settings.client().export() + " of "
                        + settings.servers().getFirst()
                        + (device == null
                                ? ", not attached yet"
                                : ", " + Amounts.bytes(device.size()) + " in blocks of " + device.blockSize()),
                "links      " + host.linkCount() + " of "
                        + settings.client().policy().links(),
                "access     " + String.join(" ", rules.shown(settings.client().export())),
                "used by    " + (host.peers().isEmpty() ? "nobody" : String.join(", ", host.peers()))));
        lines.addAll(watch.status());
        return lines;
    }
}
