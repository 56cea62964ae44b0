package dst.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Prng;
import io.netty.buffer.ByteBuf;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds for every message, every split and every damage. */
class CodecPropertiesTest {
    private static final int MESSAGES = 4;

    @Property(tries = 1000)
    void everySplitDecodesToWhatWasEncoded(@ForAll long seed, @ForAll Direction direction, @ForAll boolean direct) {
        CountedPages pages = new CountedPages(direct);
        List<Message> messages = new Drawn(seed, pages).stream(direction, MESSAGES);
        byte[] bytes = Stream.bytes(pages, new Drawn(seed, pages).stream(direction, MESSAGES));

        Decoder decoder = Stream.decoder(direction);
        List<Decoded> decoded = Stream.decode(decoder, bytes, new Prng(seed), pages);

        assertEquals(messages, decoded);
        Stream.release(messages);
        Stream.release(decoded);
        assertEquals(0, pages.live());
    }

    @Property(tries = 500)
    void encodedBuffersDecodeAsTheyAreAndInSlices(@ForAll long seed, @ForAll Direction direction, @ForAll boolean cut) {
        CountedPages pages = new CountedPages(false);
        List<Message> messages = new Drawn(seed, pages).stream(direction, MESSAGES);
        Encoder encoder = new Encoder(pages);
        Decoder decoder = Stream.decoder(direction);
        Prng prng = new Prng(seed);
        for (Message message : new Drawn(seed, pages).stream(direction, MESSAGES)) {
            ByteBuf bytes = encoder.encode(message);
            if (cut) {
                decoder.feed(bytes.readRetainedSlice((int) prng.below(bytes.readableBytes())));
            }
            decoder.feed(bytes);
        }
        for (Message message : messages) {
            Decoded decoded = decoder.next();
            assertEquals(message, decoded);
            Stream.release(List.of(message, decoded));
        }
        assertEquals(null, decoder.next());
        assertEquals(0, pages.live());
    }

    @Property(tries = 300)
    void everyFlippedBitIsDetected(@ForAll long seed, @ForAll Direction direction) {
        CountedPages pages = new CountedPages(false);
        List<Message> messages = new Drawn(seed, pages).stream(direction, 2);
        byte[] bytes = Stream.bytes(pages, new Drawn(seed, pages).stream(direction, 2));
        Prng prng = new Prng(seed);
        for (int i = 0; i < 20; i++) {
            int bit = (int) prng.below(bytes.length * 8L);
            bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
            Decoder decoder = Stream.decoder(direction);
            List<Decoded> decoded = Stream.decode(decoder, bytes, prng, pages);
            bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));

            int right = decoded.size() - 1;
            assertTrue(right < messages.size(), "nothing was noticed of bit " + bit);
            assertTrue(decoded.getLast() instanceof Decoded.Wrong, "nothing was said of bit " + bit);
            assertEquals(messages.subList(0, right), decoded.subList(0, right));
            decoder.discard();
            Stream.release(decoded);
        }
        Stream.release(messages);
        assertEquals(0, pages.live());
    }

    @Property(tries = 1000)
    void randomBytesBehindAnyBeginningNeitherThrowNorLeak(@ForAll long seed, @ForAll Direction direction) {
        CountedPages pages = new CountedPages(false);
        Prng prng = new Prng(seed);
        byte[] noise = noise(prng);
        byte[] bytes = switch ((int) prng.below(3)) {
            case 0 -> noise;
            case 1 -> Stream.join(Stream.bytes(Stream.PREAMBLE), noise);
            default ->
                Stream.join(Stream.bytes(Stream.PREAMBLE), Stream.frame((int) prng.below(13), noise, new byte[0]));
        };
        decodeAndForget(direction, bytes, prng, pages);
    }

    /** Damage that its sender vouches for reaches all the checks behind the checksum. */
    @Property(tries = 3000)
    void damageWithFittingChecksumsNeitherThrowsNorLeaks(@ForAll long seed, @ForAll Direction direction) {
        CountedPages pages = new CountedPages(false);
        Prng prng = new Prng(seed);
        byte[] frame = Stream.bytes(pages, List.of(new Drawn(seed, pages).message(direction)));
        int headEnd = Wire.FRAME_BYTES + ((frame[6] & 0xFF) << 8 | frame[7] & 0xFF);
        for (long i = prng.between(1, 3); i > 0; i--) {
            int at = (int) prng.below(headEnd);
            frame[at] = (byte) (prng.chance(1, 2) ? prng.next() : frame[at] ^ 1 << prng.below(8));
        }
        decodeAndForget(direction, Stream.join(Stream.bytes(Stream.PREAMBLE), Stream.sealed(frame)), prng, pages);
    }

    private static void decodeAndForget(Direction direction, byte[] bytes, Prng prng, CountedPages pages) {
        Decoder decoder = Stream.decoder(direction);
        List<Decoded> decoded = Stream.decode(decoder, bytes, prng, pages);
        if (!decoded.isEmpty() && decoded.getLast() instanceof Decoded.Wrong wrong) {
            assertTrue(!wrong.rule().isEmpty() && !wrong.text().isEmpty());
            assertEquals(wrong, decoder.next());
        }
        decoder.discard();
        Stream.release(decoded);
        assertEquals(0, pages.live());
    }

    private static byte[] noise(Prng prng) {
        byte[] noise = new byte[(int) prng.below(300)];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) prng.next();
        }
        return noise;
    }
}
