package dst.protocol.wire;

import dst.protocol.Machines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** Turns messages into bytes; it asks for memory in pieces of at most a page and never copies a payload (G7). */
public final class Encoder {
    private final ByteBufAllocator pages;
    private final Checksum checksum = new Checksum();

    /** The frame without its payload is laid out here and then copied into pages. */
    private final ByteBuffer frame = ByteBuffer.allocate(Wire.FRAME_BYTES + Wire.HEAD_MAX);

    public Encoder(ByteBufAllocator pages) {
        this.pages = pages;
    }

    /** Takes the message's payload over; what comes back belongs to the caller. */
    public ByteBuf encode(Message message) {
        return switch (message) {
            case Message.Preamble preamble -> preamble(preamble);
            case Message.Framed framed -> framed(framed);
        };
    }

    private ByteBuf preamble(Message.Preamble preamble) {
        frame.clear();
        frame.putLong(Wire.MAGIC);
        frame.putShort((short) preamble.versionMin());
        frame.putShort((short) preamble.versionMax());
        checksum.begin();
        checksum.add(frame.array(), 0, frame.position());
        frame.putInt(checksum.value());
        return paged(Unpooled.EMPTY_BUFFER);
    }

    private ByteBuf framed(Message.Framed message) {
        frame.clear().position(Wire.FRAME_BYTES);
        message.write(frame);
        ByteBuf payload = message.payload();
        // A payload that came with its checksum is not read again.
        int payloadChecksum =
                message instanceof Message.Request request ? request.payloadChecksum() : checksum.over(payload);
        int end = frame.position();
        frame.putInt(FrameHeader.MAGIC, Wire.FRAME_MAGIC);
        frame.put(FrameHeader.TYPE, (byte) Type.of(message).code());
        frame.put(FrameHeader.FLAGS, (byte) 0);
        frame.putShort(FrameHeader.HEAD_LENGTH, (short) (end - Wire.FRAME_BYTES));
        frame.putInt(FrameHeader.PAYLOAD_LENGTH, payload.readableBytes());
        frame.putInt(FrameHeader.PAYLOAD_CHECKSUM, payloadChecksum);
        frame.putInt(FrameHeader.HEAD_CHECKSUM, FrameHeader.headChecksum(checksum, frame.array(), end));
        // Last, for it covers all of the above.
        frame.putInt(FrameHeader.HEADER_CHECKSUM, FrameHeader.checksum(checksum, frame.array()));
        return paged(payload);
    }

    /** What was laid out, in pages, and the payload behind it. */
    private ByteBuf paged(ByteBuf payload) {
        int end = frame.position();
        if (end <= Machines.PAGE_MIN && !payload.isReadable()) {
            payload.release();
            return page(0, end);
        }
        // Without a limit of its own a composite copies everything together at the sixteenth piece.
        CompositeByteBuf pieces = new CompositeByteBuf(pages, false, Integer.MAX_VALUE);
        boolean done = false;
        try {
            for (int at = 0; at < end; at += Machines.PAGE_MIN) {
                pieces.addComponent(true, page(at, Math.min(end, at + Machines.PAGE_MIN)));
            }
            done = true;
        } finally {
            if (!done) {
                // The host has no memory left: it ends this machine, which owns nothing more of this message.
                pieces.release();
                payload.release();
            }
        }
        return pieces.addFlattenedComponents(true, payload);
    }

    private ByteBuf page(int from, int end) {
        return pages.buffer(end - from).writeBytes(frame.array(), from, end - from);
    }
}
