package dst.protocol.client;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import dst.protocol.Unique;
import dst.protocol.wire.Decoded;
import dst.protocol.wire.Message;
import dst.protocol.wire.Type;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client of the protocol: it takes block operations and settles each exactly once, whatever happens to links and servers;
 * and while it lives nothing that it acknowledged is lost (G1, G5).
 */
public final class Client implements Machine {
    /** What may wait to be sent beside twice the payloads in flight. */
    private static final long UNSENT_MAX = 1 << 16;

    private final ClientOutbox outbox;
    private final ClientLinks links;
    private final Operations operations;
    private @Nullable Device device;
    private Life life = Life.SERVING;
    private long leaveBy = NEVER;
    private boolean saidGoodbye;
    private long now;

    private enum Life {
        SERVING,
        /** Flushing, to say goodbye (L5). */
        LEAVING,
        /** Nothing is served any more; a detach is still answered. */
        FAILED,
        ENDED
    }

    public Client(ClientSettings settings, ByteBufAllocator pages) {
        this.outbox = new ClientOutbox(pages);
        this.links = new ClientLinks(settings, outbox, 2L * settings.terms().bytesMax() + UNSENT_MAX);
        this.operations = new Operations(settings, links, outbox, pages);
    }

    @Override
    public void step(long time, Signal input, List<? super Signal> outputs) {
        now = time;
        outbox.open(outputs);
        switch (input) {
            case Control.Started(Unique token, long seed) -> links.start(token, seed, time);
            case BlockPort.Submit(long tag, Operation operation) -> submit(tag, operation);
            case LinkPort.Opened(long link) -> opened(link);
            case LinkPort.Received(long link, ByteBuf bytes) -> received(link, bytes);
            case LinkPort.Sent(long link, long bytes) -> sent(link, bytes);
            case LinkPort.Closed(long link, String reason) -> lost(link);
            case Control.TimerFired fired -> timerFired();
            case ClientControl.Detach detach -> detach(detach.deadlineNanos());
            default -> throw Signal.misplaced(input);
        }
        if (links.takeLost()) {
            operations.linkLost();
        }
        if (life == Life.SERVING || life == Life.LEAVING) {
            operations.advance(time);
        }
        if (life == Life.LEAVING && operations.quiet()) {
            leaveNow();
        }
    }

    private void submit(long tag, Operation operation) {
        if (life == Life.SERVING) {
            operations.submit(tag, operation, now);
            return;
        }
        if (operation instanceof Operation.Write write) {
            write.data().release();
        }
        Problem problem = life == Life.FAILED ? Problem.DEVICE_FAILED : Problem.DETACHED;
        outbox.completed(tag, new Outcome.Refused(problem, problem.words()));
    }

    private void opened(long number) {
        Session session = links.find(number);
        if (session != null) {
            session.opened(now);
        }
    }

    private void sent(long number, long bytes) {
        Session session = links.find(number);
        if (session != null) {
            session.link().sent(bytes, now);
        }
    }

    /** L4: a client always listens, whatever it has not sent yet; that is why a server may stop for a while. */
    private void received(long number, ByteBuf bytes) {
        Session session = links.find(number);
        if (session == null) {
            bytes.release(); // Late bytes of a link that was given up.
            return;
        }
        ClientLink link = session.link();
        link.heard(now);
        link.decoder.feed(bytes);
        while (link.isOpen()) {
            Decoded decoded = link.decoder.next();
            if (decoded == null) {
                return;
            }
            switch (decoded) {
                case Message message -> said(session, message);
                case Decoded.Wrong wrong -> session.accuse(wrong.rule(), wrong.text(), now);
            }
        }
    }

    private void said(Session session, Message message) {
        boolean early = session.live() == null
                && message instanceof Message.Framed framed
                && Type.of(framed).due() == Type.Due.GRANTED;
        if (early) {
            message.payload().release();
            session.accuseNotDue(message, now);
            return;
        }
        switch (message) {
            case Message.Preamble preamble -> session.preamble(preamble, now);
            case Message.Welcome welcome -> welcome(session, welcome);
            case Message.Attached attached -> attached(session, attached);
            case Message.Refuse refuse -> refused(session, refuse);
            case Message.Answer answer -> answered(session, answer);
            case Message.Ping ping -> ping(session.link(), ping);
            case Message.Pong pong -> {} // Having been heard is all that it means (L1).
            case Message.Goodbye goodbye -> goodbye(goodbye);
            case Message.Hello _, Message.Attach _, Message.Request _, Message.Replayed _ ->
                throw new IllegalStateException("a decoder lets none of these through to a client");
        }
    }

    private void welcome(Session session, Message.Welcome welcome) {
        Problem problem = session.welcome(welcome, links.mustWait(session), now);
        if (problem != Problem.NONE) {
            fail(
                    problem,
                    problem == Problem.OCCUPIED
                            ? "somebody else holds the export"
                            : "the server has another device than the one known here, or an earlier state of it");
        }
    }

    /** L1; R7: a peer that asks and asks and never reads is not told more and more. */
    private void ping(ClientLink link, Message.Ping ping) {
        if (!link.isCongested()) {
            outbox.send(link, new Message.Pong(ping.nonce()));
        }
    }

    private void attached(Session session, Message.Attached attached) {
        if (!session.attached(attached, now) || !(session.state() instanceof Session.State.Live live)) {
            return;
        }
        links.closeOlder(session, live.grant(), now);
        Device granted = live.grant().agreement().device();
        Operations.Failure failure = operations.fits(granted);
        // H5: whoever takes an export is told, also one who shared it before, while others may have held it.
        Holder holder = live.grant().holder();
        boolean takes = holder.epoch() != 0 && !holder.equals(operations.grant().holder());
        boolean owed = attached.owed() && (takes || device == null);
        if (owed || !granted.equals(device)) {
            device = granted;
            outbox.changed(granted, owed);
        }
        if (failure == null) {
            failure = operations.attached(live.grant(), session.link(), live.cause());
        }
        failIf(failure);
    }

    private void answered(Session session, Message.Answer answer) {
        Closing wrong = operations.contradiction(answer);
        if (wrong != null) {
            answer.payload().release();
            session.accuse(wrong.rule(), wrong.text(), now);
            return;
        }
        failIf(operations.answered(answer));
    }

    /**
     * What a server will not change its mind about ends the device (G6); anything else is tried again. So is what it may have
     * changed its mind about since: a slow link must not end what a newer grant has begun (G1).
     */
    private void refused(Session session, Message.Refuse refuse) {
        boolean overtaken = session.isOvertaken();
        if (refuse.problem() == Problem.GOES_AWAY) {
            goesAway(session, refuse);
            return;
        }
        session.giveUp(Closing.of(Closing.Cause.REFUSED, refuse.problem().words()), now);
        outbox.note("refused: " + refuse.problem().words() + ": " + refuse.text());
        switch (refuse.problem()) {
            case REPLACED, OTHER_DEVICE -> fail(refuse.problem(), refuse.text());
            case REMOVED, NO_SUCH_EXPORT, DISK_FAILED, NOT_PERMITTED, ADMITS_NOBODY -> {
                if (!overtaken) {
                    fail(refuse.problem(), refuse.text());
                }
            }
            default -> {}
        }
    }

    /** L6: the server comes back. What it had made durable need not be written again; everything else is as after a crash. */
    private void goesAway(Session session, Message.Refuse refuse) {
        if (session.state() instanceof Session.State.Live(Operations.Grant grant, var _, var _)) {
            operations.committed(grant.boot(), refuse.commit());
        }
        session.giveUp(Closing.of(Closing.Cause.DONE, refuse.problem().words()), now);
        outbox.note(refuse.problem().words() + ": this client waits until it is back");
    }

    private void goodbye(Message.Goodbye goodbye) {
        operations.committed(goodbye.boot(), goodbye.commit());
        fail(Problem.REMOVED, goodbye.text());
    }

    private void failIf(Operations.@Nullable Failure failure) {
        if (failure != null) {
            fail(failure.problem(), failure.text());
        }
    }

    private void fail(Problem problem, String text) {
        boolean wasLeaving = life == Life.LEAVING;
        life = Life.FAILED;
        links.end(Closing.of(Closing.Cause.DONE, "the device has failed: " + text));
        List<Range> lost = operations.end(Problem.DEVICE_FAILED);
        outbox.failed(problem, text, lost);
        if (wasLeaving) {
            life = Life.ENDED;
            outbox.detached(lost);
        }
    }

    private void lost(long number) {
        Session session = links.find(number);
        if (session != null) {
            session.ended(now);
        }
    }

    private void timerFired() {
        if (life == Life.ENDED || life == Life.FAILED) {
            return;
        }
        links.timerFired(now);
        operations.timerFired(now);
        if (life == Life.LEAVING && now >= leaveBy) {
            leaveLate();
        }
    }

    private void detach(long deadlineNanos) {
        switch (life) {
            case SERVING -> {
                life = Life.LEAVING;
                leaveBy = Machine.after(now, deadlineNanos);
                operations.leave();
            }
            case FAILED -> {
                life = Life.ENDED;
                outbox.detached(List.of());
            }
            case LEAVING, ENDED -> {}
        }
    }

    private void leaveNow() {
        ClientLink link = links.best();
        if (link != null) {
            saidGoodbye = true;
            outbox.send(link, new Message.Goodbye(true, 0, operations.grant().boot(), "detached"));
        }
        links.end(Closing.of(Closing.Cause.DONE, "detached"));
        life = Life.ENDED;
        outbox.detached(operations.end(Problem.DETACHED));
    }

    /** L5: the deadline has come; what is left is named. */
    private void leaveLate() {
        links.end(Closing.of(Closing.Cause.DONE, "detached at the deadline"));
        life = Life.ENDED;
        outbox.detached(operations.end(Problem.DETACHED));
    }

    /** Whether a server was there to be told that this client has gone (L5); if not, it keeps the export for this client. */
    public boolean saidGoodbye() {
        return saidGoodbye;
    }

    /** How many links have been granted and live. */
    public int liveLinks() {
        return links.living();
    }

    @Override
    public long nextDeadline() {
        if (!links.isStarted() || life == Life.ENDED || life == Life.FAILED) {
            return NEVER;
        }
        return Math.min(Math.min(links.deadline(), operations.nextWake()), leaveBy);
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest();
        digest.add(life.ordinal()).add(leaveBy).add(String.valueOf(device));
        links.digest(digest);
        operations.digest(digest);
        return digest.value();
    }

    @Override
    public void discard() {
        links.discard();
        operations.discard();
    }
}
