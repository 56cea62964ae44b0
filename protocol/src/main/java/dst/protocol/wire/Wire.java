package dst.protocol.wire;

/** The numbers of the wire that never change their meaning; the layout is told in docs/PROTOCOL.md. */
public final class Wire {
    /** The first eight bytes of each direction of a link: {@code DSTBLOCK}. */
    public static final long MAGIC = 0x445354424C4F434BL;

    public static final int VERSION_MIN = 1;
    public static final int VERSION_MAX = 1;

    /** Magic, lowest version, highest version, CRC32C of the twelve bytes before. */
    public static final int PREAMBLE_BYTES = 16;

    /** The first four bytes of each frame: {@code DSTF}. */
    public static final int FRAME_MAGIC = 0x44535446;

    /** Magic, type, flags, head length, payload length, payload checksum, head checksum, CRC32C of the twenty bytes before. */
    public static final int FRAME_BYTES = 24;

    /** No head is longer (R1). */
    public static final int HEAD_MAX = 8192;

    private Wire() {}
}
