package dst.realnode.serve;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.server.Server;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import dst.realnode.access.AccessRules;
import dst.realnode.guard.Refusals;
import dst.realnode.host.Links;
import dst.realnode.host.MachineHost;
import dst.realnode.net.Connection;
import dst.realnode.watch.WatchedNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The protocol's server on real sockets and disks. Everything here happens on its loop. */
final class ServerHost extends MachineHost implements Served.Host {
    private static final Logger log = LoggerFactory.getLogger(ServerHost.class);

    private final AccessRules rules;
    private final Refusals refusals;
    private final Runnable whenWrong;
    private final Links links = new Links();

    /** How many links each principal has: those are known by name to the machine. */
    private final TreeMap<String, Integer> present = new TreeMap<>();

    private final Map<Integer, Served> byDisk = new LinkedHashMap<>();
    private final Map<String, Served> byName = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Boolean>> removals = new LinkedHashMap<>();
    private final CompletableFuture<Boolean> left = new CompletableFuture<>();
    private long lastLink;

    /** The last is called if the machine falls over one of its own assertions. */
    ServerHost(
            EventLoop loop,
            AccessRules rules,
            Refusals refusals,
            Tap tap,
            ServerSettings settings,
            Runnable whenWrong) {
        super(loop, WatchedNode.SERVER, new Server(settings, PooledByteBufAllocator.DEFAULT), tap);
        this.rules = rules;
        this.refusals = refusals;
        this.whenWrong = whenWrong;
    }

    // Exports.

    /** Its disk is locked, and nothing of an earlier process can still reach it (H4). */
    void open(OpenExport export, Boot boot) {
        Served served = new Served(export, loop, this);
        byDisk.put(export.number, served);
        byName.put(export.name(), served);
        give(new DiskPort.Opened(export.number, boot, BootCause.STARTED));
        offer(served);
    }

    @Override
    public void offer(Served served) {
        give(new ServerControl.ExportOpened(
                served.export.export(), served.holder(), rules.accessOf(served.export.name(), present.keySet())));
    }

    /** All exports that are there at the start have been opened. */
    void ready() {
        give(new ServerControl.Ready());
    }

    /** Flushes, tells the client and ends; whether all of it was in order. */
    CompletableFuture<Boolean> remove(String name, long deadlineNanos) {
        CompletableFuture<Boolean> removal = removals.computeIfAbsent(name, _ -> new CompletableFuture<>());
        give(new ServerControl.RemoveExport(name, deadlineNanos));
        return removal;
    }

    /** L6: what runs is answered and flushed, clients are told that the exports stay; whether all of it was in order. */
    CompletableFuture<Boolean> leave(long deadlineNanos) {
        give(new ServerControl.Leave(deadlineNanos));
        return left;
    }

    void accessChanged() {
        for (Served served : byName.values()) {
            String name = served.export.name();
            give(new ServerControl.AccessChanged(name, rules.accessOf(name, present.keySet())));
        }
    }

    /** Who holds it, as it is durable. */
    Holder holder(String name) {
        Served served = byName.get(name);
        return served == null ? Holder.NOBODY : served.holder();
    }

    /** How many flushes of clients, and of this server's end, have failed so far. */
    long failedFlushes() {
        return byName.values().stream()
                .mapToLong(served -> served.disk.failedFlushes())
                .sum();
    }

    int linkCount() {
        return links.count();
    }

    // Links.

    void accepted(Channel channel) {
        long link = ++lastLink;
        String principal = Connection.principal(channel);
        Listener listener = new Listener(link, principal);
        Connection connection = new Connection(channel, listener);
        links.add(link, connection);
        if (present.merge(principal, 1, Integer::sum) == 1) {
            accessChanged();
        }
        connection.begin();
        give(new LinkPort.Accepted(link, Connection.peer(channel), principal));
    }

    private void gone(String principal) {
        if (present.merge(principal, -1, Integer::sum) == 0) {
            present.remove(principal);
        }
    }

    private final class Listener implements Connection.Listener {
        private final long link;
        private final String principal;

        Listener(long link, String principal) {
            this.link = link;
            this.principal = principal;
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
            give(new LinkPort.Closed(link, reason));
        }

        @Override
        public void over() {
            gone(principal);
        }
    }

    // What the machine wants done.

    @Override
    protected void carryOut(Signal output) {
        switch (output) {
            case LinkPort.Send(long link, ByteBuf bytes) -> links.send(link, bytes);
            case LinkPort.Close(long link, Closing closing) -> {
                told(link, closing);
                links.close(link);
            }
            case LinkPort.Reading(long link, boolean wanted) -> links.reading(link, wanted);
            case DiskPort.Start(int disk, DiskRequest request) ->
                served(disk).disk.submit(request);
            case DurablePort.DrawBoot(int disk, BootCause cause) -> drawBoot(served(disk), cause);
            case DurablePort.Keep(String export, Holder holder) -> {
                Served served = byName.get(export);
                if (served != null) {
                    served.grant(holder);
                }
            }
            case ServerControl.Removed(String export, boolean clean) -> removed(export, clean);
            case ServerControl.Left(boolean clean) -> left.complete(clean);
            case Control.Noted(String text) -> log.debug("{}", text);
            default -> throw Signal.misplaced(output);
        }
    }

    private void told(long link, Closing closing) {
        Connection connection = links.find(link);
        String peer = connection == null ? "link " + link : connection.peer();
        if (!refusals.tell(peer, closing)) {
            log.debug("{}: link {} closed: {}", peer, link, closing.text());
        }
    }

    private Served served(int disk) {
        Served served = byDisk.get(disk);
        if (served == null) {
            throw new IllegalStateException("no disk " + disk);
        }
        return served;
    }

    private void drawBoot(Served served, BootCause cause) {
        log.warn("export {}: a new boot begins: {}", served.export.name(), cause.words());
        served.export.state.nextBoot(
                loop,
                boot -> give(new DurablePort.BootDrawn(served.export.number, boot)),
                failure -> served.again(failure, () -> drawBoot(served, cause)));
    }

    @Override
    public void happened(WorldEvent event) {
        note(event);
    }

    @Override
    public void heard(Signal input) {
        give(input);
    }

    private void removed(String name, boolean clean) {
        Served served = byName.remove(name);
        if (served == null) {
            return;
        }
        byDisk.remove(served.export.number);
        served.end();
        log.info("export {}: removed{}", name, clean ? "" : ", and not everything was in order");
        CompletableFuture<Boolean> removal = removals.remove(name);
        if (removal != null) {
            removal.complete(clean);
        }
    }

    @Override
    protected void settle() {
        for (Served served : byDisk.values()) {
            served.disk.drain();
        }
    }

    @Override
    protected void flushed() {
        links.flush();
    }

    @Override
    protected Signal timerFired() {
        return new Control.TimerFired();
    }

    @Override
    protected void drop(Signal input) {
        Signal.release(input);
    }

    @Override
    protected void failed(Throwable failure) {
        log.error("the server fell over one of its own assertions: this is an error in dst itself", failure);
        links.closeAll();
        whenWrong.run();
    }

    void stop() {
        end();
        links.closeAll();
    }
}
