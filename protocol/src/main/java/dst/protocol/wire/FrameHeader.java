package dst.protocol.wire;

/** The places in the first bytes of each frame. */
final class FrameHeader {
    static final int MAGIC = 0;
    static final int TYPE = 4;
    static final int FLAGS = 5;
    static final int HEAD_LENGTH = 6;
    static final int PAYLOAD_LENGTH = 8;
    static final int PAYLOAD_CHECKSUM = 12;
    static final int HEAD_CHECKSUM = 16;

    private FrameHeader() {}

    /** The checksum over the header, as far as the place where it stands, and the head that follows. */
    static int checksum(Checksum checksum, byte[] frame, int end) {
        checksum.begin();
        checksum.add(frame, 0, HEAD_CHECKSUM);
        checksum.add(frame, Wire.FRAME_BYTES, end - Wire.FRAME_BYTES);
        return checksum.value();
    }
}
