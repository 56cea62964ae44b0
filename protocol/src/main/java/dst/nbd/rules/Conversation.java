package dst.nbd.rules;

import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.LinkPort;
import dst.protocol.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Reads along what the two ends of one NBD connection say, as far as it has to be understood to know requests and answers. What is no NBD
 * is the end of that: whoever says it is not judged any more.
 */
final class Conversation {
    private static final long OPTION_MAGIC = 0x49484156454F5054L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int SIMPLE_MAGIC = 0x67446698;
    private static final int CHUNK_MAGIC = 0x668e33ef;
    private static final int EXPORT_NAME = 1;
    private static final int GO = 7;
    private static final int STRUCTURED_REPLY = 8;
    private static final int ACK = 1;
    private static final int NO_ZEROES = 2;
    private static final int CHUNK_DATA = 1;
    private static final int CHUNK_ERROR_BIT = 1 << 15;
    private static final int NO_OPTION = 0;

    private final Requests requests;
    private final ByteBuf received = Unpooled.buffer();
    private final ByteBuf sent = Unpooled.buffer();

    /** So much of what was received has been said already. */
    private long passing;

    private boolean flagged;
    private boolean greeted;
    private boolean zeroes = true;

    /** The option that is not answered yet. */
    private int option = NO_OPTION;

    private boolean structured;
    private boolean serves;
    private boolean lost;

    Conversation(Requests.Breach breach) {
        this.requests = new Requests(breach);
    }

    /** Whether it is over with that. */
    boolean saw(Signal signal) {
        switch (signal) {
            case LinkPort.Received it ->
                received.writeBytes(
                        it.bytes(), it.bytes().readerIndex(), it.bytes().readableBytes());
            case LinkPort.Send it ->
                sent.writeBytes(it.bytes(), it.bytes().readerIndex(), it.bytes().readableBytes());
            case NbdServerControl.Opened it -> requests.opened(it.export());
            case NbdServerControl.Wants it -> requests.wants();
            case NbdServerControl.Granted it -> requests.granted(it.bytes());
            case NbdServerControl.GivesBack it -> requests.granted(-it.bytes());
            case BlockPort.Ask(int _, BlockPort.Submit it) when !lost -> requests.asks(it.tag(), it.operation());
            case BlockPort.Heard(int _, BlockPort.Completed it) -> requests.heard(it.tag(), it.outcome());
            default -> {}
        }
        while (!lost && (hears() || says())) {
            // As much as is complete.
        }
        received.discardReadBytes();
        sent.discardReadBytes();
        return signal instanceof LinkPort.Closed || signal instanceof LinkPort.Close;
    }

    /** Takes one thing that the peer has said, if all of it is here and it is its turn. */
    private boolean hears() {
        if (passing > 0) {
            int part = (int) Math.min(passing, received.readableBytes());
            received.skipBytes(part);
            passing -= part;
            return part > 0;
        }
        if (!flagged) {
            if (received.readableBytes() < 4) {
                return false;
            }
            flagged = true;
            zeroes = (received.readInt() & NO_ZEROES) == 0;
            return true;
        }
        return serves ? request() : option == NO_OPTION && option();
    }

    private boolean option() {
        if (received.readableBytes() < 16) {
            return false;
        }
        lost = received.readLong() != OPTION_MAGIC;
        option = received.readInt();
        passing = received.readUnsignedInt();
        return !lost;
    }

    private boolean request() {
        if (received.readableBytes() < 28) {
            return false;
        }
        lost = received.readInt() != REQUEST_MAGIC;
        int flags = received.readUnsignedShort();
        int command = received.readUnsignedShort();
        Asked request = new Asked(received.readLong(), command, flags, received.readLong(), received.readUnsignedInt());
        if (lost) {
            return false;
        }
        if (command != Asked.DISC) {
            requests.received(request);
        }
        passing = command == Asked.DISC ? Long.MAX_VALUE : request.payload();
        return true;
    }

    /** Takes one thing that the server has said, if all of it is here. */
    private boolean says() {
        if (!greeted) {
            greeted = skips(18);
            return greeted;
        }
        if (serves) {
            return answer();
        }
        if (option == EXPORT_NAME) {
            serves = passing == 0 && skips(zeroes ? 134 : 10);
            return serves;
        }
        return reply();
    }

    private boolean skips(int count) {
        boolean there = sent.readableBytes() >= count;
        sent.skipBytes(there ? count : 0);
        return there;
    }

    private boolean reply() {
        int at = sent.readerIndex();
        if (sent.readableBytes() < 20 || sent.readableBytes() < 20 + sent.getInt(at + 16)) {
            return false;
        }
        int answered = sent.getInt(at + 8);
        int type = sent.getInt(at + 12);
        sent.skipBytes(20 + sent.getInt(at + 16));
        if (type == ACK || type < 0) {
            option = NO_OPTION;
            structured |= answered == STRUCTURED_REPLY && type == ACK;
            serves = answered == GO && type == ACK;
        }
        return true;
    }

    private boolean answer() {
        int at = sent.readerIndex();
        if (sent.readableBytes() < 16) {
            return false;
        }
        int magic = sent.getInt(at);
        if (magic == SIMPLE_MAGIC) {
            return simple(at);
        }
        lost = magic != CHUNK_MAGIC;
        return !lost && chunk(at);
    }

    private boolean simple(int at) {
        boolean success = sent.getInt(at + 4) == 0;
        long cookie = sent.getLong(at + 8);
        Asked request = success && !structured ? requests.find(cookie) : null;
        int count = request != null && request.command == Asked.READ ? (int) request.length : 0;
        if (sent.readableBytes() < 16 + count) {
            return false;
        }
        if (request != null && count > 0) {
            requests.read(request, sent, at + 16, count);
        }
        requests.answered(cookie, success);
        sent.skipBytes(16 + count);
        return true;
    }

    /** Each answer of this server is one chunk. */
    private boolean chunk(int at) {
        if (sent.readableBytes() < 20 || sent.readableBytes() < 20 + sent.getInt(at + 16)) {
            return false;
        }
        int type = sent.getUnsignedShort(at + 6);
        long cookie = sent.getLong(at + 8);
        int length = sent.getInt(at + 16);
        Asked request = requests.find(cookie);
        if (type == CHUNK_DATA && request != null) {
            requests.read(request, sent, at + 28, length - 8);
        }
        requests.answered(cookie, (type & CHUNK_ERROR_BIT) == 0);
        sent.skipBytes(20 + length);
        return true;
    }
}
