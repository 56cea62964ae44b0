package dst.sim.hostile;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Checksum;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import dst.protocol.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

/** Makes sendings that are well framed, carry the right checksums, and are wrong. */
abstract class Lies {
    private static final long[] EDGES = {
        0, 1, 2, 511, 512, 513, 1 << 16, Integer.MAX_VALUE, Long.MAX_VALUE - 512, Long.MAX_VALUE
    };

    /** In the type of an attribute. */
    private static final int REQUIRED = 0x8000;

    // Where these stand in a frame's header.
    private static final int HEAD_LENGTH = 6;
    private static final int HEAD_CHECKSUM = 16;
    private static final int HEADER_CHECKSUM = 20;

    final Prng prng;
    final Overheard overheard;
    private final Encoder encoder = new Encoder(UnpooledByteBufAllocator.DEFAULT);

    Lies(Prng prng, Overheard overheard) {
        this.prng = prng;
        this.overheard = overheard;
    }

    /** One of them; empty if too little was overheard yet for the one that was drawn. */
    abstract ByteBuf next();

    final ByteBuf bytes(Message message) {
        return encoder.encode(message);
    }

    final int below(int bound) {
        return (int) prng.below(bound);
    }

    /** A number beside this one, or one at an edge. */
    final long odd(long number) {
        return below(3) == 0
                ? EDGES[below(EDGES.length)]
                : Math.max(0, Math.min(Long.MAX_VALUE, number + prng.between(-3, 3)));
    }

    final Boot odd(Boot boot) {
        return switch (below(3)) {
            case 0 -> new Boot(odd(boot.counter()), boot.nonce());
            case 1 -> new Boot(boot.counter(), unique());
            default -> new Boot(odd(boot.counter()), unique());
        };
    }

    final Unique unique() {
        return new Unique(prng.next(), prng.next());
    }

    final ByteBuf junk(int bytes) {
        ByteBuf junk = Unpooled.buffer(bytes);
        while (junk.readableBytes() < bytes) {
            junk.writeByte((int) prng.next());
        }
        return junk;
    }

    /** The same handshake with one attribute more, which nobody knows; the receiver is to skip it, or must refuse it (H2). */
    final ByteBuf withUnknown(ByteBuf message) {
        ByteBuf frame = Unpooled.buffer().writeBytes(message);
        message.release();
        frame.writeShort((below(2) == 0 ? REQUIRED : 0) | 0x0700 | below(256))
                .writeShort(4)
                .writeInt((int) prng.next());
        frame.setShort(HEAD_LENGTH, frame.readableBytes() - Wire.FRAME_BYTES);
        frame.setInt(
                HEAD_CHECKSUM, Checksum.of(frame.slice(Wire.FRAME_BYTES, frame.readableBytes() - Wire.FRAME_BYTES)));
        frame.setInt(HEADER_CHECKSUM, Checksum.of(frame.slice(0, HEADER_CHECKSUM)));
        return frame;
    }

    /** A frame's header with its checksum in order, and a length that nothing follows. */
    final ByteBuf header(int type) {
        ByteBuf header = Unpooled.buffer(24);
        header.writeInt(Wire.FRAME_MAGIC).writeByte(type).writeByte(below(4) == 0 ? below(256) : 0);
        header.writeShort(below(2) == 0 ? 0xFFFF : below(Wire.HEAD_MAX + 2));
        header.writeInt((int) odd(1L << 31)).writeInt(below(2)).writeInt((int) prng.next());
        header.writeInt(Checksum.of(header));
        return header;
    }

    final Agreement odd(Agreement agreement) {
        Terms terms = agreement.terms();
        Device device = agreement.device();
        return switch (below(6)) {
            case 0 -> new Agreement((int) prng.between(0, 9), terms, device);
            case 1 -> new Agreement(agreement.version(), odd(terms), device);
            case 2 -> with(agreement, new Device(unique(), device.size(), device.blockSize(), device.permission()));
            case 3 ->
                with(
                        agreement,
                        new Device(
                                device.identity(),
                                device.blockSize() * prng.between(0, 300),
                                device.blockSize(),
                                device.permission()));
            case 4 -> with(agreement, new Device(device.identity(), 1 << 20, 1 << below(20), device.permission()));
            default ->
                with(
                        agreement,
                        new Device(
                                device.identity(), device.size(), device.blockSize(), Permission.values()[below(4)]));
        };
    }

    private static Agreement with(Agreement agreement, Device device) {
        return new Agreement(agreement.version(), agreement.terms(), device);
    }

    private Terms odd(Terms terms) {
        int transfer = below(2) == 0 ? terms.largestTransfer() : 1 + below(1 << 20);
        return new Terms(
                below(4),
                below(4),
                below(16),
                1 + below(10_000),
                transfer,
                1 + below(Terms.TRANSACTIONS_MAX),
                transfer + below(1 << 20));
    }

    final Problem problem() {
        return Problem.values()[below(Problem.values().length)];
    }

    /** A settled set of whatever. */
    final Settled settled(long id) {
        long mark = Math.max(0, Math.min(Long.MAX_VALUE - 512, odd(id))) & ~63L;
        long[] bits = new long[below(9)];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = below(2) == 0 ? -1 : prng.next();
        }
        return new Settled(mark, bits, mark > 3 && below(2) == 0 ? new long[] {1, mark - 1} : new long[0]);
    }

    /** So many pings that they are a flood. */
    final ByteBuf flood() {
        ByteBuf all = Unpooled.buffer();
        for (int i = 10 + below(200); i > 0; i--) {
            ByteBuf ping = bytes(new Message.Ping(prng.next()));
            all.writeBytes(ping);
            ping.release();
        }
        return all;
    }

    /** A request like that one, with something else in it. */
    final ByteBuf request(Message.Request of) {
        Kind kind = below(3) == 0 ? Kind.values()[below(Kind.values().length)] : of.kind();
        int length = below(3) == 0 ? (int) Math.min(odd(of.length()), 1 << 17) : of.length();
        ByteBuf payload = kind == Kind.WRITE ? junk(length) : Unpooled.EMPTY_BUFFER;
        long offset = below(2) == 0 ? of.offset() : Math.min(odd(of.offset()), Long.MAX_VALUE - length);
        return bytes(new Message.Request(
                Math.max(1, below(2) == 0 ? of.id() : odd(of.id())),
                kind,
                below(3) == 0 ? below(0x100) : of.flags(),
                offset,
                length,
                below(4) == 0 ? odd(of.epoch()) : of.epoch(),
                below(4) == 0 ? odd(of.boot()) : of.boot(),
                below(3) == 0 ? settled(of.id()) : of.settled(),
                payload.isReadable() ? new Checksum().over(payload) : 0,
                payload));
    }

    /** An answer like that one, with something else in it. */
    final ByteBuf answer(Message.Answer of, long id) {
        return bytes(new Message.Answer(
                Math.max(1, id),
                below(3) == 0 ? problem() : of.problem(),
                below(4) == 0 ? odd(of.epoch()) : of.epoch(),
                below(4) == 0 ? odd(of.boot()) : of.boot(),
                odd(of.execution()),
                odd(of.commit()),
                below(3) == 0 ? junk(below(3000)) : Unpooled.EMPTY_BUFFER));
    }
}
