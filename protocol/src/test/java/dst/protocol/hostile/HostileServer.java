package dst.protocol.hostile;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * A server's end of a client's links: it gets as far as it wants by saying what an honest one says, then sends anything. It looks at
 * how it is refused.
 */
final class HostileServer implements HostedClient.Peer {
    private static final int REFUSE = 3;

    /** What a client may have unsent: the stated limit, and what it sends once whatever the limit. */
    private static final long UNSENT_MOST = 5L * Victims.BYTES_MAX + (64 << 10);

    final Known known = new Known();
    final Asked asked = new Asked();
    final Pages pages = new Pages();
    private final HostedClient client;
    private final Odds odds;
    private final Tally tally;
    private final Encoder encoder = new Encoder(pages);
    private ByteBuf last = Unpooled.EMPTY_BUFFER;
    private long wanted;
    private long link;
    private long unsent;
    private boolean open;

    HostileServer(HostedClient client, Odds odds, Tally tally) {
        this.client = client;
        this.odds = odds;
        this.tally = tally;
        known.held = new Holder(1, Victims.TOKEN);
        client.peer(this);
    }

    boolean isOpen() {
        return open;
    }

    /** The client has asked for a link, perhaps after a pause, and it is not open yet. */
    void awaitConnect() {
        for (int i = 0; wanted == link && i < 1000; i++) {
            client.now = Math.max(client.now, client.deadline());
            client.fire();
        }
        if (wanted == link) {
            throw new AssertionError("the client does not connect again");
        }
        link = wanted;
        open = true;
        unsent = 0;
    }

    void accept() {
        awaitConnect();
        client.step(new LinkPort.Opened(link), 0);
    }

    void greet() {
        accept();
        say(new Message.Preamble(1, 1));
    }

    void welcome() {
        greet();
        say(new Message.Welcome(known.agreement, known.boot, BootCause.STARTED, 1));
        expectOpen();
    }

    /** The whole handshake. */
    void attach() {
        welcome();
        say(new Message.Attached(known.agreement, known.held, known.boot, false));
        expectOpen();
    }

    /** The link is cut, or does not come about. */
    void cut() {
        if (open || wanted != link) {
            link = wanted;
            open = false;
            client.step(new LinkPort.Closed(link, "reset"), 0);
        }
    }

    void boot(Boot boot) {
        known.boot = boot;
        asked.clear();
    }

    /** Answers well what was asked last, as a server does that has just begun. */
    void answer(long execution) {
        Asked.Request request = asked.newest();
        say(new Message.Answer(
                request.id(),
                dst.protocol.Problem.NONE,
                known.held.epoch(),
                known.boot,
                execution,
                0,
                Unpooled.EMPTY_BUFFER));
        asked.executed(execution);
        expectOpen();
    }

    private void expectOpen() {
        if (!open) {
            throw new AssertionError("the honest beginning of the attack was refused");
        }
    }

    private void say(Message message) {
        give(encoder.encode(message));
    }

    void send(Draft draft) {
        int length = draft.length();
        int at = 0;
        if (odds.chance(1, 6)) {
            // One that sends byte by byte holds a page with each, if it is let.
            boolean drips = odds.chance(1, 64);
            int pieces = drips ? length : 1 + odds.below(4);
            for (int i = 0; i < pieces && at < length; i++) {
                int piece = Math.min(drips || odds.chance(1, 2) ? 1 : 1 + odds.below(length), length - at);
                give(pages.of(draft.array(), at, piece));
                at += piece;
            }
        }
        if (at < length) {
            give(pages.of(draft.array(), at, length - at));
        }
    }

    private void give(ByteBuf bytes) {
        client.step(new LinkPort.Received(link, bytes), bytes.readableBytes());
    }

    void read() {
        if (unsent > 0 && open) {
            long bytes = odds.chance(1, 4) ? 1 + odds.below((int) unsent) : unsent;
            unsent -= bytes;
            client.step(new LinkPort.Sent(link, bytes), 0);
        }
    }

    @Override
    public void connect(long number) {
        wanted = number;
    }

    @Override
    public void heard(long from, ByteBuf bytes) {
        if (from == link) {
            unsent += bytes.readableBytes();
            if (unsent > UNSENT_MOST) {
                throw new AssertionError("R7: " + unsent + " bytes wait for a peer that does not read");
            }
            asked.saw(bytes);
        }
        last.release();
        last = bytes;
    }

    @Override
    public void closed(long from, Closing closing) {
        if (from == link) {
            open = false;
        }
        tally.closed(closing);
        Rules.check(closing);
        if (closing.cause() == Closing.Cause.PEER_WRONG) {
            wasTold(closing.rule() + ": " + closing.text());
        }
    }

    /** G8: the last thing that the peer hears is which rule it broke, and how. */
    private void wasTold(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int end = last.writerIndex();
        boolean told = end - last.readerIndex() >= Draft.FRAME_BYTES + text.length
                && last.getByte(last.readerIndex() + 4) == REFUSE;
        for (int i = 1; told && i <= text.length; i++) {
            told = last.getByte(end - i) == text[text.length - i];
        }
        if (!told) {
            throw new AssertionError("G8: the peer was not told '" + reason + "'");
        }
    }

    void discard() {
        last.release();
        last = Unpooled.EMPTY_BUFFER;
    }
}
