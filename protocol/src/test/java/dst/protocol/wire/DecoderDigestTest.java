package dst.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** The digest of a decoder speaks of the bytes that are there and not said yet: of all of them, however they came. */
class DecoderDigestTest {
    private static final int PAYLOADS_MAX = 1 << 20;

    /** What the other side said, from the preamble to a request with a payload. */
    private static byte[] stream() {
        ByteBuf all = Unpooled.buffer();
        for (ExchangeInBytes.Said said : ExchangeInBytes.all()) {
            if (said.direction() == Direction.TO_SERVER) {
                all.writeBytes(Stream.unhex(said.hex()));
            }
        }
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }

    private static long digest(byte[] bytes, int length, int piece, boolean eager) {
        Decoder decoder = new Decoder(Direction.TO_SERVER);
        decoder.payloadMax(PAYLOADS_MAX);
        for (int at = 0; at < length; at += piece) {
            decoder.feed(Unpooled.copiedBuffer(bytes, at, Math.min(piece, length - at)));
            while (eager && decoder.next() instanceof Message message) {
                release(message);
            }
        }
        StateDigest digest = new StateDigest();
        decoder.digest(digest);
        decoder.discard();
        return digest.value();
    }

    private static void release(Message message) {
        if (message instanceof Message.Request request) {
            request.payload().release();
        }
    }

    @Test
    void equalBytesInOtherPiecesHaveTheSameDigest() {
        byte[] bytes = stream();
        for (int length = 0; length <= bytes.length; length++) {
            long expected = digest(bytes, length, 1, true);
            assertEquals(expected, digest(bytes, length, 7, true), "after " + length);
            assertEquals(
                    digest(bytes, length, 1, false), digest(bytes, length, 50, false), "not read, after " + length);
        }
    }

    @Test
    void everyByteCounts() {
        byte[] bytes = stream();
        for (int length = 1; length <= bytes.length; length++) {
            byte[] other = bytes.clone();
            other[length - 1] ^= 1;
            for (boolean eager : new boolean[] {true, false}) {
                assertNotEquals(digest(bytes, length, 1, eager), digest(other, length, 1, eager), "byte " + length);
            }
        }
    }
}
