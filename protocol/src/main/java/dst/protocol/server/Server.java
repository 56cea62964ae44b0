package dst.protocol.server;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DurablePort;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import dst.protocol.wire.Decoded;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/**
 * The server of the protocol: it speaks for exports, executes what their holders ask for, each thing once, and says what became
 * of it. It never answers before the disk has ended an operation.
 */
public final class Server implements Machine {
    private final ServerOutbox outbox;
    private final Exports exports;
    private final Handshake handshake;
    private long now;

    public Server(ServerSettings settings, ByteBufAllocator pages) {
        outbox = new ServerOutbox(pages);
        exports = new Exports(settings, outbox);
        handshake = new Handshake(exports, outbox);
    }

    @Override
    public void step(long time, Signal input, List<? super Signal> outputs) {
        now = time;
        outbox.open(outputs);
        switch (input) {
            case DiskPort.Opened(int disk, Boot boot, BootCause cause) -> exports.open(disk, boot, cause);
            case ServerControl.ExportOpened opened -> exports.open(opened.export(), opened.holder(), opened.access());
            case ServerControl.Ready ready -> exports.allOpened();
            case ServerControl.AccessChanged changed -> accessChanged(changed);
            case LinkPort.Accepted(long number, String peer, String principal) ->
                opened(new ServerLink(number, peer, principal, exports.links.memory, time));
            case LinkPort.Received(long number, ByteBuf bytes) -> received(number, bytes);
            case LinkPort.Sent(long number, long bytes) -> sent(number, bytes);
            case LinkPort.Closed closed -> lost(closed.link());
            case DiskPort.Ended ended -> exports.store(ended.disk()).ended(ended.ticket(), ended.result());
            case DurablePort.BootDrawn drawn -> exports.store(drawn.disk()).bootDrawn(drawn.boot());
            case DurablePort.Kept persisted -> persisted(persisted);
            case ServerControl.RemoveExport remove -> remove(remove);
            case ServerControl.Leave leave -> exports.leave(Machine.after(now, leave.deadlineNanos()));
            case Control.TimerFired fired -> timerFired();
            default -> throw Signal.misplaced(input);
        }
        exports.progress(time);
        if (resume()) {
            exports.progress(time);
        }
    }

    private void opened(ServerLink link) {
        exports.links.add(link);
        handshake.opened(link);
        exports.links.makeRoom();
    }

    private void received(long number, ByteBuf bytes) {
        ServerLink link = exports.links.find(number);
        if (link == null) {
            bytes.release(); // L2: late bytes of a link that was given up.
            return;
        }
        link.keepalive.heard(now);
        link.decoder.feed(bytes);
        listen(link);
    }

    private void listen(ServerLink link) {
        while (!link.closed) {
            boolean tooMuch = link.isOverloaded();
            Decoded decoded = tooMuch ? null : link.decoder.next();
            if (decoded == null) {
                link.countArrived();
                if (tooMuch) {
                    exports.links.pause(link);
                }
                return;
            }
            switch (decoded) {
                case Message message -> said(link, message);
                case Decoded.Wrong wrong -> outbox.accuse(link, wrong.rule(), wrong.problem(), wrong.text());
            }
        }
        exports.links.forget(link);
    }

    /** R7: whoever was too much is listened to again as soon as it is not, one after the other; whether anybody was. */
    private boolean resume() {
        boolean resumed = false;
        for (ServerLink link : exports.links.paused()) {
            if (!link.closed && !link.isOverloaded()) {
                resumed = true;
                exports.links.resume(link);
                link.keepalive.heard(now);
                listen(link);
            }
        }
        return resumed;
    }

    private void sent(long number, long bytes) {
        ServerLink link = exports.links.find(number);
        if (link != null) {
            link.sent(bytes, now);
        }
    }

    private void said(ServerLink link, Message message) {
        switch (message) {
            case Message.Preamble preamble -> handshake.preamble(link, preamble);
            case Message.Ping ping -> outbox.send(link, new Message.Pong(ping.nonce()));
            case Message.Pong pong -> {} // Having been heard is all that it means (L1).
            case Message.Refuse refuse ->
                outbox.close(link, Closing.of(Closing.Cause.REFUSED, "the peer refused: " + refuse.text()));
            default -> saidInPhase(link, message);
        }
    }

    private void saidInPhase(ServerLink link, Message message) {
        switch (link.phase) {
            case ServerLink.Phase.Greeting greeting
            when message instanceof Message.Hello hello -> handshake.hello(link, greeting, hello, now);
            case ServerLink.Phase.Proposed proposed
            when message instanceof Message.Attach attach -> handshake.attach(link, proposed, attach);
            case ServerLink.Phase.Live live
            when message instanceof Message.Request request -> {
                exports.links.asks(link);
                asked(link, live, request);
            }
            case ServerLink.Phase.Live live
            when message instanceof Message.Replayed replayed -> exports.epochs.replayed(live, replayed);
            case ServerLink.Phase.Live live
            when message instanceof Message.Goodbye goodbye -> exports.epochs.goodbye(live, goodbye);
            default -> outOfPlace(link, message);
        }
    }

    private void asked(ServerLink link, ServerLink.Phase.Live live, Message.Request request) {
        if (exports.isLeaving()) {
            request.payload().release(); // L6: it is sent again in the next boot.
            return;
        }
        Closing wrong = exports.requests.received(link, live, request);
        if (wrong != null) {
            exports.epochs.endByForce(live, wrong);
        }
    }

    private void outOfPlace(ServerLink link, Message message) {
        message.payload().release();
        outbox.accuse(
                link, "H1", Problem.MALFORMED, "no " + message.getClass().getSimpleName() + " is due in this phase");
    }

    private void lost(long number) {
        ServerLink link = exports.links.find(number);
        if (link != null) {
            link.end();
            exports.links.forget(link);
        }
    }

    private void persisted(DurablePort.Kept persisted) {
        ExportState export = exports.find(persisted.export());
        if (export != null) {
            exports.epochs.persisted(export, persisted.holder());
        }
    }

    private void accessChanged(ServerControl.AccessChanged changed) {
        ExportState export = exports.find(changed.export());
        if (export != null) {
            exports.changeAccess(export, changed.access());
        }
    }

    private void remove(ServerControl.RemoveExport remove) {
        ExportState export = exports.find(remove.export());
        if (export != null) {
            exports.remove(export, Machine.after(now, remove.deadlineNanos()));
        }
    }

    private void timerFired() {
        for (ServerLink link : exports.links.all()) {
            if (link.handshakeIsLate(now)) {
                exports.links.close(link, Closing.of(Closing.Cause.PEER_SILENT, "the handshake took too long"));
                continue;
            }
            switch (link.keepalive.due(now)) {
                case NOTHING -> {}
                case PING -> outbox.send(link, new Message.Ping(now));
                case DEAD ->
                    exports.links.close(link, Closing.of(Closing.Cause.PEER_SILENT, "nothing was heard for too long"));
            }
        }
    }

    /** R7: what all links take now. */
    long bytesTaken() {
        return exports.links.memory.taken();
    }

    @Override
    public long nextDeadline() {
        return exports.nextDeadline();
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest();
        exports.digest(digest);
        return digest.value();
    }

    @Override
    public void discard() {
        exports.discard();
    }
}
