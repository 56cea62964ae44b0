package dst.nbd;

import dst.nbd.port.Extent;
import dst.protocol.Closing;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a server answers to commands, simply or in chunks; every claim of it is checked before memory is taken for it. */
final class Answers {
    /** More extents in one answer than anybody needs. */
    static final int EXTENTS_MAX = 1 << 16;

    /** Of an error nobody reads more. */
    private static final int ERROR_MAX = 14 + Nbd.STRING_MAX;

    private static final int EXTENT_BYTES = 8;

    private final Flights flights;
    private final boolean structured;
    private final int context;
    private final Payload payload;
    private @Nullable Closing ending;

    /** What is arriving behind a head: whose it is; null if a head is next. */
    private @Nullable Flight flight;

    private long cookie;
    private int type;
    private boolean last;

    /** How many bytes of the chunk are not here yet, but for a content's. */
    private int left;

    /** The error that is arriving. */
    private byte[] text = Options.NOTHING;

    private int filled;

    /** Where the content that is arriving belongs, once that is known. */
    private long place = -1;

    /** How far the extents reach that have come. */
    private long reached;

    Answers(Flights flights, ByteBufAllocator pages, boolean structured, int context) {
        this.flights = flights;
        this.structured = structured;
        this.context = context;
        this.payload = new Payload(pages);
    }

    @Nullable Closing ending() {
        return ending;
    }

    /** Takes one thing of what has arrived; false: more has to arrive, or the server is wrong. */
    boolean next(Inbox inbox) {
        if (ending != null) {
            return false;
        }
        Flight arriving = flight;
        if (arriving != null) {
            return body(inbox, arriving);
        }
        ByteBuf head = inbox.head(4);
        if (head == null) {
            return false;
        }
        return switch (head.getInt(head.readerIndex())) {
            case Nbd.SIMPLE_MAGIC -> simple(inbox);
            case Nbd.CHUNK_MAGIC -> structured ? chunk(inbox) : end("reply magic", "a chunk that was not agreed on");
            default -> end("reply magic", "no reply begins where one should");
        };
    }

    private boolean end(String rule, String text) {
        ending = Closing.peerWrong(rule, text);
        return false;
    }

    private boolean simple(Inbox inbox) {
        ByteBuf head = inbox.head(Nbd.SIMPLE_BYTES);
        if (head == null) {
            return false;
        }
        int error = head.getInt(head.readerIndex() + 4);
        cookie = head.getLong(head.readerIndex() + 8);
        inbox.skip(Nbd.SIMPLE_BYTES);
        Flight answered = flights.find(cookie);
        if (answered == null) {
            return end("reply cookie", "nothing was asked under " + cookie);
        }
        if (answered.isQuestion() || (structured && answered.isRead())) {
            return end("structured reply", "a simple reply to the command " + answered.command);
        }
        if (error != Errors.NONE) {
            answered.fail(error, "");
        } else if (answered.isRead()) {
            begin(answered, Nbd.CHUNK_DATA, true, 0);
            place = answered.offset;
            payload.begin(answered.length, true);
            return true;
        }
        flights.settle(cookie);
        return true;
    }

    private boolean chunk(Inbox inbox) {
        ByteBuf head = inbox.head(Nbd.CHUNK_BYTES);
        if (head == null) {
            return false;
        }
        int at = head.readerIndex();
        int flags = head.getShort(at + 4) & 0xFFFF;
        int kind = head.getShort(at + 6) & 0xFFFF;
        cookie = head.getLong(at + 8);
        long length = head.getInt(at + 16) & 0xFFFF_FFFFL;
        inbox.skip(Nbd.CHUNK_BYTES);
        Flight answered = flights.find(cookie);
        if (answered == null) {
            return end("reply cookie", "nothing was asked under " + cookie);
        }
        boolean done = flags == Nbd.DONE;
        if ((flags & ~Nbd.DONE) != 0 || !fits(answered, kind, length, done)) {
            return end("chunk", "a chunk of the type " + kind + ", flags " + flags + ", " + length + " bytes");
        }
        begin(answered, kind, done, (int) length);
        return true;
    }

    private void begin(Flight answered, int kind, boolean done, int length) {
        flight = answered;
        type = kind;
        last = done;
        left = length;
        place = -1;
        reached = 0;
        text = (kind & Nbd.CHUNK_ERROR_BIT) != 0 ? new byte[length] : Options.NOTHING;
    }

    /** Whether a chunk of that type may have that length, for this command. */
    private static boolean fits(Flight answered, int kind, long length, boolean done) {
        return switch (kind) {
            case Nbd.CHUNK_NONE -> length == 0 && done;
            case Nbd.CHUNK_DATA -> answered.isRead() && length > 8 && length - 8 <= answered.length;
            case Nbd.CHUNK_HOLE -> answered.isRead() && length == 12;
            case Nbd.CHUNK_STATUS ->
                answered.isQuestion()
                        && answered.extents().isEmpty()
                        && length % EXTENT_BYTES == 4
                        && length > 4
                        && length <= 4L + EXTENT_BYTES * EXTENTS_MAX;
            case Nbd.CHUNK_ERROR -> length >= 6 && length <= ERROR_MAX;
            case Nbd.CHUNK_ERROR_OFFSET -> length >= 14 && length <= ERROR_MAX;
            // What is not known here may say that something went wrong, and nothing else.
            default -> (kind & Nbd.CHUNK_ERROR_BIT) != 0 && length >= 6 && length <= ERROR_MAX;
        };
    }

    private boolean body(Inbox inbox, Flight answered) {
        return switch (type) {
            case Nbd.CHUNK_NONE -> ended(answered);
            case Nbd.CHUNK_DATA -> data(inbox, answered);
            case Nbd.CHUNK_HOLE -> hole(inbox, answered);
            case Nbd.CHUNK_STATUS -> status(inbox, answered);
            default -> error(inbox, answered);
        };
    }

    private boolean data(Inbox inbox, Flight answered) {
        if (place < 0) {
            ByteBuf head = inbox.head(8);
            if (head == null) {
                return false;
            }
            long from = head.getLong(head.readerIndex());
            inbox.skip(8);
            if (!answered.misses(from, left - 8L)) {
                return end("chunk range", (left - 8) + " bytes at " + from + " are not due");
            }
            place = from;
            payload.begin(left - 8L, true);
        }
        if (!payload.complete(inbox)) {
            return false;
        }
        answered.came(place, payload.take());
        return ended(answered);
    }

    private boolean hole(Inbox inbox, Flight answered) {
        ByteBuf head = inbox.head(12);
        if (head == null) {
            return false;
        }
        long from = head.getLong(head.readerIndex());
        int count = head.getInt(head.readerIndex() + 8);
        inbox.skip(12);
        if (!answered.misses(from, count)) {
            return end("chunk range", "a hole of " + count + " bytes at " + from + " is not due");
        }
        answered.cameAsHole(from, count);
        return ended(answered);
    }

    private boolean status(Inbox inbox, Flight answered) {
        if (left % EXTENT_BYTES == 4) {
            ByteBuf head = inbox.head(4);
            if (head == null) {
                return false;
            }
            int told = head.getInt(head.readerIndex());
            inbox.skip(4);
            left -= 4;
            if (told != context) {
                return end("context", "the context " + told + " was not agreed on");
            }
        }
        while (left > 0) {
            ByteBuf head = inbox.head(EXTENT_BYTES);
            if (head == null) {
                return false;
            }
            long length = head.getInt(head.readerIndex()) & 0xFFFF_FFFFL;
            int flags = head.getInt(head.readerIndex() + 4);
            inbox.skip(EXTENT_BYTES);
            left -= EXTENT_BYTES;
            // Only the last one may reach beyond what was asked about.
            if (length == 0 || reached >= answered.length) {
                return end("extent", "an extent of " + length + " bytes behind " + reached);
            }
            long within = Math.min(length, answered.length - reached);
            answered.extents().add(new Extent(within, (flags & Nbd.HOLE) != 0, (flags & Nbd.ZERO) != 0));
            reached += length;
        }
        return ended(answered);
    }

    private boolean error(Inbox inbox, Flight answered) {
        filled = inbox.copy(text, filled, text.length);
        if (filled < text.length) {
            return false;
        }
        byte[] all = text;
        text = Options.NOTHING;
        filled = 0;
        Fields fields = new Fields(all);
        int number = fields.number();
        int length = fields.small();
        boolean known = type == Nbd.CHUNK_ERROR || type == Nbd.CHUNK_ERROR_OFFSET;
        boolean placed = type == Nbd.CHUNK_ERROR_OFFSET;
        if (number == Errors.NONE || (known && fields.left() != length + (placed ? 8 : 0))) {
            return end("chunk", "an error " + number + " of " + left + " bytes");
        }
        String words = known ? new String(all, 6, length, StandardCharsets.UTF_8) : "";
        if (placed) {
            fields.text(length);
            if (!answered.contains(fields.large())) {
                return end("chunk range", "an error outside of what was asked for");
            }
        }
        answered.fail(number, words);
        return ended(answered);
    }

    /** A chunk is complete. What it all comes to is seen at the last one. */
    private boolean ended(Flight answered) {
        flight = null;
        left = 0;
        if (!last) {
            return true;
        }
        boolean told = answered.isRead()
                ? answered.isCovered()
                : !(answered.isQuestion() && answered.extents().isEmpty());
        if (answered.error == Errors.NONE && !told) {
            return end("chunk coverage", "the answer is over and something is missing");
        }
        flights.settle(cookie);
        return true;
    }

    void discard() {
        payload.discard();
        flight = null;
    }

    void digest(StateDigest digest) {
        digest.add(structured)
                .add(context)
                .add(flight != null)
                .add(cookie)
                .add(type)
                .add(last)
                .add(left)
                .add(place)
                .add(reached)
                .add(String.valueOf(ending));
        payload.digest(digest);
        digest.add(text.length).add(filled);
        for (int at = 0; at < filled; at++) {
            digest.add(text[at]);
        }
    }
}
