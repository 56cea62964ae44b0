package dst.realnode.attach;

import dst.nbd.attach.Attach;
import dst.nbd.attach.AttachControl;
import dst.nbd.attach.Bounds;
import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.client.Client;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.realnode.guard.FewLines;
import dst.realnode.guard.Refusals;
import dst.realnode.host.Links;
import dst.realnode.host.MachineHost;
import dst.realnode.net.Address;
import dst.realnode.net.Connection;
import dst.realnode.net.Network;
import dst.realnode.watch.Watch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client of the protocol and the NBD connections that use its device, on real sockets. Everything here happens on one loop. */
final class AttachHost extends MachineHost {
    private static final Logger log = LoggerFactory.getLogger(AttachHost.class);
    private static final int BLOCKS_PREFERRED = 4096;

    private final Network network;
    private final List<Address> servers;
    private final ClientSettings settings;
    private final Listener listener;
    private final Refusals refusals;
    private final FewLines news;
    private final Client client;
    private final LinkNews linkNews;
    private final Links links = new Links();
    private final Programs programs;
    private long lastConnection;
    private int connecting;
    private @Nullable Device device;

    /** Who has to know what became of the device; told on the loop. */
    interface Listener {
        void attached(Device device);

        /** It serves nothing more. The ranges are acknowledged contents that may be lost. */
        void failed(String why, List<Range> lost);

        /** It was asked to end, and has. Told: a server was there to hear it. */
        void detached(List<Range> lost, boolean told);

        void wrong();
    }

    /** What is watched are the machines within, each by itself. Servers: the way that belongs to each slot, going round if there are fewer. */
    AttachHost(
            EventLoop loop,
            Network network,
            List<Address> servers,
            ClientSettings settings,
            Bounds bounds,
            Listener listener,
            Watch watch) {
        Client client = new Client(settings, PooledByteBufAllocator.DEFAULT);
        Attach attach = new Attach(client, PooledByteBufAllocator.DEFAULT, bounds);
        watch.over(attach);
        super(loop, new Layer("client", "attach", 0), attach, Tap.BLIND);
        this.client = client;
        this.network = network;
        this.servers = servers;
        this.settings = settings;
        this.listener = listener;
        this.refusals = new Refusals(loop);
        this.programs = new Programs(refusals);
        this.news = new FewLines(loop, log::info, "within a second there was more news of links:");
        this.linkNews = new LinkNews(settings.policy().links(), line -> news.say("links", line));
    }

    void begin() {
        SecureRandom chance = new SecureRandom();
        Unique token = new Unique(chance.nextLong(), chance.nextLong() | 1);
        give(new Control.Started(token, chance.nextLong()));
    }

    void detach(long deadlineNanos) {
        linkNews.leave();
        give(new ClientControl.Detach(deadlineNanos));
    }

    void stop() {
        end();
        links.closeAll();
        programs.closeAll();
    }

    int linkCount() {
        return linkNews.living();
    }

    List<String> peers() {
        return programs.peers();
    }

    @Nullable Device device() {
        return device;
    }

    // NBD connections.

    /** Somebody is let in, and may do that much. */
    void accepted(Channel channel, Permission permission) {
        long number = ++lastConnection;
        Connection connection = new Connection(channel, new NbdEars(number));
        programs.add(number, connection, channel, permission);
        connection.begin();
        give(new AttachControl.Came(
                Connection.origin(channel), number, connection.peer(), List.of(exportFor(permission))));
    }

    /** Of a device that is not known yet the machine believes nothing but name, permission, largest transfer and features. */
    private NbdExport exportFor(Permission permission) {
        return new NbdExport(
                settings.export(),
                "attached from " + servers.getFirst(),
                new Device(Unique.NONE, 0, 1, permission),
                1,
                BLOCKS_PREFERRED,
                settings.terms().largestTransfer(),
                NbdExport.FUA | NbdExport.TRIM | NbdExport.ZERO | NbdExport.MULTI | NbdExport.MAP);
    }

    /** R6: at once. Whoever may do something else than was told is sent away, and hears it when they come again. */
    void accessChanged(Function<String, Permission> permissions) {
        programs.sendAwayWhoMayDoElse(permissions)
                .forEach(number -> nbd(number, new LinkPort.Closed(number, "what it may do has changed")));
    }

    Refusals refusals() {
        return refusals;
    }

    private void nbd(long number, Signal input) {
        give(new AttachControl.Heard(number, input));
    }

    private final class NbdEars implements Connection.Listener {
        private final long number;

        NbdEars(long number) {
            this.number = number;
        }

        @Override
        public void received(ByteBuf bytes) {
            beginBatch();
            nbd(number, new LinkPort.Received(number, bytes));
        }

        @Override
        public void receivedAll() {
            endBatch();
        }

        @Override
        public void sent(long bytes) {
            nbd(number, new LinkPort.Sent(number, bytes));
        }

        @Override
        public boolean ended() {
            nbd(number, new NbdServerControl.HalfClosed());
            return true;
        }

        @Override
        public void closed(String reason) {
            programs.forget(number);
            nbd(number, new LinkPort.Closed(number, reason));
        }

        @Override
        public void over() {
            programs.over(number);
        }
    }

    // Links to servers.

    private void connect(long link, int slot) {
        connecting++;
        Address address = servers.get(slot % servers.size());
        network.connect(
                address,
                loop,
                channel -> {
                    connecting--;
                    connected(link, channel);
                },
                why -> {
                    connecting--;
                    news.say("connects", address + " is not reached: " + why);
                    give(new LinkPort.Closed(link, why));
                });
    }

    private void connected(long link, Channel channel) {
        if (isOver()) {
            channel.close();
            return;
        }
        Connection connection = new Connection(channel, new LinkEars(link));
        links.add(link, connection);
        connection.begin();
        give(new LinkPort.Opened(link));
    }

    private final class LinkEars implements Connection.Listener {
        private final long link;

        LinkEars(long link) {
            this.link = link;
        }

        @Override
        public void received(ByteBuf bytes) {
            beginBatch();
            give(new LinkPort.Received(link, bytes));
        }

        @Override
        public void receivedAll() {
            endBatch();
        }

        @Override
        public void sent(long bytes) {
            give(new LinkPort.Sent(link, bytes));
        }

        @Override
        public void closed(String reason) {
            links.forget(link);
            news.say("losses", "a link is lost: " + reason);
            give(new LinkPort.Closed(link, reason));
        }
    }

    // What the machine wants done.

    @Override
    protected void carryOut(Signal output) {
        switch (output) {
            case AttachControl.Says(long number, Signal one) -> programs.carryOut(number, one);
            case AttachControl.Dropped(long number, String words) -> programs.drop(number, words);
            case LinkPort.Connect(long link, int slot) -> connect(link, slot);
            case LinkPort.Send(long link, ByteBuf bytes) -> links.send(link, bytes);
            case LinkPort.Close(long link, Closing closing) -> {
                Connection connection = links.find(link);
                String where = connection == null ? "" : " to " + connection.peer();
                news.say(
                        "ends",
                        "link " + link + where + " closed: " + closing.rule()
                                + (closing.rule().isEmpty() ? "" : " ") + closing.text());
                links.close(link);
            }
            case LinkPort.Reading(long link, boolean wanted) -> links.reading(link, wanted);
            case BlockPort.Changed(Device now, boolean owed) -> changed(now, owed);
            case BlockPort.Failed(var problem, String text, List<Range> lost) -> {
                linkNews.leave();
                listener.failed(problem.words() + ": " + text + advice(problem), lost);
            }
            case ClientControl.Detached(List<Range> lost) -> listener.detached(lost, client.saidGoodbye());
            case Control.Noted(String text) -> news.say("words of a server", text);
            default -> throw Signal.misplaced(output);
        }
    }

    /** What the user does next, where that is not plain. */
    private static String advice(Problem problem) {
        return problem == Problem.OTHER_DEVICE
                ? ". Nothing was written to it. Who operates the server has to put the disk back with the state beside it, or means"
                        + " another device by it; to use that one attach again, and let programs and file systems open it anew"
                : "";
    }

    private void changed(Device now, boolean owed) {
        if (owed) {
            log.warn("the client before this one had not written everything again: the device is as after a power cut");
        }
        Device before = device;
        device = now;
        if (before == null) {
            listener.attached(now);
        } else {
            log.warn(
                    "the device has changed: {} bytes in blocks of {}, {}",
                    now.size(),
                    now.blockSize(),
                    now.permission());
        }
    }

    @Override
    protected void flushed() {
        if (!isOver()) {
            linkNews.see(client.liveLinks(), System.nanoTime());
        }
        links.flush();
        programs.flush();
    }

    @Override
    protected Signal timerFired() {
        return new Control.TimerFired();
    }

    @Override
    protected void drop(Signal input) {
        Signal.release(input instanceof AttachControl.Heard(long _, Signal heard) ? heard : input);
    }

    @Override
    protected void failed(Throwable failure) {
        log.error("the client fell over one of its own assertions: this is an error in dst itself", failure);
        links.closeAll();
        programs.closeAll();
        listener.wrong();
    }
}
