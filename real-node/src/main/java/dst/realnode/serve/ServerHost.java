package dst.realnode.serve;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Holder;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.ServerSettings;
import dst.protocol.Unique;
import dst.protocol.server.Server;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import dst.realnode.host.Links;
import dst.realnode.host.MachineHost;
import dst.realnode.net.Connection;
import dst.realnode.watch.Subject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The protocol's server on real sockets and disks. Everything here happens on its loop. */
final class ServerHost extends MachineHost<ServerInput, ServerOutput> implements Exports.Holders {
    private static final Logger log = LoggerFactory.getLogger(ServerHost.class);
    private static final long AGAIN_SECONDS = 1;

    private final AccessRules rules;
    private final Refusals refusals;
    private final Runnable whenWrong;
    private final Links links = new Links();

    /** How many links each principal has: those are known by name to the machine. */
    private final TreeMap<String, Integer> present = new TreeMap<>();

    private final Map<Integer, Served> byDisk = new LinkedHashMap<>();
    private final Map<String, Served> byName = new ConcurrentHashMap<>();
    private final Object lending = new Object();
    private final Map<String, CompletableFuture<Boolean>> removals = new LinkedHashMap<>();
    private long lastLink;

    /** An export that the machine has, and this host's way to its disk. */
    private final class Served implements ServedDisk.Owner {
        final OpenExport export;
        final ServedDisk disk;
        volatile Holder holder;
        /** It is in use over NBD, and nobody is granted it. */
        boolean lent;
        /** What waits until it is not. */
        @Nullable Holder heldBack;
        /** So many holders are on their way to be durable. */
        int recording;

        Served(OpenExport export) {
            this.export = export;
            this.disk = new ServedDisk(export, loop, this);
            this.holder = export.state.holder(export.name());
        }

        @Override
        public void give(ServerInput input) {
            ServerHost.this.give(input);
        }

        @Override
        public boolean isSettled() {
            return recording == 0;
        }

        @Override
        public void resized() {
            offer(this);
        }
    }

    /** The last is called if the machine falls over one of its own assertions. */
    ServerHost(
            EventLoop loop,
            AccessRules rules,
            Refusals refusals,
            Tap tap,
            ServerSettings settings,
            Runnable whenWrong) {
        super(loop, Subject.SERVER, new Server(settings, PooledByteBufAllocator.DEFAULT), tap);
        this.rules = rules;
        this.refusals = refusals;
        this.whenWrong = whenWrong;
    }

    // Exports.

    /** Its disk is locked, and nothing of an earlier process can still reach it (H4). */
    void open(OpenExport export, Boot boot) {
        Served served = new Served(export);
        byDisk.put(export.number, served);
        byName.put(export.name(), served);
        give(new ServerInput.DiskOpened(export.number, boot, BootCause.STARTED));
        offer(served);
    }

    private void offer(Served served) {
        give(new ServerInput.ExportOpened(
                served.export.export(), served.holder, rules.accessOf(served.export.name(), present.keySet())));
    }

    /**
     * Gives an export's disk another size; 0: the one that it has by now. Its clients come again in a new boot and are told (H6). Nobody
     * may use it over NBD.
     */
    CompletableFuture<Long> resize(String name, long wanted) {
        Served served = byName.get(name);
        if (served == null) {
            return CompletableFuture.failedFuture(new IOException("there is no export '" + name + "'"));
        }
        return served.disk.resize(wanted);
    }

    /** All exports that are there at the start have been opened. */
    void ready() {
        give(new ServerInput.Ready());
    }

    /** Flushes, tells the client and ends; whether all of it was in order. */
    CompletableFuture<Boolean> remove(String name, long deadlineNanos) {
        CompletableFuture<Boolean> removal = removals.computeIfAbsent(name, _ -> new CompletableFuture<>());
        give(new ServerInput.RemoveExport(name, deadlineNanos));
        return removal;
    }

    void accessChanged() {
        for (Served served : byName.values()) {
            String name = served.export.name();
            give(new ServerInput.AccessChanged(name, rules.accessOf(name, present.keySet())));
        }
    }

    /** Who holds it, as it is durable. */
    Holder holder(String name) {
        Served served = byName.get(name);
        return served == null ? Holder.NOBODY : served.holder;
    }

    int linkCount() {
        return links.count();
    }

    // Links.

    void accepted(Channel channel) {
        long link = ++lastLink;
        String principal = Connection.principal(channel);
        Ears ears = new Ears(link, principal);
        Connection connection = new Connection(channel, ears);
        links.add(link, connection);
        if (present.merge(principal, 1, Integer::sum) == 1) {
            accessChanged();
        }
        connection.begin();
        give(new ServerInput.LinkOpened(link, Connection.peer(channel), principal));
    }

    private void gone(String principal) {
        if (present.merge(principal, -1, Integer::sum) == 0) {
            present.remove(principal);
        }
    }

    private final class Ears implements Connection.Ears {
        private final long link;
        private final String principal;

        Ears(long link, String principal) {
            this.link = link;
            this.principal = principal;
        }

        @Override
        public void received(ByteBuf bytes) {
            beginBatch();
            give(new ServerInput.Received(link, bytes));
        }

        @Override
        public void receivedAll() {
            endBatch();
        }

        @Override
        public void sent(long bytes) {
            give(new ServerInput.Sent(link, bytes));
        }

        @Override
        public void closed(String reason) {
            links.forget(link);
            give(new ServerInput.LinkClosed(link, reason));
        }

        @Override
        public void over() {
            gone(principal);
        }
    }

    // What the machine wants done.

    @Override
    protected void carryOut(ServerOutput output) {
        switch (output) {
            case ServerOutput.Send(long link, ByteBuf bytes) -> links.send(link, bytes);
            case ServerOutput.Close(long link, Closing closing) -> {
                told(link, closing);
                links.close(link);
            }
            case ServerOutput.Reading(long link, boolean wanted) -> links.reading(link, wanted);
            case ServerOutput.StartDisk(int disk, DiskRequest request) ->
                served(disk).disk.submit(request);
            case ServerOutput.DrawBoot(int disk, BootCause cause) -> drawBoot(served(disk), cause);
            case ServerOutput.Persist(String export, Holder holder) -> persist(export, holder);
            case ServerOutput.Removed(String export, boolean clean) -> removed(export, clean);
            case ServerOutput.Noted(String text) -> log.debug("{}", text);
        }
    }

    private void told(long link, Closing closing) {
        Connection connection = links.find(link);
        String peer = connection == null ? "link " + link : connection.peer();
        switch (closing.cause()) {
            case PEER_WRONG, PEER_SILENT, REFUSED -> refusals.tell(peer, closing);
            case SUPERSEDED, BOOT_ENDED, DONE -> log.debug("{}: link {} closed: {}", peer, link, closing.text());
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
                boot -> give(new ServerInput.BootDrawn(served.export.number, boot)),
                failure -> again(failure, () -> drawBoot(served, cause)));
    }

    /** Nobody is granted what is in use over NBD: he waits, within his handshake. */
    private void persist(String name, Holder holder) {
        Served served = byName.get(name);
        if (served == null) {
            return;
        }
        served.recording++;
        boolean isSomebody = !holder.token().equals(Unique.NONE);
        synchronized (lending) {
            if (served.lent && isSomebody) {
                log.info("export {}: a client waits until it is not used over NBD any more", name);
                served.heldBack = holder;
                return;
            }
            if (isSomebody) {
                served.holder = holder;
            }
        }
        record(served, holder);
    }

    private void record(Served served, Holder holder) {
        String name = served.export.name();
        served.export.state.persist(
                name,
                holder,
                loop,
                () -> {
                    served.holder = holder;
                    log.info(
                            "export {}: epoch {} {}",
                            name,
                            holder.epoch(),
                            holder.token().equals(Unique.NONE) ? "is nobody's" : "began");
                    give(new ServerInput.Persisted(name, holder));
                    served.recording--;
                },
                failure -> again(failure, () -> record(served, holder)));
    }

    /** What cannot be made durable is not said to be: clients wait, and the operator hears why. */
    private void again(IOException failure, Runnable task) {
        log.error("the state directory cannot be written, clients have to wait: {}", failure.getMessage());
        loop.schedule(task, AGAIN_SECONDS, TimeUnit.SECONDS);
    }

    /** On whatever thread. */
    @Override
    public boolean lend(String name) {
        synchronized (lending) {
            Served served = byName.get(name);
            if (served == null || !served.holder.token().equals(Unique.NONE)) {
                return served == null;
            }
            served.lent = true;
            return true;
        }
    }

    @Override
    public void giveBack(String name) {
        Served served = byName.get(name);
        if (served == null) {
            return;
        }
        Holder waiting;
        synchronized (lending) {
            // Before anybody else can be granted it.
            if (!served.export.spec.readOnly()) {
                loop.execute(() -> note(new WorldEvent.UsedByOthers(served.export.number)));
            }
            served.lent = false;
            waiting = served.heldBack;
            served.heldBack = null;
            if (waiting != null) {
                served.holder = waiting;
            }
        }
        if (waiting != null) {
            loop.execute(() -> record(served, waiting));
        }
    }

    private void removed(String name, boolean clean) {
        Served served = byName.remove(name);
        if (served == null) {
            return;
        }
        byDisk.remove(served.export.number);
        served.disk.end();
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
    protected ServerInput timerFired() {
        return new ServerInput.TimerFired();
    }

    @Override
    protected void drop(ServerInput input) {
        switch (input) {
            case ServerInput.Received(long _, ByteBuf bytes) -> bytes.release();
            case ServerInput.DiskEnded(int _, long _, DiskResult.Data(ByteBuf data)) -> data.release();
            case ServerInput.DiskEnded _,
                    ServerInput.DiskOpened _,
                    ServerInput.ExportOpened _,
                    ServerInput.AccessChanged _,
                    ServerInput.Ready _,
                    ServerInput.LinkOpened _,
                    ServerInput.Sent _,
                    ServerInput.LinkClosed _,
                    ServerInput.BootDrawn _,
                    ServerInput.Persisted _,
                    ServerInput.RemoveExport _,
                    ServerInput.TimerFired _ -> {}
        }
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
