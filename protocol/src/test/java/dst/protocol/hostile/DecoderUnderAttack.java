package dst.protocol.hostile;

import dst.protocol.wire.Decoded;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a decoder does, so that a test can put a wrong one in its place. */
interface DecoderUnderAttack {
    void payloadMax(int bytes);

    void feed(ByteBuf bytes);

    @Nullable Decoded next();

    void discard();

    /** The real one. */
    static DecoderUnderAttack of(Direction direction) {
        Decoder decoder = new Decoder(direction);
        return new DecoderUnderAttack() {
            @Override
            public void payloadMax(int bytes) {
                decoder.payloadMax(bytes);
            }

            @Override
            public void feed(ByteBuf bytes) {
                decoder.feed(bytes);
            }

            @Override
            public @Nullable Decoded next() {
                return decoder.next();
            }

            @Override
            public void discard() {
                decoder.discard();
            }
        };
    }
}
