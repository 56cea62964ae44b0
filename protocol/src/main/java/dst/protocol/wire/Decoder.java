package dst.protocol.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Turns the bytes of one direction of a link into messages, however they are split; it never throws (G8). */
public final class Decoder {
    public Decoder(Direction direction) {}

    /** The largest payload to keep; zero until the sides have agreed, for no payload is due in a handshake (R1). */
    public void payloadMax(int bytes) {}

    /** Takes the bytes over. */
    public void feed(ByteBuf bytes) {
        throw new UnsupportedOperationException();
    }

    /** A message, which belongs to the caller; or what is wrong, now and ever after; or null: more bytes are needed. */
    public @Nullable Decoded next() {
        throw new UnsupportedOperationException();
    }

    /** Gives back what it holds. */
    public void discard() {}
}
