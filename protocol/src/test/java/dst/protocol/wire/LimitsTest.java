package dst.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Boot;
import dst.protocol.Kind;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** R1: every length is checked before memory is taken for it, and a frame is what its type may be. */
class LimitsTest {
    private static final byte[] NOTHING = new byte[0];
    private static final Boot BOOT = new Boot(3, new Unique(1, 2));

    @Test
    void headsLongerThanTheLimitAreRefusedBeforeTheyArrive() {
        byte[] header = new byte[Wire.FRAME_BYTES];
        ByteBuffer.wrap(header)
                .putInt(Wire.FRAME_MAGIC)
                .putShort((short) 0x0100)
                .putShort((short) (Wire.HEAD_MAX + 1));
        assertWrong("R1", "a head of 8193 bytes", Direction.TO_SERVER, Stream.sealed(header));
    }

    @Test
    void headersAreJudgedBeforeAnyLengthInThemIsBelieved() {
        byte[] header = Arrays.copyOf(Stream.bytes(new Message.Ping(1)), Wire.FRAME_BYTES);
        for (int bit = 8 * FrameHeader.TYPE; bit < 8 * Wire.FRAME_BYTES; bit++) {
            byte[] flipped = header.clone();
            flipped[bit >>> 3] ^= (byte) (1 << (bit & 7));
            assertWrong("H1", "the checksum of a frame's header does not fit", Direction.TO_SERVER, flipped);
        }
        assertEquals(
                List.of(Stream.PREAMBLE), Stream.decode(Direction.TO_SERVER, Stream.bytes(Stream.PREAMBLE), header));
    }

    @Test
    void headsAreJudgedBeforeTheirPayloadArrives() {
        byte[] write = Arrays.copyOf(Stream.bytes(write(8)), Wire.FRAME_BYTES + HeadWriter.REQUEST_BYTES);
        write[write.length - 1] ^= 1;
        assertWrong("H1", "the checksum of a frame's head does not fit", Direction.TO_SERVER, write);
    }

    @Test
    void headsOfTheLimitAreRead() {
        byte[] head = new byte[Wire.HEAD_MAX];
        ByteBuffer.wrap(head).putShort((short) 0x0042).putShort((short) (Wire.HEAD_MAX - 4));
        assertWrong("H2", "replayed/epoch is missing", Direction.TO_SERVER, Stream.frame(10, head, NOTHING));
    }

    @Test
    void lengthsOfFourGibibytesAreRefused() {
        byte[] write = Stream.bytes(write(8));
        ByteBuffer.wrap(write).putInt(FrameHeader.PAYLOAD_LENGTH, -1);
        assertWrong("R1", "a WRITE of 8 bytes with a payload of 4294967295", Direction.TO_SERVER, Stream.sealed(write));
        ByteBuffer.wrap(write).putInt(Wire.FRAME_BYTES + 12, -1);
        assertWrong("R1", "a request for 4294967295 bytes", Direction.TO_SERVER, Stream.sealed(write));
        byte[] answer = Stream.frame(Type.ANSWER.code(), new byte[58], 0xFFFF_FFFFL, NOTHING);
        assertWrong("R1", "an answer with a payload of 4294967295 bytes, more than 3000", Direction.TO_CLIENT, answer);
        byte[] ping = Stream.frame(Type.PING.code(), new byte[8], 0xFFFF_FFFFL, NOTHING);
        assertWrong("R1", "a ping with a payload of 4294967295 bytes", Direction.TO_SERVER, ping);
    }

    @Test
    void payloadsAreThereForWritesAloneAndAsLongAsTheySay() {
        byte[] write = Stream.bytes(write(8));
        ByteBuffer.wrap(write).putInt(Wire.FRAME_BYTES + 12, 9);
        assertWrong("R1", "a WRITE of 9 bytes with a payload of 8", Direction.TO_SERVER, Stream.sealed(write));
        ByteBuffer.wrap(write).putShort(Wire.FRAME_BYTES + 8, (short) Kind.READ.code());
        assertWrong("R1", "a READ of 9 bytes with a payload of 8", Direction.TO_SERVER, Stream.sealed(write));
        byte[] read = Stream.bytes(read(Settled.NONE));
        ByteBuffer.wrap(read).putInt(FrameHeader.PAYLOAD_CHECKSUM, 1);
        assertWrong("H1", "a checksum of no payload in a request", Direction.TO_SERVER, Stream.sealed(read));
    }

    @Test
    void answersLargerThanAgreedAreRefused() {
        byte[] answer = Stream.frame(Type.ANSWER.code(), new byte[58], new byte[Drawn.PAYLOAD_MAX + 1]);
        assertWrong("R1", "an answer with a payload of 3001 bytes, more than 3000", Direction.TO_CLIENT, answer);
    }

    @Property(tries = 200)
    void payloadsLargerThanAgreedAreConsumedInAnySplit(@ForAll long seed) {
        CountedPages pages = new CountedPages(false);
        int length = Drawn.PAYLOAD_MAX + 1 + (int) new Prng(seed).below(3000);
        byte[] bytes = Stream.bytes(Stream.PREAMBLE, write(length), new Message.Ping(7));
        Decoder decoder = Stream.decoder(Direction.TO_SERVER);
        List<Decoded> decoded = Stream.decode(decoder, bytes, new Prng(seed), pages);

        assertEquals(0, pages.live());
        assertEquals(3, decoded.size());
        Message.Request skipped = (Message.Request) decoded.get(1);
        assertTrue(skipped.payloadSkipped());
        assertEquals(length, skipped.length());
        assertEquals(new Message.Ping(7), decoded.get(2));
    }

    @Test
    void damageInConsumedPayloadsIsFoundToo() {
        byte[] write = Stream.bytes(write(Drawn.PAYLOAD_MAX + 1));
        write[write.length - 1] ^= 1;
        assertWrong("H1", "the checksum of a payload does not fit", Direction.TO_SERVER, write);
    }

    @Test
    void noPayloadIsKeptBeforeTheAgreement() {
        Decoder decoder = new Decoder(Direction.TO_SERVER);
        decoder.feed(Unpooled.wrappedBuffer(Stream.bytes(Stream.PREAMBLE, write(1))));
        assertEquals(Stream.PREAMBLE, decoder.next());
        assertTrue(decoder.next() instanceof Message.Request request && request.payloadSkipped());
        assertNull(decoder.next());
    }

    @Test
    void settledSetsThatCannotBeAreRefused() {
        assertSettledWrong("a settled set with the mark 63", 63, new long[0], new long[0]);
        assertSettledWrong(
                "a settled set with the mark 9223372036854775744", Long.MAX_VALUE & -64, new long[0], new long[0]);
        assertSettledWrong("a settled set with the mark 18446744073709551552", -64, new long[0], new long[0]);
        assertSettledWrong("a settled set of 9 words", 0, new long[9], new long[0]);
        assertSettledWrong(
                "a settled set with 513 ids open",
                1024,
                new long[0],
                LongStream.range(0, 513).toArray());
        assertSettledWrong("the open id 5 does not rise or is not below 64", 64, new long[0], new long[] {5, 5});
        assertSettledWrong("the open id 4 does not rise or is not below 64", 64, new long[0], new long[] {5, 4});
        assertSettledWrong("the open id 64 does not rise or is not below 64", 64, new long[0], new long[] {64});
        assertSettledWrong(
                "the open id 18446744073709551615 does not rise or is not below 64", 64, new long[0], new long[] {-1});
    }

    @Test
    void largestSettledSetsArrive() {
        long[] open = LongStream.range(0, Terms.TRANSACTIONS_MAX).toArray();
        Message read = read(new Settled(512, new long[8], open));
        assertEquals(
                List.of(Stream.PREAMBLE, read),
                Stream.decode(Direction.TO_SERVER, Stream.bytes(Stream.PREAMBLE, read)));
    }

    @Test
    void requestsBeyondAllNumbersAreRefused() {
        byte[] read = Stream.bytes(read(Settled.NONE));
        assertPatched("a request with the id 0", "T1", read, 0, 0);
        assertPatched(
                "a request that ends beyond 2^63-1, from 9223372036854775804 on", "R1", read, 16, Long.MAX_VALUE - 3);
        assertPatched("a request that ends beyond 2^63-1, from 18446744073709551615 on", "R1", read, 16, -1);
        assertPatched("an epoch or a boot's counter beyond 2^63-1", "T4", read, 24, -1);
        assertPatched("an epoch or a boot's counter beyond 2^63-1", "T4", read, 32, -1);
        assertPatched("no operation has the code 6", "R2", read, 8, 0x0006_0000_0000_0004L);
    }

    @Test
    void messagesThatGoTheOtherWayAreRefused() {
        assertWrong("H1", "a welcome sent to the server", Direction.TO_SERVER, Stream.frame(2, NOTHING, NOTHING));
        assertWrong("H1", "a hello sent to the client", Direction.TO_CLIENT, Stream.frame(1, NOTHING, NOTHING));
        assertWrong("H1", "no message has the type 12", Direction.TO_CLIENT, Stream.frame(12, NOTHING, NOTHING));
        assertWrong("H1", "no message has the type 0", Direction.TO_CLIENT, Stream.frame(0, NOTHING, NOTHING));
    }

    @Test
    void unknownFrameFlagsAreRefused() {
        byte[] ping = Stream.bytes(new Message.Ping(1));
        ping[FrameHeader.FLAGS] = (byte) 0x80;
        assertWrong("H1", "unknown flags in the frame of a ping", Direction.TO_SERVER, Stream.sealed(ping));
    }

    @Test
    void otherPeersAreKnownByTheirFirstWrongByte() {
        Decoder decoder = new Decoder(Direction.TO_SERVER);
        decoder.feed(Unpooled.wrappedBuffer(Stream.unhex("445353")));
        assertEquals(
                new Decoded.Wrong("H1", Problem.MALFORMED, "the first bytes are not those of this protocol"),
                decoder.next());
        ByteBuf late = Unpooled.buffer().writeLong(1);
        decoder.feed(late);
        assertEquals(0, late.refCnt());
    }

    @Test
    void nbdServerIsKnownByItsFirstWordsHoweverTheyAreSplit() {
        byte[] greeting = "NBDMAGICIHAVEOPT".getBytes(StandardCharsets.US_ASCII);
        for (int split = 1; split < greeting.length; split++) {
            Decoder decoder = new Decoder(Direction.TO_CLIENT);
            decoder.feed(Unpooled.copiedBuffer(greeting, 0, split));
            Decoded first = decoder.next();
            decoder.feed(Unpooled.copiedBuffer(greeting, split, greeting.length - split));
            Decoded told = first == null ? decoder.next() : first;
            assertEquals(split >= 8, first != null);
            assertEquals(
                    new Decoded.Wrong(
                            "H1",
                            Problem.MALFORMED,
                            "this is the port of an NBD server: the one of this protocol is another, usually 4800"),
                    told);
            decoder.discard();
        }
    }

    @Test
    void whoOnlyBeginsLikeAnNbdServerIsNone() {
        Decoder decoder = new Decoder(Direction.TO_CLIENT);
        decoder.feed(Unpooled.copiedBuffer("NBDX", StandardCharsets.US_ASCII));
        assertEquals(
                new Decoded.Wrong("H1", Problem.MALFORMED, "the first bytes are not those of this protocol"),
                decoder.next());
    }

    @Test
    void noServerHearsAnNbdServerOut() {
        Decoder decoder = new Decoder(Direction.TO_SERVER);
        decoder.feed(Unpooled.copiedBuffer("N", StandardCharsets.US_ASCII));
        assertInstanceOf(Decoded.Wrong.class, decoder.next());
    }

    @Test
    void secondPreamblesAreRefused() {
        assertWrong("H1", "no frame begins where one should", Direction.TO_SERVER, Stream.bytes(Stream.PREAMBLE));
    }

    private static Message.Request write(int length) {
        ByteBuf payload = Unpooled.wrappedBuffer(new byte[length]);
        return new Message.Request(1, Kind.WRITE, 0, 0, length, 1, BOOT, Settled.NONE, Checksum.of(payload), payload);
    }

    private static Message.Request read(Settled settled) {
        return new Message.Request(1, Kind.READ, 0, 0, 4, 1, BOOT, settled, 0, Unpooled.EMPTY_BUFFER);
    }

    private static void assertPatched(String text, String rule, byte[] frame, int at, long value) {
        byte[] patched = frame.clone();
        ByteBuffer.wrap(patched).putLong(Wire.FRAME_BYTES + at, value);
        assertWrong(rule, text, Direction.TO_SERVER, Stream.sealed(patched));
    }

    private static void assertSettledWrong(String text, long mark, long[] words, long[] open) {
        byte[] head = new byte[HeadWriter.REQUEST_BYTES + 8 * (words.length + open.length)];
        ByteBuffer bytes = ByteBuffer.wrap(head).putLong(1).putShort((short) Kind.READ.code());
        bytes.position(56).putLong(mark).putShort((short) words.length).putShort((short) open.length);
        LongStream.concat(LongStream.of(words), LongStream.of(open)).forEach(bytes::putLong);
        assertWrong("T3", text, Direction.TO_SERVER, Stream.frame(Type.REQUEST.code(), head, NOTHING));
    }

    private static void assertWrong(String rule, String text, Direction direction, byte[] frame) {
        assertEquals(new Decoded.Wrong(rule, Problem.MALFORMED, text), Stream.decodeFrame(direction, frame));
    }
}
