package dst.protocol.server;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Machine;
import dst.protocol.Problem;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.ServerSettings;
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
public final class Server implements Machine<ServerInput, ServerOutput> {
    private final Outbox outbox;
    private final Exports exports;
    private final Handshake handshake;
    private long now;

    public Server(ServerSettings settings, ByteBufAllocator pages) {
        outbox = new Outbox(pages);
        exports = new Exports(outbox);
        handshake = new Handshake(exports, outbox);
    }

    @Override
    public void step(long time, ServerInput input, List<? super ServerOutput> outputs) {
        now = time;
        outbox.open(outputs);
        switch (input) {
            case ServerInput.DiskOpened(int disk, Boot boot, BootCause cause) -> exports.open(disk, boot, cause);
            case ServerInput.ExportOpened opened -> exports.open(opened.export(), opened.holder());
            case ServerInput.Ready ready -> exports.allOpened();
            case ServerInput.LinkOpened(long number, String peer, String principal) ->
                opened(new Link(number, peer, time));
            case ServerInput.AccessChanged changed -> {}
            case ServerInput.Received(long number, ByteBuf bytes) -> received(number, bytes);
            case ServerInput.Sent(long number, long bytes) -> sent(number, bytes);
            case ServerInput.LinkClosed closed -> lost(closed.link());
            case ServerInput.DiskEnded ended -> exports.store(ended.disk()).ended(ended.ticket(), ended.result());
            case ServerInput.BootDrawn drawn -> exports.store(drawn.disk()).bootDrawn(drawn.boot());
            case ServerInput.Persisted persisted -> persisted(persisted);
            case ServerInput.RemoveExport remove -> remove(remove);
            case ServerInput.TimerFired fired -> timerFired();
        }
        resume();
        exports.progress(time);
    }

    private void opened(Link link) {
        exports.add(link);
        handshake.opened(link);
        if (exports.linksFull()) {
            outbox.refuse(link, Problem.LIMIT, "no more links are taken at once");
            exports.forget(link);
        }
    }

    private void received(long number, ByteBuf bytes) {
        Link link = exports.link(number);
        if (link == null) {
            bytes.release(); // L2: late bytes of a link that was given up.
            return;
        }
        link.keepalive.heard(now);
        link.decoder.feed(bytes);
        listen(link);
    }

    private void listen(Link link) {
        while (!link.closed) {
            if (link.isOverloaded()) {
                exports.pause(link);
                return;
            }
            Decoded decoded = link.decoder.next();
            if (decoded == null) {
                return;
            }
            switch (decoded) {
                case Message message -> said(link, message);
                case Decoded.Wrong wrong -> outbox.accuse(link, wrong.rule(), wrong.problem(), wrong.text());
            }
        }
        exports.forget(link);
    }

    /** R7: whoever was too much is listened to again as soon as it is not. */
    private void resume() {
        for (Link link : exports.noLongerOverloaded()) {
            if (!link.closed) {
                link.keepalive.heard(now);
                outbox.reading(link, true);
                listen(link);
            }
        }
    }

    private void sent(long number, long bytes) {
        Link link = exports.link(number);
        if (link != null) {
            link.sent(bytes, now);
        }
    }

    private void said(Link link, Message message) {
        switch (message) {
            case Message.Preamble preamble -> handshake.preamble(link, preamble);
            case Message.Ping ping -> outbox.send(link, new Message.Pong(ping.nonce()));
            case Message.Pong pong -> {} // Having been heard is all that it means (L1).
            case Message.Refuse refuse ->
                outbox.close(link, Closing.of(Closing.Cause.REFUSED, "the peer refused: " + refuse.text()));
            default -> saidInPhase(link, message);
        }
    }

    private void saidInPhase(Link link, Message message) {
        switch (link.phase) {
            case Link.Phase.Greeting greeting
            when message instanceof Message.Hello hello -> handshake.hello(link, greeting, hello, now);
            case Link.Phase.Proposed proposed
            when message instanceof Message.Attach attach -> handshake.attach(link, proposed, attach);
            case Link.Phase.Live live
            when message instanceof Message.Request request -> exports.requests.received(link, live, request);
            case Link.Phase.Live live when message instanceof Message.Replayed replayed -> replayed(live, replayed);
            case Link.Phase.Live live when message instanceof Message.Goodbye goodbye -> goodbye(link, live, goodbye);
            default -> outOfPlace(link, message);
        }
    }

    private void outOfPlace(Link link, Message message) {
        if (message instanceof Message.Request request) {
            request.payload().release();
        }
        outbox.accuse(
                link, "H1", Problem.MALFORMED, "no " + message.getClass().getSimpleName() + " is due in this phase");
    }

    private void replayed(Link.Phase.Live live, Message.Replayed replayed) {
        ExportState export = live.attachment().export;
        if (replayed.epoch() == export.holder.epoch() && replayed.boot().equals(export.store.boot)) {
            export.replayedIn = export.store.boot;
            export.owedToHolder = false;
        }
    }

    private void goodbye(Link link, Link.Phase.Live live, Message.Goodbye goodbye) {
        ExportState export = live.attachment().export;
        if (goodbye.clean() && goodbye.boot().equals(export.store.boot)) {
            export.replayedIn = export.store.boot;
        }
        outbox.close(link, Closing.of(Closing.Cause.DONE, "the client has detached"));
    }

    private void lost(long number) {
        Link link = exports.link(number);
        if (link != null) {
            link.end();
            exports.forget(link);
        }
    }

    private void persisted(ServerInput.Persisted persisted) {
        ExportState export = exports.find(persisted.export());
        if (export != null) {
            exports.persisted(export, persisted.holder());
        }
    }

    private void remove(ServerInput.RemoveExport remove) {
        ExportState export = exports.find(remove.export());
        if (export != null) {
            exports.remove(export, Machine.after(now, remove.deadlineNanos()));
        }
    }

    private void timerFired() {
        for (Link link : exports.links()) {
            if (link.handshakeIsLate(now)) {
                exports.close(link, Closing.of(Closing.Cause.PEER_SILENT, "the handshake took too long"));
                continue;
            }
            switch (link.keepalive.due(now)) {
                case NOTHING -> {}
                case PING -> outbox.send(link, new Message.Ping(now));
                case DEAD ->
                    exports.close(link, Closing.of(Closing.Cause.PEER_SILENT, "nothing was heard for too long"));
            }
        }
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
