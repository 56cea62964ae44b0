package dst.protocol.nbd;

import dst.protocol.Closing;
import dst.protocol.Machine;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an NBD server: fixed newstyle, then commands until one side has enough. Every command that was taken on is
 * answered once, in the order in which they are done; whatever the peer sends, it ends in a reply or in a closed connection.
 */
public final class NbdServer implements Machine<NbdServerInput, NbdServerOutput> {
    private final ByteBufAllocator pages;
    private final Replies replies;
    private final Inbox inbox = new Inbox();
    private final Handshake handshake;

    /** Once the export is given; null before. */
    private @Nullable Requests requests;

    private boolean connected;
    private boolean draining;
    private boolean closed;

    /** Whether the host was told that nothing is to be read. */
    private boolean paused;

    /** The allocator is asked for single pages at most. */
    public NbdServer(ByteBufAllocator pages) {
        this.pages = pages;
        this.replies = new Replies(pages);
        this.handshake = new Handshake(replies);
    }

    @Override
    public void step(long now, NbdServerInput input, List<? super NbdServerOutput> outputs) {
        replies.open(outputs);
        if (closed) {
            release(input);
            return;
        }
        switch (input) {
            case NbdServerInput.Connected(String peer, List<NbdExport> exports) -> {
                connected = true;
                handshake.begin(exports, now);
            }
            case NbdServerInput.Received(ByteBuf bytes) -> inbox.add(bytes);
            case NbdServerInput.Sent(long bytes) -> replies.sent(bytes);
            case NbdServerInput.Disconnected gone -> end();
            case NbdServerInput.Opened(NbdExport export) -> opened(export, now);
            case NbdServerInput.Listed(List<NbdExport> exports) -> handshake.listed(exports, now);
            case NbdServerInput.OpenRefused(Problem problem, String text) -> handshake.openRefused(problem, text, now);
            case NbdServerInput.Completed(long tag, Outcome outcome) -> served().completed(tag, outcome);
            case NbdServerInput.Mapped(long tag, List<Extent> extents) -> served().mapped(tag, extents);
            case NbdServerInput.Drain drain -> drain();
            case NbdServerInput.TimerFired fired -> timerFired(now);
        }
        if (connected && !closed) {
            listen(now);
        }
        replies.flush();
    }

    /** Whether the handshake is over and commands are taken. */
    public boolean serves() {
        return requests != null && !closed;
    }

    /** How much of the host's memory this connection takes up, about. */
    public long bytesInHand() {
        return inbox.bytes() + (requests == null ? replies.unsent() : requests.bytesInHand());
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
            requests = new Requests(replies, pages, new Checks(given, handshake.isStructured(), handshake.maps()));
        }
    }

    private void drain() {
        draining = true;
        if (requests != null) {
            requests.drain();
        }
    }

    private void timerFired(long now) {
        if (now >= nextDeadline()) {
            close(Closing.of(Closing.Cause.PEER_SILENT, "the handshake took too long"));
        }
    }

    /** Handles what has arrived until more has to arrive, or until it is too much; what is too much waits with the peer. */
    private void listen(long now) {
        boolean more = true;
        while (more && !isOverloaded()) {
            more = requests == null ? handshake.next(inbox, now) : requests.next(inbox);
        }
        Closing ending = ending();
        if (ending != null) {
            close(ending);
            return;
        }
        boolean pause = isOverloaded() || (handshake.isAsking() && inbox.bytes() > 0);
        if (pause != paused) {
            paused = pause;
            replies.reading(!pause);
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

    /** Nobody is there any more to be answered. */
    private static void release(NbdServerInput input) {
        switch (input) {
            case NbdServerInput.Received(ByteBuf bytes) -> bytes.release();
            case NbdServerInput.Completed(long tag, Outcome.Done(ByteBuf data)) -> data.release();
            default -> {}
        }
    }

    @Override
    public long nextDeadline() {
        return closed || requests != null ? NEVER : handshake.deadline();
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest();
        digest.add(connected).add(draining).add(closed).add(paused);
        inbox.digest(digest);
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
