package dst.nbd;

import dst.nbd.port.Extent;
import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an NBD server: fixed newstyle, then commands until one side has enough. Every command that was taken on is
 * answered once, in the order in which they are done; whatever the peer sends, it ends in a reply or in a closed connection.
 */
public final class NbdServer implements Machine {
    /**
     * A peer that has said its last word is let go when for so long nothing of what it is owed came about and nothing of it was taken:
     * nobody can tell whether it still listens.
     */
    static final long LAST_CALL_NANOS_MAX = 60_000_000_000L;

    /** A READ or WRITE of more is refused, however much memory there is. */
    public static final int PAYLOAD_MAX = 64 << 20;

    /** No server may want smaller ones: blocks of up to that are preferred by some. */
    public static final int PAYLOAD_MIN = 1 << 16;

    private final ByteBufAllocator pages;
    private final Replies replies;
    private final Inbox inbox = new Inbox();
    private final Handshake handshake;
    private final Room room = new Room();

    /** 0 before it has a peer. */
    private int payloadMax;

    /** Once the export is given; null before. */
    private @Nullable Requests requests;

    private boolean connected;
    private boolean draining;
    private boolean closed;

    /** Nothing more arrives than what is here. */
    private boolean heardAll;

    /** When a peer that says nothing more is let go, whatever it is still owed; moved on by whatever is done for it or taken by it. */
    private long lastCall = NEVER;

    /** Whether the host was told that nothing is to be read. */
    private boolean paused;

    /**
     * The allocator is asked for single pages at most. Before it takes a request on, what that needs of the host's memory has to be
     * granted (R7).
     */
    public NbdServer(ByteBufAllocator pages) {
        this.pages = pages;
        this.replies = new Replies(pages);
        this.handshake = new Handshake(replies);
    }

    /** What a READ or WRITE may have at most where all connections together may have so much: that one waits until it has the room. */
    public static int payloadMax(long bytesMax) {
        return Math.clamp(Long.highestOneBit(bytesMax), PAYLOAD_MIN, PAYLOAD_MAX);
    }

    @Override
    public void step(long now, Signal input, List<? super Signal> outputs) {
        replies.open(outputs);
        if (closed) {
            Signal.release(input); // Nobody is there any more to be answered.
            return;
        }
        switch (input) {
            case NbdServerControl.Accepted accepted -> accepted(accepted, now);
            case LinkPort.Received(long link, ByteBuf bytes) -> inbox.add(bytes);
            case LinkPort.Sent(long link, long bytes) -> replies.sent(bytes);
            case NbdServerControl.HalfClosed halfClosed -> heardAll = true;
            case LinkPort.Closed gone -> end();
            case NbdServerControl.Opened(NbdExport export) -> opened(export, now);
            case NbdServerControl.Listed(List<NbdExport> exports) -> handshake.listed(exports, now);
            case NbdServerControl.OpenRefused(Problem problem, String text) ->
                handshake.openRefused(problem, text, now);
            case BlockPort.Heard(int device, BlockPort.Completed(long tag, Outcome outcome)) ->
                served().completed(tag, outcome);
            case NbdServerControl.Mapped(long tag, List<Extent> extents) -> served().mapped(tag, extents);
            case NbdServerControl.Granted(long bytes) -> room.granted(bytes);
            case NbdServerControl.Drain drain -> drain();
            case Control.TimerFired fired -> timerFired(now);
            default -> throw Signal.misplaced(input);
        }
        if (connected && !closed) {
            listen(now);
            callLast(now, input);
        }
        replies.flush();
    }

    private void accepted(NbdServerControl.Accepted accepted, long now) {
        payloadMax = accepted.payloadMax();
        if (payloadMax < PAYLOAD_MIN || payloadMax > PAYLOAD_MAX || Integer.bitCount(payloadMax) != 1) {
            throw new IllegalArgumentException("at most " + payloadMax + " bytes in a READ or WRITE");
        }
        replies.to(accepted.link());
        connected = true;
        handshake.begin(accepted.exports(), payloadMax, now);
    }

    private void callLast(long now, Signal input) {
        boolean progress = !(input instanceof LinkPort.Received || input instanceof Control.TimerFired);
        if (saysNoMore() && (progress || lastCall == NEVER)) {
            lastCall = Machine.after(now, LAST_CALL_NANOS_MAX);
        }
    }

    /** A goodbye, or the end of its direction, is the end of what the peer says and not of what it hears. */
    private boolean saysNoMore() {
        return heardAll || (requests != null && requests.isLeaving());
    }

    /** Whether the handshake is over and commands are taken. */
    public boolean serves() {
        return requests != null && !closed;
    }

    /** Whether anything was ever done for this connection. */
    public boolean isUsed() {
        return requests != null && requests.isUsed();
    }

    /** Whether something was submitted and has not come back. */
    public boolean isBusy() {
        return requests != null && !requests.isIdle();
    }

    /** How much of the host's memory belongs to what was submitted. */
    public long bytesRunning() {
        return requests == null ? 0 : requests.bytesRunning();
    }

    private Requests served() {
        if (requests == null) {
            throw new IllegalStateException("nothing was submitted yet");
        }
        return requests;
    }

    private void opened(NbdExport export, long now) {
        NbdExport given = handshake.opened(export, now);
        if (given != null) {
            requests = new Requests(
                    replies, pages, new Checks(given, payloadMax, handshake.isStructured(), handshake.maps()), room);
        }
    }

    private void drain() {
        draining = true;
        if (requests != null) {
            requests.drain();
        }
    }

    private void timerFired(long now) {
        if (now < nextDeadline()) {
            return;
        }
        String text = now >= lastCall ? "it says nothing more and takes no answer" : "the handshake took too long";
        close(Closing.of(Closing.Cause.PEER_SILENT, text));
    }

    /**
     * Handles what has arrived until more has to arrive, or until it is too much; what is too much waits with the peer. Memory is mostly
     * granted at once: only who waits for it longer than a step listens to nothing more.
     */
    private void listen(long now) {
        boolean waits = room.isWaiting();
        boolean more = true;
        while (more && !isOverloaded()) {
            more = requests == null ? handshake.next(inbox, now) : requests.next(inbox);
        }
        if (heardAll && !more && !room.isWaiting()) {
            heardAll();
        }
        Closing ending = ending();
        if (ending != null) {
            close(ending);
            return;
        }
        if (requests != null) {
            room.settle(requests.roomInHand(), replies);
        }
        boolean pause = isOverloaded()
                || ((waits || paused) && room.isWaiting())
                || (handshake.isAsking() && inbox.bytes() > 0);
        if (pause != paused) {
            paused = pause;
            replies.reading(!pause);
        }
    }

    /** Of what is not complete by now nothing more comes. */
    private void heardAll() {
        if (requests != null) {
            requests.leave();
        } else if (!handshake.isAsking()) {
            handshake.leave();
        }
    }

    private boolean isOverloaded() {
        return requests == null ? replies.unsent() > Handshake.UNSENT_MAX : requests.isOverloaded();
    }

    private @Nullable Closing ending() {
        if (requests != null) {
            return requests.ending();
        }
        return draining ? Closing.of(Closing.Cause.DONE, "drained") : handshake.ending();
    }

    private void close(Closing closing) {
        replies.close(closing);
        end();
    }

    private void end() {
        closed = true;
        discard();
    }

    @Override
    public long nextDeadline() {
        if (closed) {
            return NEVER;
        }
        return requests != null ? lastCall : Math.min(lastCall, handshake.deadline());
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest();
        digest.add(payloadMax)
                .add(connected)
                .add(draining)
                .add(closed)
                .add(paused)
                .add(heardAll)
                .add(lastCall);
        inbox.digest(digest);
        room.digest(digest);
        replies.digest(digest);
        handshake.digest(digest);
        digest.add(requests != null);
        if (requests != null) {
            requests.digest(digest);
        }
        return digest.value();
    }

    @Override
    public void discard() {
        inbox.discard();
        if (requests != null) {
            requests.discard();
        }
    }
}
