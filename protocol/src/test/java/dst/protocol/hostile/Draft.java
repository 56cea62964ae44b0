package dst.protocol.hostile;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Frames on their way to a victim, one behind the other: their checksums fit whatever is in them, unless one is made not to. It
 * knows the layout from docs/PROTOCOL.md and shares no code with the machines' wire.
 */
final class Draft {
    static final int FRAME_BYTES = 24;

    private static final int FRAME_MAGIC = 0x44535446;
    private static final int HEAD_LENGTH = 6;
    private static final int PAYLOAD_LENGTH = 8;
    private static final int PAYLOAD_CHECKSUM = 12;
    private static final int HEAD_CHECKSUM = 16;
    private static final int HEADER_CHECKSUM = 20;

    private final CRC32C sum = new CRC32C();
    private final byte[] array = new byte[1 << 18];
    final ByteBuffer bytes = ByteBuffer.wrap(array);
    private int frame;
    private boolean whole;

    void clear() {
        bytes.clear();
        frame = 0;
        whole = true;
    }

    byte[] array() {
        return array;
    }

    int length() {
        return bytes.position();
    }

    /** Whether every frame in it has all the bytes that it speaks of, and no other frame's. */
    boolean isWhole() {
        return whole;
    }

    int type() {
        return array[frame + 4];
    }

    /** Where the frame that was drafted last begins. */
    int lastFrame() {
        return frame;
    }

    void preamble(long magic, int lowest, int highest) {
        int from = length();
        bytes.putLong(magic).putShort((short) lowest).putShort((short) highest);
        bytes.putInt(sum(from, 12));
    }

    void begin(int type) {
        frame = length();
        bytes.putInt(FRAME_MAGIC).put((byte) type).put((byte) 0).putShort((short) 0);
        bytes.putLong(0).putLong(0);
    }

    /** What was put since {@link #begin} is the head up to there, and the payload behind it. */
    void end(int headEnd) {
        int head = headEnd - frame - FRAME_BYTES;
        int payload = length() - headEnd;
        bytes.putShort(frame + HEAD_LENGTH, (short) head);
        bytes.putInt(frame + PAYLOAD_LENGTH, payload);
        bytes.putInt(frame + PAYLOAD_CHECKSUM, payload == 0 ? 0 : sum(headEnd, payload));
        seal();
    }

    void end() {
        end(length());
    }

    /** Makes the last frame's head and header fit their checksums, as far as it is here. */
    void seal() {
        int head = bytes.getShort(frame + HEAD_LENGTH) & 0xFFFF;
        int there = Math.max(0, Math.min(head, length() - frame - FRAME_BYTES));
        bytes.putInt(frame + HEAD_CHECKSUM, sum(frame + FRAME_BYTES, there));
        bytes.putInt(frame + HEADER_CHECKSUM, sum(frame, HEADER_CHECKSUM));
    }

    /** One thing about the last frame that is not as it should be; what the header says is vouched for all the same. */
    void spoilFrame(Odds odds) {
        switch (odds.below(10)) {
            case 0 -> bytes.put(frame + 4, (byte) odds.next());
            case 1 -> bytes.put(frame + 5, (byte) (1 << odds.below(8)));
            case 2 -> bytes.putShort(frame + HEAD_LENGTH, (short) (bytes.getShort(frame + HEAD_LENGTH) + oneOff(odds)));
            case 3 -> bytes.putShort(frame + HEAD_LENGTH, (short) (odds.chance(1, 2) ? 8193 : 0xFFFF));
            case 4 -> bytes.putInt(frame + PAYLOAD_LENGTH, bytes.getInt(frame + PAYLOAD_LENGTH) + oneOff(odds));
            case 5 -> bytes.putInt(frame + PAYLOAD_LENGTH, odds.chance(1, 2) ? Integer.MAX_VALUE : -1);
            case 6 -> bytes.putInt(frame + PAYLOAD_LENGTH, (int) odds.next() >>> odds.below(32));
            case 7 -> bytes.putInt(frame + PAYLOAD_CHECKSUM, (int) odds.next());
            case 8 -> bytes.putShort(frame + HEAD_LENGTH, (short) odds.below(8193));
            default -> bytes.putInt(frame, (int) odds.next());
        }
        seal();
        whole = false;
    }

    private static int oneOff(Odds odds) {
        return odds.chance(1, 2) ? 1 : -1;
    }

    /** Damage by the byte, as a bad line or a bad program does it; sometimes vouched for. */
    void damage(Odds odds) {
        int length = length();
        if (length == 0) {
            return;
        }
        for (int i = 1 + odds.below(3); i > 0; i--) {
            array[odds.below(length)] ^= (byte) (1 << odds.below(8));
        }
        int at = odds.below(length);
        switch (odds.below(6)) {
            case 0 -> bytes.position(at);
            case 1 -> bytes.put(array, at, Math.min(length - at, 64));
            case 2 -> bytes.putLong(odds.next());
            case 3 -> bytes.putLong(Math.min(at, length - 8 < 0 ? 0 : length - 8), odds.next());
            default -> {}
        }
        if (odds.chance(1, 2) && length() >= frame + FRAME_BYTES) {
            seal();
        }
        whole = false;
    }

    private int sum(int from, int length) {
        sum.reset();
        sum.update(array, from, length);
        return (int) sum.getValue();
    }
}
