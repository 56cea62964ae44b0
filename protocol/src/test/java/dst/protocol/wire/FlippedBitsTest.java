package dst.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** G6, H1: damage is told by the end of the frame that it is in; nobody waits for bytes that a damaged length speaks of. */
class FlippedBitsTest {
    private static final Unique TOKEN = new Unique(0x0102030405060708L, 0x090A0B0C0D0E0F10L);
    private static final Boot BOOT = new Boot(3, TOKEN);
    private static final Agreement AGREEMENT =
            new Agreement(1, Terms.DEFAULT, new Device(TOKEN, 1 << 20, 4096, Permission.BOTH));

    @Test
    void everyFlippedBitOnTheWayToTheServerIsToldByTheEndOfItsFrame() {
        assertToldByTheEndOfItsFrame(
                Direction.TO_SERVER,
                List.of(
                        Stream.PREAMBLE,
                        new Message.Hello("disk", TOKEN, 2, 5, Terms.DEFAULT, new Holder(7, TOKEN), TOKEN),
                        new Message.Attach(AGREEMENT, 7, true),
                        request(Kind.WRITE, 12),
                        new Message.Ping(-1),
                        request(Kind.READ, 0),
                        request(Kind.WRITE, Drawn.PAYLOAD_MAX + 1),
                        new Message.Goodbye(false, 0, BOOT, "")));
    }

    @Test
    void everyFlippedBitOnTheWayToTheClientIsToldByTheEndOfItsFrame() {
        assertToldByTheEndOfItsFrame(
                Direction.TO_CLIENT,
                List.of(
                        Stream.PREAMBLE,
                        new Message.Welcome(AGREEMENT, BOOT, BootCause.STARTED, 7),
                        new Message.Attached(AGREEMENT, new Holder(8, TOKEN), BOOT, true),
                        new Message.Answer(1, Problem.NONE, 8, BOOT, 0, 10, payload(12)),
                        new Message.Answer(2, Problem.IO_ERROR, 8, BOOT, 11, 10, Unpooled.EMPTY_BUFFER),
                        new Message.Pong(0),
                        new Message.Refuse(Problem.NOT_READY, "not ready")));
    }

    /** Nothing behind the frame is there: a decoder that waits for more than its frame says nothing and is found. */
    private static void assertToldByTheEndOfItsFrame(Direction direction, List<Message> messages) {
        List<byte[]> frames = new ArrayList<>();
        for (Message message : messages) {
            frames.add(Stream.bytes(message));
        }
        for (int i = 0; i < frames.size(); i++) {
            byte[] before = Stream.join(frames.subList(0, i).toArray(byte[][]::new));
            byte[] frame = frames.get(i);
            for (int bit = 0; bit < 8 * frame.length; bit++) {
                byte[] flipped = frame.clone();
                flipped[bit >>> 3] ^= (byte) (1 << (bit & 7));
                List<Decoded> decoded = Stream.decode(direction, before, flipped);
                String where = "bit " + bit + " of " + messages.get(i);
                assertEquals(i + 1, decoded.size(), where);
                assertInstanceOf(Decoded.Wrong.class, decoded.get(i), where);
                Stream.release(decoded);
            }
        }
    }

    private static Message.Request request(Kind kind, int bytes) {
        ByteBuf payload = payload(bytes);
        Settled settled = new Settled(64, new long[] {1}, new long[] {5});
        return new Message.Request(0x81, kind, 0, 0x1000, bytes, 8, BOOT, settled, Checksum.of(payload), payload);
    }

    private static ByteBuf payload(int bytes) {
        byte[] payload = new byte[bytes];
        Arrays.fill(payload, (byte) 0x5A);
        return Unpooled.wrappedBuffer(payload);
    }
}
