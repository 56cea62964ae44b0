package dst.nbd.rules;

import io.netty.buffer.ByteBuf;

/**
 * Reads along what the two ends of one NBD connection say, as far as it has to be understood to know requests and answers. What is no NBD
 * is the end of that: whoever says it is not judged any more.
 */
final class Conversation {
    private static final long OPTION_MAGIC = 0x49484156454F5054L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int SIMPLE_MAGIC = 0x67446698;
    private static final int CHUNK_MAGIC = 0x668e33ef;
    private static final int GREETING_BYTES = 18;
    private static final int OPTION_BYTES = 16;
    private static final int REPLY_BYTES = 20;
    private static final int REQUEST_BYTES = 28;
    private static final int SIMPLE_BYTES = 16;
    private static final int CHUNK_BYTES = 20;
    private static final int EXPORT_NAME = 1;
    private static final int GO = 7;
    private static final int STRUCTURED_REPLY = 8;
    private static final int ACK = 1;
    private static final int NO_ZEROES = 2;
    private static final int DONE = 1;
    private static final int CHUNK_DATA = 1;
    private static final int CHUNK_HOLE = 2;
    private static final int CHUNK_ERROR_BIT = 1 << 15;
    private static final int NO_OPTION = 0;

    private final Listener listener;

    /** What the client says. */
    private final Passing asks = new Passing();

    /** What the server says. */
    private final Passing answers = new Passing();

    /** What is to be told once the content that passes is over; nothing if there is none. */
    private Told asked = Told.NOTHING;

    private Told answered = Told.NOTHING;
    private long cookie;
    private long place;
    private long count;
    private boolean last;

    private boolean flagged;
    private boolean greeted;
    private boolean zeroes = true;

    /** The option that is not answered yet. */
    private int option = NO_OPTION;

    private boolean structured;
    private boolean serves;
    private boolean lost;

    /** What is behind the content of a request or an answer. */
    private enum Told {
        NOTHING,
        WRITTEN,
        /** All of it in a simple reply. */
        READ,
        /** A part of it, at a place. */
        PART,
        /** Whatever it was, it was a chunk. */
        CHUNK
    }

    /** Who is told what was asked for and what was answered, in the order in which all of it is there. */
    interface Listener {
        /** Of a write the content follows. Of a length that has none nothing is meant by it. */
        void asked(int command, int flags, long cookie, long offset, long length);

        /** Whether the checksum of what is written is of use to anybody. */
        boolean wantsWhatIsWritten();

        /** The content of the write that was asked for last is over. */
        void written(int sum);

        /** How much is read by what was asked for under that cookie; 0: nothing. */
        long isRead(long cookie);

        /** A part of what is read, from that place on the device on; negative: all of it. */
        void came(long cookie, long place, long length, int sum);

        /** A part of what is read is zeros. */
        void cameAsHole(long cookie, long place, long length);

        /** Something went wrong, and the answer may not be over. */
        void failed(long cookie);

        /** The answer is over. */
        void answered(long cookie);
    }

    Conversation(Listener listener) {
        this.listener = listener;
    }

    /** The client says that. */
    void asks(ByteBuf bytes) {
        asks.passes(bytes);
        readAlong();
    }

    /** The server says that. */
    void says(ByteBuf bytes) {
        answers.passes(bytes);
        readAlong();
    }

    /** Whether nothing can be known of it any more. */
    boolean isLost() {
        return lost;
    }

    private void readAlong() {
        while (!lost && (hears() || tells())) {
            // As much as is complete.
        }
        asks.passed();
        answers.passed();
    }

    /** Takes one thing that the client has said, if all of it is here and it is its turn. */
    private boolean hears() {
        if (asks.isWithin()) {
            return asks.advance();
        }
        if (asked == Told.WRITTEN) {
            asked = Told.NOTHING;
            listener.written(asks.sum());
            return true;
        }
        if (!flagged) {
            if (!asks.has(4)) {
                return false;
            }
            flagged = true;
            zeroes = (asks.number(0) & NO_ZEROES) == 0;
            asks.skip(4, 0);
            return true;
        }
        return serves ? request() : option == NO_OPTION && option();
    }

    private boolean option() {
        if (!asks.has(OPTION_BYTES)) {
            return false;
        }
        lost = asks.large(0) != OPTION_MAGIC;
        option = asks.number(8);
        asks.skip(OPTION_BYTES, asks.number(12) & 0xFFFF_FFFFL);
        return !lost;
    }

    private boolean request() {
        if (!asks.has(REQUEST_BYTES)) {
            return false;
        }
        lost = asks.number(0) != REQUEST_MAGIC;
        if (lost) {
            return false;
        }
        int command = asks.small(6);
        long length = asks.number(24) & 0xFFFF_FFFFL;
        if (command != Asked.DISC) {
            listener.asked(command, asks.small(4), asks.large(8), asks.large(16), length);
        }
        boolean brings = Asked.brings(command);
        if (brings && listener.wantsWhatIsWritten()) {
            asks.sum(REQUEST_BYTES, length);
            asked = Told.WRITTEN;
        } else {
            // Behind a goodbye nothing counts.
            long content = brings ? length : 0;
            asks.skip(REQUEST_BYTES, command == Asked.DISC ? Long.MAX_VALUE : content);
        }
        return true;
    }

    /** Takes one thing that the server has said, if all of it is here. */
    private boolean tells() {
        if (answers.isWithin()) {
            return answers.advance();
        }
        if (answered != Told.NOTHING) {
            contentIsOver();
            return true;
        }
        if (!greeted) {
            greeted = skips(GREETING_BYTES);
            return greeted;
        }
        if (serves) {
            return answer();
        }
        if (option == EXPORT_NAME) {
            serves = !asks.isWithin() && skips(zeroes ? 134 : 10);
            return serves;
        }
        return reply();
    }

    private boolean skips(int bytes) {
        boolean there = answers.has(bytes);
        answers.skip(there ? bytes : 0, 0);
        return there;
    }

    private boolean reply() {
        if (!answers.has(REPLY_BYTES)) {
            return false;
        }
        int to = answers.number(8);
        int type = answers.number(12);
        answers.skip(REPLY_BYTES, answers.number(16) & 0xFFFF_FFFFL);
        if (type == ACK || type < 0) {
            option = NO_OPTION;
            structured |= to == STRUCTURED_REPLY && type == ACK;
            serves = to == GO && type == ACK;
        }
        return true;
    }

    private boolean answer() {
        if (!answers.has(SIMPLE_BYTES)) {
            return false;
        }
        int magic = answers.number(0);
        lost = magic != SIMPLE_MAGIC && magic != CHUNK_MAGIC;
        return !lost && (magic == SIMPLE_MAGIC ? simple() : chunk());
    }

    private boolean simple() {
        cookie = answers.large(8);
        if (answers.number(4) != 0) {
            listener.failed(cookie);
        } else if (!structured) {
            count = listener.isRead(cookie);
            place = -1;
            last = true;
            if (count > 0) {
                answers.sum(SIMPLE_BYTES, count);
                answered = Told.READ;
                return true;
            }
        }
        answers.skip(SIMPLE_BYTES, 0);
        listener.answered(cookie);
        return true;
    }

    private boolean chunk() {
        if (!answers.has(CHUNK_BYTES)) {
            return false;
        }
        int type = answers.small(6);
        boolean hasPlace = type == CHUNK_DATA || type == CHUNK_HOLE;
        long length = answers.number(16) & 0xFFFF_FFFFL;
        int head = CHUNK_BYTES + (type == CHUNK_DATA ? 8 : type == CHUNK_HOLE ? 12 : 0);
        if (!answers.has(head)) {
            return false;
        }
        last = (answers.small(4) & DONE) != 0;
        cookie = answers.large(8);
        place = hasPlace ? answers.large(CHUNK_BYTES) : 0;
        long content = length - (head - CHUNK_BYTES);
        lost = content < 0;
        if (type == CHUNK_DATA) {
            count = content;
            answered = Told.PART;
            answers.sum(head, content);
            return !lost;
        }
        if (type == CHUNK_HOLE) {
            listener.cameAsHole(cookie, place, answers.number(CHUNK_BYTES + 8) & 0xFFFF_FFFFL);
        } else if ((type & CHUNK_ERROR_BIT) != 0) {
            listener.failed(cookie);
        }
        answered = Told.CHUNK;
        answers.skip(head, content);
        return !lost;
    }

    private void contentIsOver() {
        if (answered != Told.CHUNK) {
            listener.came(cookie, place, count, answers.sum());
        }
        answered = Told.NOTHING;
        if (last) {
            listener.answered(cookie);
        }
    }
}
