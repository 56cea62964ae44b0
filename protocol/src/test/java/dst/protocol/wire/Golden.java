package dst.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/** A message and its bytes, which no version of this protocol may change. */
final class Golden {
    private Golden() {}

    /** Both ways: the message is encoded as these bytes, and they are decoded as the message. */
    static void assertBytes(Direction direction, Message message, String hex) {
        byte[] bytes = Stream.unhex(hex);
        List<? extends Decoded> expected =
                message instanceof Message.Preamble ? List.of(message) : List.of(Stream.PREAMBLE, message);
        byte[] before = message instanceof Message.Preamble ? new byte[0] : Stream.bytes(Stream.PREAMBLE);

        assertEquals(expected, Stream.decode(direction, before, bytes));
        assertEquals(Stream.hex(bytes), Stream.hex(Stream.bytes(message)));
    }
}
