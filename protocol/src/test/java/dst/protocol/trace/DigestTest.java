package dst.protocol.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dst.protocol.BlockPort;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DigestTest {
    @Property(tries = 50)
    void anyChangedFieldChangesTheDigest(@ForAll long seed) {
        Random random = new Random(seed);
        for (Class<?> type : AnyValue.types()) {
            Object value = AnyValue.of(type, random);
            long digest = digest(7, "client", value);
            assertEquals(digest, digest(7, "client", value));
            assertNotEquals(digest, digest(8, "client", value));
            assertNotEquals(digest, digest(7, "server", value));
            for (Object variant : AnyValue.variants(value, random)) {
                assertNotEquals(digest, digest(7, "client", variant), () -> value + " and " + variant);
            }
        }
    }

    @Property(tries = 50)
    void differentKindsOfValueNeverAgree(@ForAll long seed) {
        Random random = new Random(seed);
        long[] digests = AnyValue.types().stream()
                .mapToLong(type -> digest(1, "client", AnyValue.of(type, random)))
                .sorted()
                .distinct()
                .toArray();
        assertEquals(AnyValue.types().size(), digests.length);
    }

    @Test
    void isTheSameInEveryJvm() {
        Digest digest = new Digest();
        digest.saw(0, Layer.client("client"), new Control.Started(new Unique(1, 2), 3));
        digest.saw(
                5,
                Layer.client("client"),
                new BlockPort.Submit(9, new Operation.Write(4096, Unpooled.wrappedBuffer(new byte[512]), true)));
        digest.saw(6, Layer.server("server"), new WorldEvent.Struck("Cut", "link 3", 6));
        assertEquals(3, digest.values());
        assertEquals(GOLDEN, digest.value());
    }

    @Test
    void theOrderOfTwoValuesMatters() {
        Digest one = new Digest();
        one.saw(0, Layer.client("client"), new LinkPort.Opened(1));
        one.saw(0, Layer.client("client"), new LinkPort.Opened(2));
        Digest other = new Digest();
        other.saw(0, Layer.client("client"), new LinkPort.Opened(2));
        other.saw(0, Layer.client("client"), new LinkPort.Opened(1));
        assertNotEquals(one.value(), other.value());
    }

    @Test
    void doesNotDependOnHowABufferIsLaidOutNorMovesItsIndices() {
        byte[] content = new byte[3000];
        new Random(1).nextBytes(content);
        ByteBuf whole = Unpooled.wrappedBuffer(content);
        ByteBuf pieces = Unpooled.compositeBuffer(64);
        for (int at = 0; at < content.length; at += 300) {
            ((io.netty.buffer.CompositeByteBuf) pieces).addComponent(true, Unpooled.wrappedBuffer(content, at, 300));
        }
        pieces.readerIndex(450);
        whole.readerIndex(450);
        assertEquals(
                digest(0, "client", new LinkPort.Received(1, whole)),
                digest(0, "client", new LinkPort.Received(1, pieces)));
        assertEquals(450, pieces.readerIndex());
        assertEquals(3000, pieces.writerIndex());
    }

    private static final long GOLDEN = 7084843542791838671L;

    private static long digest(long now, String node, Object value) {
        Digest digest = new Digest();
        digest.saw(now, Layer.client(node), value);
        return digest.value();
    }
}
