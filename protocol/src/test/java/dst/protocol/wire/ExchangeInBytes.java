package dst.protocol.wire;

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
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The small exchange of docs/PROTOCOL.md: what is said, and which way; both directions' messages in the order of the document. */
final class ExchangeInBytes {
    private static final Unique TOKEN = new Unique(0x0102030405060708L, 0x090A0B0C0D0E0F10L);
    private static final Unique IDENTITY = new Unique(0x1111111111111111L, 0x2222222222222222L);
    private static final Boot BOOT = new Boot(1, new Unique(0x3333333333333333L, 0x4444444444444444L));
    private static final Terms TERMS = new Terms(1, 1, 7, 5000, 4096, 8, 65536);
    private static final Agreement AGREEMENT = new Agreement(1, TERMS, new Device(IDENTITY, 4096, 16, Permission.BOTH));
    private static final ByteBuf NOTHING = Unpooled.EMPTY_BUFFER;

    static final Message WELCOME = new Message.Welcome(AGREEMENT, BOOT, BootCause.STARTED, 0);

    private ExchangeInBytes() {}

    record Said(Direction direction, Message message) {
        String hex() {
            return Stream.hex(Stream.bytes(message));
        }
    }

    static List<Said> all() {
        byte[] data = "sixteen bytes!!\n".getBytes(StandardCharsets.US_ASCII);
        int checksum = Checksum.of(Unpooled.wrappedBuffer(data));
        Settled nothing = new Settled(0, new long[] {1}, new long[0]);
        Settled first = new Settled(0, new long[] {3}, new long[0]);
        return List.of(
                toServer(new Message.Preamble(1, 1)),
                toClient(new Message.Preamble(1, 1)),
                toServer(new Message.Hello("disk", TOKEN, 0, 1, TERMS, Holder.NOBODY, Unique.NONE)),
                toClient(WELCOME),
                toServer(new Message.Attach(AGREEMENT, 0, false)),
                toClient(new Message.Attached(AGREEMENT, new Holder(1, TOKEN), BOOT, false)),
                toServer(new Message.Replayed(1, BOOT)),
                toServer(new Message.Request(
                        1, Kind.WRITE, 0, 32, 16, 1, BOOT, nothing, checksum, Unpooled.wrappedBuffer(data))),
                toClient(new Message.Answer(1, Problem.NONE, 1, BOOT, 1, 0, NOTHING)),
                toServer(new Message.Request(2, Kind.FLUSH, 0, 0, 0, 1, BOOT, first, 0, NOTHING)),
                toClient(new Message.Answer(2, Problem.NONE, 1, BOOT, 0, 1, NOTHING)));
    }

    private static Said toServer(Message message) {
        return new Said(Direction.TO_SERVER, message);
    }

    private static Said toClient(Message message) {
        return new Said(Direction.TO_CLIENT, message);
    }
}
