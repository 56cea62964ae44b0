package dst.protocol.wire;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.wire.Decoded.Wrong;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Reads the messages whose heads are made of attributes. */
final class HandshakeReader {
    private HandshakeReader() {}

    static Decoded read(Type type, ByteBuffer head, int from, int end) {
        Group group = Objects.requireNonNull(type.group());
        Fields fields = new Fields(head, group, null, type.word());
        Wrong wrong = fields.read(from, end);
        if (wrong != null) {
            return wrong;
        }
        return switch (type) {
            case HELLO -> hello(fields);
            case WELCOME ->
                new Message.Welcome(
                        agreement(fields.inside(Attribute.AGREEMENT)),
                        boot(fields.inside(Attribute.BOOT)),
                        BootCause.of(fields.shortOf(Attribute.CAUSE)),
                        fields.number(Attribute.EPOCH),
                        fields.flagIfSent(Attribute.OCCUPIED));
            case REFUSE ->
                new Message.Refuse(
                        Problem.of(fields.shortOf(Attribute.PROBLEM)),
                        fields.text(Attribute.TEXT),
                        fields.numberIfSent(Attribute.DURABLE));
            case ATTACH ->
                new Message.Attach(
                        agreement(fields.inside(Attribute.AGREEMENT)),
                        fields.number(Attribute.EPOCH),
                        fields.flag(Attribute.JOINS));
            case ATTACHED ->
                new Message.Attached(
                        agreement(fields.inside(Attribute.AGREEMENT)),
                        holder(fields.inside(Attribute.HOLDER)),
                        boot(fields.inside(Attribute.BOOT)),
                        fields.flag(Attribute.OWED));
            case REPLAYED -> new Message.Replayed(fields.number(Attribute.EPOCH), boot(fields.inside(Attribute.BOOT)));
            case GOODBYE ->
                new Message.Goodbye(
                        fields.flag(Attribute.CLEAN),
                        fields.number(Attribute.COMMIT),
                        boot(fields.inside(Attribute.BOOT)),
                        fields.text(Attribute.TEXT));
            case REQUEST, ANSWER, PING, PONG -> throw new IllegalArgumentException(type + " has no attributes");
        };
    }

    private static Message hello(Fields fields) {
        return new Message.Hello(
                fields.text(Attribute.EXPORT),
                fields.unique(Attribute.TOKEN),
                fields.intOf(Attribute.SLOT),
                fields.number(Attribute.GENERATION),
                terms(fields.inside(Attribute.TERMS)),
                holder(fields.inside(Attribute.HELD)),
                fields.unique(Attribute.KNOWN));
    }

    private static Terms terms(Fields fields) {
        return new Terms(
                fields.intOf(Attribute.CHECKSUMS),
                fields.intOf(Attribute.CIPHERS),
                fields.intOf(Attribute.FEATURES),
                fields.intOf(Attribute.KEEPALIVE),
                fields.intOf(Attribute.LARGEST_TRANSFER),
                fields.intOf(Attribute.TRANSACTIONS),
                fields.intOf(Attribute.BYTES));
    }

    private static Agreement agreement(Fields fields) {
        return new Agreement(
                fields.shortOf(Attribute.VERSION),
                terms(fields.inside(Attribute.TERMS)),
                device(fields.inside(Attribute.DEVICE)));
    }

    private static Device device(Fields fields) {
        return new Device(
                fields.unique(Attribute.IDENTITY),
                fields.number(Attribute.SIZE),
                fields.intOf(Attribute.BLOCK_SIZE),
                Ranges.permission(fields.byteOf(Attribute.PERMISSION)));
    }

    private static Boot boot(Fields fields) {
        return new Boot(fields.number(Attribute.COUNTER), fields.unique(Attribute.NONCE));
    }

    private static Holder holder(Fields fields) {
        return new Holder(fields.number(Attribute.EPOCH), fields.unique(Attribute.TOKEN));
    }
}
