package dst.protocol.hostile;

import dst.protocol.Closing;
import dst.protocol.Holder;
import dst.protocol.Unique;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * A client's end of links to a server: it gets as far as it wants by saying what an honest one says, then sends anything. It looks
 * at how it is refused.
 */
final class HostileClient implements HostedServer.Peer {
    private static final int REFUSE = 3;
    private static final int WELCOME = 2;
    private static final int ATTACHED = 5;
    private static final int LINKS_MOST = 6;

    /** What a server may have unsent to a link: the stated limit, and the answers to what was in hand when it was reached. */
    private static final long UNSENT_MOST = 4L * Victims.BYTES_MAX + (64 << 10) + 4L * Victims.LARGEST;

    final Known known = new Known();
    final Pages pages = new Pages();
    private final HostedServer server;
    private final Odds odds;
    private final Tally tally;
    private final Encoder encoder = new Encoder(pages);
    private final ArrayDeque<Long> links = new ArrayDeque<>();
    private ByteBuf last = Unpooled.EMPTY_BUFFER;
    private long tokens;
    private long unsent;

    /** The type of the last message that was heard before the attack. */
    private int beginning = -1;

    /** Bytes that were given to a link that is not listened to. */
    private long owed;

    long link;
    boolean listenedTo = true;

    HostileClient(HostedServer server, Odds odds, Tally tally) {
        this.server = server;
        this.odds = odds;
        this.tally = tally;
    }

    boolean isOpen() {
        return server.isOpen(link);
    }

    /** A new link, silent as yet. Some of the older ones stay. */
    void open() {
        if (links.size() >= LINKS_MOST || odds.chance(1, 2)) {
            closeAll();
        }
        unsent = 0;
        owed = 0;
        listenedTo = true;
        link = server.open(this, "stranger");
        links.add(link);
    }

    void closeAll() {
        for (Long old = links.poll(); old != null; old = links.poll()) {
            server.close(old);
        }
    }

    void greet() {
        open();
        say(new Message.Preamble(1, 1));
        beginning = heard();
    }

    /** Up to the proposal. */
    void propose(boolean holds) {
        greet();
        known.held = holds ? server.holder() : Holder.NOBODY;
        known.epoch = server.holder().epoch();
        say(new Message.Hello(
                known.export, known.token, 0, ++known.generation, Victims.TERMS, known.held, Unique.NONE));
        expect(WELCOME);
    }

    /** Up to the echo; the grant may have to wait. */
    void ask(boolean holds) {
        propose(holds);
        say(new Message.Attach(known.agreement, known.epoch, holds));
    }

    /** Up to the grant: as the holder, or as somebody new who replaces it. */
    void attach() {
        boolean holds = !known.claimed && server.holder().token().equals(known.token) && odds.chance(31, 32);
        if (!holds) {
            becomeSomebodyElse();
        }
        ask(holds);
        expect(ATTACHED);
        known.held = server.holder();
    }

    void becomeSomebodyElse() {
        known.token = new Unique(0xBAD, ++tokens);
        known.nextId = 1;
        known.claimed = false;
        known.hoards = odds.chance(1, 4);
    }

    private void say(Message message) {
        give(encoder.encode(message));
    }

    /** What was said was understood, or the attack is not where it should be. */
    private void expect(int type) {
        if (!isOpen() || heard() != type) {
            throw new AssertionError("the honest beginning of the attack was not answered by a message of type " + type
                    + " but by one of " + heard());
        }
        beginning = type;
    }

    /** The type of the last message from the server; -1 if it was no frame. */
    int heard() {
        return last.readableBytes() < Draft.FRAME_BYTES ? -1 : last.getByte(last.readerIndex() + 4);
    }

    /** Whether the link is in another phase than it was led to. */
    boolean wasLetFurther() {
        return heard() != beginning;
    }

    /** The draft goes out, whole or in pieces cut at any byte. */
    void send(Draft draft) {
        int length = draft.length();
        int at = 0;
        if (listenedTo && odds.chance(1, 6)) {
            // One that sends byte by byte holds a page with each, if it is let.
            boolean drips = odds.chance(1, 64);
            int pieces = drips ? length : 1 + odds.below(4);
            for (int i = 0; i < pieces && at < length && listenedTo; i++) {
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
        if (!listenedTo) {
            owed += bytes.readableBytes();
        }
        server.receive(link, bytes, owed);
    }

    long owed() {
        return owed;
    }

    /** It reads what it was sent, or some of it. */
    void read() {
        if (unsent > 0 && isOpen()) {
            long bytes = odds.chance(1, 4) ? 1 + odds.below((int) unsent) : unsent;
            unsent -= bytes;
            server.sent(link, bytes, owed);
        }
    }

    @Override
    public void heard(long from, ByteBuf bytes) {
        if (from == link) {
            unsent += bytes.readableBytes();
            if (unsent > UNSENT_MOST) {
                throw new AssertionError("R7: " + unsent + " bytes wait for a peer that does not read");
            }
        }
        last.release();
        last = bytes;
    }

    @Override
    public void closed(long from, Closing closing) {
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
        boolean told = heard() == REFUSE && end - last.readerIndex() >= text.length;
        for (int i = 1; told && i <= text.length; i++) {
            told = last.getByte(end - i) == text[text.length - i];
        }
        if (!told) {
            throw new AssertionError("G8: the peer was not told '" + reason + "'");
        }
    }

    @Override
    public void reading(long from, boolean wanted) {
        if (from == link) {
            listenedTo = wanted;
            if (wanted) {
                owed = 0;
            }
        }
    }

    void discard() {
        last.release();
        last = Unpooled.EMPTY_BUFFER;
    }
}
