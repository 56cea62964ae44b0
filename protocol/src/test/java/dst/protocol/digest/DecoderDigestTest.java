package dst.protocol.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dst.protocol.Boot;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Prng;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Checksum;
import dst.protocol.wire.Decoded;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a message has arrived is in the digest, to the byte; in which pieces it came is not. */
class DecoderDigestTest {
    private static final int KEPT = 600;

    private static final List<byte[]> FRAMES = frames();

    private static List<byte[]> frames() {
        List<byte[]> frames = new ArrayList<>();
        Unique token = new Unique(3, 4);
        frames.add(bytes(new Message.Preamble(1, 1)));
        frames.add(bytes(new Message.Hello("disk", token, 0, 1, Terms.DEFAULT, Holder.NOBODY, Unique.NONE)));
        for (int length : new int[] {40, 300, KEPT + 50}) {
            ByteBuf payload = Unpooled.wrappedBuffer(new byte[length]);
            Boot boot = new Boot(1, token);
            Settled settled = new Settled(64, new long[] {1}, new long[] {7});
            frames.add(bytes(new Message.Request(
                    65, Kind.WRITE, 0, 0, length, 1, boot, settled, Checksum.of(payload), payload)));
        }
        return frames;
    }

    private static byte[] bytes(Message message) {
        return ByteBufUtil.getBytes(new Encoder(UnpooledByteBufAllocator.DEFAULT).encode(message));
    }

    /** Before the agreement, when payloads are read past; and after it. */
    @ParameterizedTest
    @ValueSource(ints = {0, KEPT})
    void eachByteOfAMessageThatIsNotWholeCounts(int payloadMax) {
        byte[] before = {};
        for (byte[] frame : FRAMES) {
            for (int there = 1; there < frame.length; there += frame.length > 100 && there > 30 ? 13 : 1) {
                long digest = digest(payloadMax, before, frame, there, -1);
                for (int changed = 0; changed < there; changed++) {
                    assertNotEquals(
                            digest,
                            digest(payloadMax, before, frame, there, changed),
                            "byte " + changed + " of " + there + " of a frame of " + frame.length);
                }
            }
            before = Unpooled.copiedBuffer(before, frame).array();
        }
    }

    private static long digest(int payloadMax, byte[] before, byte[] frame, int there, int changed) {
        byte[] part = java.util.Arrays.copyOf(frame, there);
        if (changed >= 0) {
            part[changed] ^= 1;
        }
        Decoder decoder = new Decoder(Direction.TO_SERVER);
        decoder.payloadMax(payloadMax);
        feed(decoder, before, 0, before.length);
        feed(decoder, part, 0, there);
        return endingDigest(decoder);
    }

    @Property(tries = 200)
    void piecesDoNotCount(@ForAll long seed) {
        Prng prng = new Prng(seed);
        byte[] all = Unpooled.copiedBuffer(FRAMES.toArray(byte[][]::new)).array();
        int length = (int) prng.between(1, all.length);
        Decoder atOnce = new Decoder(Direction.TO_SERVER);
        atOnce.payloadMax(KEPT);
        feed(atOnce, all, 0, length);
        Decoder inPieces = new Decoder(Direction.TO_SERVER);
        inPieces.payloadMax(KEPT);
        for (int at = 0; at < length; ) {
            int piece = (int) Math.min(length - at, prng.between(1, prng.chance(1, 2) ? 5 : 400));
            feed(inPieces, all, at, piece);
            at += piece;
        }
        assertEquals(endingDigest(atOnce), endingDigest(inPieces));
    }

    private static void feed(Decoder decoder, byte[] bytes, int from, int length) {
        decoder.feed(Unpooled.copiedBuffer(bytes, from, length));
        for (Decoded decoded = decoder.next(); decoded instanceof Message; decoded = decoder.next()) {
            if (decoded instanceof Message.Request request) {
                request.payload().release();
            }
        }
    }

    private static long endingDigest(Decoder decoder) {
        StateDigest digest = new StateDigest();
        decoder.digest(digest);
        decoder.discard();
        return digest.value();
    }
}
