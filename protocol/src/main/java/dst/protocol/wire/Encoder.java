package dst.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Turns messages into bytes; it asks for memory in pieces of at most a page and never copies a payload (G7). */
public final class Encoder {
    public Encoder(ByteBufAllocator pages) {}

    /** Takes the message's payload over; what comes back belongs to the caller. */
    public ByteBuf encode(Message message) {
        throw new UnsupportedOperationException();
    }
}
