package dst.nbd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The fields of an option, one after the other; who reads has asked before how many bytes are left. */
final class Fields {
    private final ByteBuffer data;

    Fields(byte[] data) {
        this.data = ByteBuffer.wrap(data);
    }

    int left() {
        return data.remaining();
    }

    int number() {
        return data.getInt();
    }

    int small() {
        return data.getShort() & 0xFFFF;
    }

    long large() {
        return data.getLong();
    }

    String text(int length) {
        String text = new String(data.array(), data.position(), length, StandardCharsets.UTF_8);
        data.position(data.position() + length);
        return text;
    }
}
