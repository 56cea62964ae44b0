package dst.nbd;

import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdExport;
import dst.protocol.BlockPort;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an NBD client: a foreign server's export, used as a disk. Whatever is submitted settles once, whatever the server
 * sends; a server that says what it must not is not believed in anything any more.
 */
public final class NbdClient implements Machine {
    private final ByteBufAllocator pages;
    private final Outbox outbox;
    private final Inbox inbox = new Inbox();

    /** Once it is told of which export. */
    private @Nullable ClientHandshake handshake;

    /** Once the export is given; null before. Both come together. */
    private @Nullable Flights flights;

    private @Nullable Answers answers;
    private boolean connected;
    private boolean leaving;
    private boolean closed;

    /** The allocator is asked for single pages at most. */
    public NbdClient(ByteBufAllocator pages) {
        this.pages = pages;
        this.outbox = new Outbox(pages);
    }

    @Override
    public void step(long now, Signal input, List<? super Signal> outputs) {
        outbox.open(outputs);
        switch (input) {
            case NbdClientControl.Use(String export) -> handshake = new ClientHandshake(outbox, export);
            case LinkPort.Opened(long link) -> {
                outbox.to(link);
                connected = true;
                handshake().begin(now);
            }
            case LinkPort.Received(long link, ByteBuf bytes) -> received(bytes);
            case LinkPort.Sent(long link, long bytes) -> outbox.sent(bytes);
            case LinkPort.Closed(long link, String reason) -> gone(reason);
            case BlockPort.Submit(long tag, Operation operation) -> submit(tag, operation);
            case NbdClientControl.Map(long tag, long offset, int length) -> ask(tag, offset, length);
            case NbdClientControl.Detach detach -> leaving = true;
            case Control.TimerFired fired -> timerFired(now);
            default -> throw Signal.misplaced(input);
        }
        if (connected && !closed) {
            listen();
        }
    }

    private void received(ByteBuf bytes) {
        if (closed) {
            bytes.release();
        } else {
            inbox.add(bytes);
        }
    }

    private void gone(String reason) {
        if (!closed) {
            close(Closing.of(Closing.Cause.DONE, "the connection is gone: " + reason));
        }
    }

    private void submit(long tag, Operation operation) {
        if (flights == null || leaving || closed) {
            Flights.refuse(outbox, tag, operation, problem());
        } else {
            flights.submit(tag, operation);
        }
    }

    private void ask(long tag, long offset, int length) {
        if (flights == null || leaving || closed) {
            outbox.completed(tag, new Outcome.Refused(problem(), problem().words()));
        } else {
            flights.ask(tag, offset, length);
        }
    }

    /** Why nothing can be submitted. */
    private Problem problem() {
        return closed || leaving ? Problem.DETACHED : Problem.NOT_READY;
    }

    private void timerFired(long now) {
        if (now >= nextDeadline()) {
            close(Closing.of(Closing.Cause.PEER_SILENT, "the handshake took too long"));
        }
    }

    private void listen() {
        ClientHandshake first = handshake();
        boolean more = true;
        while (more) {
            more = answers == null ? first.next(inbox) : answers.next(inbox);
            if (answers == null && first.isOver()) {
                attached(first);
            }
        }
        Closing ending = answers == null ? first.ending() : answers.ending();
        if (ending != null) {
            close(ending);
            return;
        }
        if (flights != null) {
            flights.advance();
        }
        if (leaving && (flights == null || flights.isIdle())) {
            leave();
        }
    }

    private ClientHandshake handshake() {
        ClientHandshake first = handshake;
        if (first == null) {
            throw new IllegalStateException("nobody has said which export is wanted");
        }
        return first;
    }

    private void attached(ClientHandshake handshake) {
        NbdExport export = handshake.shown().export(handshake.maps());
        Flights begun = new Flights(outbox, export, handshake.shown().has(Command.FLUSH.offer.flag()));
        flights = begun;
        answers = new Answers(begun, pages, handshake.isStructured(), handshake.context());
        outbox.attached(export);
    }

    private void leave() {
        if (flights != null) {
            outbox.request(Command.DISC, 0, 0, 0, 0);
        }
        close(Closing.of(Closing.Cause.DONE, "detached"));
    }

    private void close(Closing closing) {
        closed = true;
        if (flights != null) {
            flights.end(Problem.DEVICE_FAILED, closing.text());
        }
        outbox.close(closing);
        discard();
    }

    @Override
    public long nextDeadline() {
        return closed || !connected || answers != null ? NEVER : handshake().deadline();
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest();
        digest.add(connected).add(leaving).add(closed);
        inbox.digest(digest);
        outbox.digest(digest);
        ClientHandshake first = handshake;
        digest.add(first != null);
        if (first != null) {
            first.digest(digest);
        }
        digest.add(flights != null);
        if (flights != null && answers != null) {
            flights.digest(digest);
            answers.digest(digest);
        }
        return digest.value();
    }

    @Override
    public void discard() {
        inbox.discard();
        if (flights != null) {
            flights.discard();
        }
        if (answers != null) {
            answers.discard();
        }
    }
}
