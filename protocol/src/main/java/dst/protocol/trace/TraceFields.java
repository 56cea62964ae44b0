package dst.protocol.trace;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One record of a trace while it is put together, behind room for its head: numbers as zigzag varints, everything else made of numbers. A
 * type is a number as well; where it comes for the first time its name and fields follow, so that a trace says itself what is in it.
 */
final class TraceFields implements Fields {
    private final Map<Shape, Integer> types = new LinkedHashMap<>();
    private final Map<Layer, Integer> layers = new LinkedHashMap<>();
    private byte[] bytes = new byte[1 << 16];
    private int length = TraceWriter.RECORD_HEAD;

    byte[] bytes() {
        return bytes;
    }

    /** Where the record ends, its head included. */
    int end() {
        return length;
    }

    void clear() {
        length = TraceWriter.RECORD_HEAD;
    }

    @Override
    public Shape type(Class<?> type) {
        Shape shape = Shape.of(type);
        Integer known = types.get(shape);
        if (known != null) {
            put(known);
            return shape;
        }
        int next = types.size() + 1;
        types.put(shape, next);
        put(next);
        put(shape.name());
        put(shape.fields());
        return shape;
    }

    /** Which of the node's machines; as types, a number that is introduced where it comes for the first time. */
    void layer(Layer layer) {
        Integer known = layers.get(layer);
        if (known != null) {
            put(known);
            return;
        }
        int next = layers.size() + 1;
        layers.put(layer, next);
        put(next);
        put(layer.kind());
        put(layer.instance());
    }

    @Override
    public void put(long value) {
        room(10);
        long left = value << 1 ^ value >> 63;
        while ((left & ~0x7fL) != 0) {
            bytes[length++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[length++] = (byte) left;
    }

    @Override
    public void put(String text) {
        put(text.length());
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
    }

    @Override
    public void put(byte[] content) {
        put(content.length);
        room(content.length);
        System.arraycopy(content, 0, bytes, length, content.length);
        length += content.length;
    }

    @Override
    public void put(ByteBuf content) {
        int count = content.readableBytes();
        put(count);
        room(count);
        content.getBytes(content.readerIndex(), bytes, length, count);
        length += count;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
