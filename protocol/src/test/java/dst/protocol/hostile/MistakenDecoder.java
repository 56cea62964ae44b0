package dst.protocol.hostile;

import dst.protocol.wire.Decoded;
import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A decoder that does something wrong with the bytes before it reads them. */
record MistakenDecoder(DecoderUnderAttack right, Function<ByteBuf, ByteBuf> mistake) implements DecoderUnderAttack {
    @Override
    public void payloadMax(int bytes) {
        right.payloadMax(bytes);
    }

    @Override
    public void feed(ByteBuf bytes) {
        right.feed(mistake.apply(bytes));
    }

    @Override
    public @Nullable Decoded next() {
        return right.next();
    }

    @Override
    public void discard() {
        right.discard();
    }
}
