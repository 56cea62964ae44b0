package dst.protocol.wire;

import dst.protocol.Boot;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Decoded.Wrong;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the heads that have a fixed layout; everything in them is checked before it is used (R1). */
final class HeadReader {
    private static final long[] NO_IDS = new long[0];

    /** The boot that was read last: nearly all heads name the same one. */
    private Boot boot = Boot.NONE;

    /** The request without its payload, of which this many bytes follow. */
    Decoded request(ByteBuffer head, int from, int end, long payloadLength, int payloadChecksum) {
        if (end - from < HeadWriter.REQUEST_BYTES) {
            return wrong("R1", "a request's head of " + (end - from) + " bytes");
        }
        long id = head.getLong(from);
        int kindCode = head.getShort(from + 8) & 0xFFFF;
        int flags = head.getShort(from + 10) & 0xFFFF;
        int length = head.getInt(from + 12);
        long offset = head.getLong(from + 16);
        long epoch = head.getLong(from + 24);
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
        if (epoch < 0 || head.getLong(from + 32) < 0) {
            return wrong("T4", "an epoch or a boot's counter beyond 2^63-1");
        }
        Kind kind = Kind.of(kindCode);
        long due = kind == Kind.WRITE ? length : 0;
        if (payloadLength != due) {
            return wrong("R1", "a " + kind + " of " + length + " bytes with a payload of " + payloadLength);
        }
        Wrong unsettled = settledWrong(head, from + 56, end);
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
                boot(head, from + 32),
                settled(head, from + 56),
                payloadChecksum,
                Unpooled.EMPTY_BUFFER);
    }

    /** The answer without its payload. */
    Decoded answer(ByteBuffer head, int from, int end) {
        if (end - from != HeadWriter.ANSWER_BYTES) {
            return wrong("R1", "an answer's head of " + (end - from) + " bytes");
        }
        long id = head.getLong(from);
        long epoch = head.getLong(from + 8);
        long execution = head.getLong(from + 40);
        long commit = head.getLong(from + 48);
        int problem = head.getShort(from + 56) & 0xFFFF;
        if (id < 1) {
            return wrong("T1", "an answer with the id " + Long.toUnsignedString(id));
        }
        if (epoch < 0 || head.getLong(from + 16) < 0) {
            return wrong("T4", "an epoch or a boot's counter beyond 2^63-1");
        }
        if (execution < 0 || commit < 0) {
            return wrong("D2", "an execution or commit number beyond 2^63-1");
        }
        return new Message.Answer(
                id,
                problem == 0 ? Problem.NONE : Problem.of(problem),
                epoch,
                boot(head, from + 16),
                execution,
                commit,
                Unpooled.EMPTY_BUFFER);
    }

    Decoded ping(ByteBuffer head, int from, int end) {
        return end - from == HeadWriter.NONCE_BYTES
                ? new Message.Ping(head.getLong(from))
                : wrong("R1", "a ping's head of " + (end - from) + " bytes");
    }

    Decoded pong(ByteBuffer head, int from, int end) {
        return end - from == HeadWriter.NONCE_BYTES
                ? new Message.Pong(head.getLong(from))
                : wrong("R1", "a pong's head of " + (end - from) + " bytes");
    }

    private Boot boot(ByteBuffer head, int at) {
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

    private static @Nullable Wrong settledWrong(ByteBuffer head, int at, int end) {
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

    private static Settled settled(ByteBuffer head, int at) {
        int words = head.getShort(at + 8);
        int open = head.getShort(at + 10);
        long[] bits = longs(head, at + 12, words);
        return new Settled(head.getLong(at), bits, longs(head, at + 12 + 8 * words, open));
    }

    private static long[] longs(ByteBuffer head, int at, int count) {
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
