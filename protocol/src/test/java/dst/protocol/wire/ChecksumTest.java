package dst.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.Prng;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    @Test
    void isTheOneThatIsKnownAsCrc32c() {
        assertEquals(0xE3069283, Checksum.of(Unpooled.copiedBuffer("123456789", StandardCharsets.US_ASCII)));
        assertEquals(0, Checksum.of(Unpooled.EMPTY_BUFFER));
    }

    @Property(tries = 300)
    void isTheSameForEveryKindOfBufferAndMovesNoIndex(@ForAll long seed, @ForAll boolean direct) {
        Drawn drawn = new Drawn(seed, new CountedPages(direct));
        ByteBuf scattered = drawn.payload(1 + drawn.below(6000));
        scattered.skipBytes((int) new Prng(seed).below(scattered.readableBytes()));
        int readable = scattered.readableBytes();
        byte[] bytes = new byte[readable];
        scattered.getBytes(scattered.readerIndex(), bytes);
        CRC32C expected = new CRC32C();
        expected.update(bytes);

        Checksum again = new Checksum();
        assertEquals((int) expected.getValue(), Checksum.of(scattered));
        assertEquals((int) expected.getValue(), again.over(scattered));
        assertEquals((int) expected.getValue(), again.over(scattered.slice()));
        assertEquals((int) expected.getValue(), again.over(Unpooled.wrappedBuffer(bytes)));
        assertEquals(
                (int) expected.getValue(), again.over(Unpooled.directBuffer().writeBytes(bytes)));
        assertEquals(readable, scattered.readableBytes());
        scattered.release();
    }
}
