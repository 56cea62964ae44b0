package dst.realnode.proxy;

import dst.protocol.wire.Glance;
import dst.protocol.wire.Wire;
import io.netty.buffer.ByteBuf;

/** Where messages of the protocol begin in one direction of a connection; what is no such stream has none. */
final class Frames {
    private final byte[] header = new byte[Wire.FRAME_BYTES];
    private int headerBytes;

    /** Until the next message begins. */
    private long skip = Wire.PREAMBLE_BYTES;

    private boolean foreign;

    /** How many of the next bytes belong to what began before; -1 if a message begins right here. */
    int before(ByteBuf bytes) {
        if (foreign) {
            return bytes.readableBytes();
        }
        if (skip == 0 && headerBytes == 0) {
            return -1;
        }
        return (int) Math.min(bytes.readableBytes(), skip > 0 ? skip : Wire.FRAME_BYTES - headerBytes);
    }

    /** So many of these bytes pass. */
    void pass(ByteBuf bytes, int length) {
        int at = bytes.readerIndex();
        int end = at + length;
        while (at < end && !foreign) {
            if (skip > 0) {
                int part = (int) Math.min(skip, end - at);
                skip -= part;
                at += part;
            } else {
                int part = Math.min(Wire.FRAME_BYTES - headerBytes, end - at);
                bytes.getBytes(at, header, headerBytes, part);
                headerBytes += part;
                at += part;
                if (headerBytes == Wire.FRAME_BYTES) {
                    headerBytes = 0;
                    skip = Glance.bodyBytes(header);
                    foreign = skip < 0;
                }
            }
        }
    }
}
