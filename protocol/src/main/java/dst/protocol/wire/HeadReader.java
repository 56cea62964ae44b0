package dst.protocol.wire;

import dst.protocol.Boot;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Decoded.Wrong;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The head that stands in a frame; everything in it is checked before it is used (R1). */
final class HeadReader {
    private static final int FROM = Wire.FRAME_BYTES;
    private static final long[] NO_IDS = new long[0];

    private ByteBuffer head = ByteBuffer.allocate(0);
    private int end;

    /** The boot that was read last: nearly all heads name the same one. */
    private Boot boot = Boot.NONE;

    /** Reads what stands in this frame, whose head ends there. */
    HeadReader of(ByteBuffer frame, int headEnd) {
        head = frame;
        end = headEnd;
        return this;
    }

    /** The request without its payload. */
    Decoded request() {
        if (end - FROM < HeadWriter.REQUEST_BYTES) {
            return wrongLength("a request");
        }
        long payloadLength = head.getInt(FrameHeader.PAYLOAD_LENGTH) & 0xFFFF_FFFFL;
        long id = head.getLong(FROM);
        int kindCode = head.getShort(FROM + 8) & 0xFFFF;
        int flags = head.getShort(FROM + 10) & 0xFFFF;
        int length = head.getInt(FROM + 12);
        long offset = head.getLong(FROM + 16);
        long epoch = head.getLong(FROM + 24);
        if (id < 1) {
            return wrong("T1", "a request with the id " + Long.toUnsignedString(id));
        }
        if (!Kind.known(kindCode)) {
            return wrong("R2", "no operation has the code " + kindCode);
        }
        if (length < 0) {
            return wrong("R1", "a request for " + Integer.toUnsignedString(length) + " bytes");
        }
        if (offset < 0 || offset > Long.MAX_VALUE - length) {
            return wrong("R1", "a request that ends beyond 2^63-1, from " + Long.toUnsignedString(offset) + " on");
        }
        if (epoch < 0 || head.getLong(FROM + 32) < 0) {
            return wrong("T4", "an epoch or a boot's counter beyond 2^63-1");
        }
        Kind kind = Kind.of(kindCode);
        long due = kind == Kind.WRITE ? length : 0;
        if (payloadLength != due) {
            return wrong("R1", "a " + kind + " of " + length + " bytes with a payload of " + payloadLength);
        }
        Wrong unsettled = settledWrong(FROM + 56);
        if (unsettled != null) {
            return unsettled;
        }
        return new Message.Request(
                id,
                kind,
                flags,
                offset,
                length,
                epoch,
                boot(FROM + 32),
                settled(FROM + 56),
                head.getInt(FrameHeader.PAYLOAD_CHECKSUM),
                Unpooled.EMPTY_BUFFER);
    }

    /** The answer without its payload. */
    Decoded answer() {
        if (!hasBytes(HeadWriter.ANSWER_BYTES)) {
            return wrongLength("an answer");
        }
        long id = head.getLong(FROM);
        long epoch = head.getLong(FROM + 8);
        long execution = head.getLong(FROM + 40);
        long commit = head.getLong(FROM + 48);
        int problem = head.getShort(FROM + 56) & 0xFFFF;
        if (id < 1) {
            return wrong("T1", "an answer with the id " + Long.toUnsignedString(id));
        }
        if (epoch < 0 || head.getLong(FROM + 16) < 0) {
            return wrong("T4", "an epoch or a boot's counter beyond 2^63-1");
        }
        if (execution < 0 || commit < 0) {
            return wrong("D2", "an execution or commit number beyond 2^63-1");
        }
        return new Message.Answer(
                id,
                problem == 0 ? Problem.NONE : Problem.of(problem),
                epoch,
                boot(FROM + 16),
                execution,
                commit,
                Unpooled.EMPTY_BUFFER);
    }

    /** A head of attributes. */
    Decoded attributes(Group group, Function<Fields, Message.Framed> reading) {
        Fields fields = new Fields(head, group, null, group.word());
        Wrong wrong = fields.read(FROM, end);
        return wrong == null ? reading.apply(fields) : wrong;
    }

    boolean hasBytes(int bytes) {
        return end - FROM == bytes;
    }

    Wrong wrongLength(String what) {
        return wrong("R1", what + "'s head of " + (end - FROM) + " bytes");
    }

    /** What stands so many bytes behind the beginning. */
    long number(int at) {
        return head.getLong(FROM + at);
    }

    private Boot boot(int at) {
        long counter = head.getLong(at);
        long high = head.getLong(at + 8);
        long low = head.getLong(at + 16);
        if (boot.counter() != counter
                || boot.nonce().high() != high
                || boot.nonce().low() != low) {
            boot = new Boot(counter, new Unique(high, low));
        }
        return boot;
    }

    private @Nullable Wrong settledWrong(int at) {
        long mark = head.getLong(at);
        int words = head.getShort(at + 8) & 0xFFFF;
        int open = head.getShort(at + 10) & 0xFFFF;
        if (mark < 0 || (mark & 63) != 0 || mark > Long.MAX_VALUE - Settled.WINDOW) {
            return wrong("T3", "a settled set with the mark " + Long.toUnsignedString(mark));
        }
        if (words * 64 > Settled.WINDOW) {
            return wrong("T3", "a settled set of " + words + " words");
        }
        if (open > Terms.TRANSACTIONS_MAX) {
            return wrong("T3", "a settled set with " + open + " ids open");
        }
        int ids = at + 12 + 8 * words;
        if (end - ids != 8 * open) {
            return wrong("R1", "a settled set of " + words + " words and " + open + " ids in " + (end - at) + " bytes");
        }
        long before = -1;
        for (int i = 0; i < open; i++) {
            long id = head.getLong(ids + 8 * i);
            if (id <= before || id >= mark) {
                return wrong(
                        "T3", "the open id " + Long.toUnsignedString(id) + " does not rise or is not below " + mark);
            }
            before = id;
        }
        return null;
    }

    private Settled settled(int at) {
        int words = head.getShort(at + 8);
        int open = head.getShort(at + 10);
        long[] bits = longs(at + 12, words);
        return new Settled(head.getLong(at), bits, longs(at + 12 + 8 * words, open));
    }

    private long[] longs(int at, int count) {
        if (count == 0) {
            return NO_IDS;
        }
        long[] longs = new long[count];
        for (int i = 0; i < count; i++) {
            longs[i] = head.getLong(at + 8 * i);
        }
        return longs;
    }

    private static Wrong wrong(String rule, String text) {
        return new Wrong(rule, Problem.MALFORMED, text);
    }
}
