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
    static final int HEADER_CHECKSUM = 20;

    private FrameHeader() {}

    /** The checksum over the header up to its own place: it vouches for both lengths and both other checksums. */
    static int checksum(Checksum checksum, byte[] frame) {
        checksum.begin();
        checksum.add(frame, 0, HEADER_CHECKSUM);
        return checksum.value();
    }

    /** The checksum over the head that follows the header and ends there. */
    static int headChecksum(Checksum checksum, byte[] frame, int end) {
        checksum.begin();
        checksum.add(frame, Wire.FRAME_BYTES, end - Wire.FRAME_BYTES);
        return checksum.value();
    }
}
