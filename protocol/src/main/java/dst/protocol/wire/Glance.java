package dst.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** What a whole message is, from its first bytes and without decoding it; for those who only count. */
public final class Glance {
    private static final int FLAGS = Wire.FRAME_BYTES + 10;

    private Glance() {}

    /** The flags of a Request (see {@link Message.Request}), or -1 if the bytes do not begin with one. */
    public static int requestFlags(ByteBuf bytes) {
        int start = bytes.readerIndex();
        return bytes.readableBytes() >= Wire.FRAME_BYTES + HeadWriter.REQUEST_BYTES
                        && bytes.getInt(start) == Wire.FRAME_MAGIC
                        && bytes.getByte(start + FrameHeader.TYPE) == Type.REQUEST.code()
                ? bytes.getShort(start + FLAGS) & 0xFFFF
                : -1;
    }

    /** How many bytes follow this header of a frame; negative if it is none. Nothing is checked that a decoder checks. */
    public static long bodyBytes(byte[] header) {
        ByteBuffer frame = ByteBuffer.wrap(header);
        return frame.getInt(FrameHeader.MAGIC) != Wire.FRAME_MAGIC
                ? -1
                : (frame.getShort(FrameHeader.HEAD_LENGTH) & 0xFFFF)
                        + (frame.getInt(FrameHeader.PAYLOAD_LENGTH) & 0xFFFF_FFFFL);
    }
}
