package dst.protocol.trace;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one record after the other. What cannot be is an {@link IllegalArgumentException}, whose words say what. */
final class TraceCursor {
    private final Vocabulary vocabulary;
    private final List<Shape> types = new ArrayList<>();
    private final List<Layer> layers = new ArrayList<>();
    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    TraceCursor(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Goes to a record, which is all that there is of these bytes. */
    void open(byte[] record, int length) {
        bytes = record;
        at = 0;
        end = length;
    }

    /** Nothing may be left. */
    void close() {
        if (at != end) {
            throw new IllegalArgumentException("a record is longer than what it holds");
        }
    }

    /** As {@link TraceFields#type} wrote it. */
    Shape type() {
        return type(integer());
    }

    /** The same at the beginning of a record; null in that of the end. */
    @Nullable Shape typeOrEnd() {
        int number = integer();
        return number == TraceWriter.END ? null : type(number);
    }

    private Shape type(int number) {
        if (number < 1 || number > types.size() + 1) {
            throw new IllegalArgumentException("the type " + number + " of " + types.size());
        }
        if (number == types.size() + 1) {
            types.add(introduced(text(), text()));
        }
        return types.get(number - 1);
    }

    /** As {@link TraceFields#layer} wrote it. */
    Layer layer(String node) {
        int number = integer();
        if (number < 1 || number > layers.size() + 1) {
            throw new IllegalArgumentException("the machine " + number + " of " + layers.size());
        }
        if (number == layers.size() + 1) {
            layers.add(new Layer(node, text(), number()));
        }
        return layers.get(number - 1);
    }

    private Shape introduced(String name, String fields) {
        Shape shape = vocabulary.named(name);
        if (shape == null) {
            throw new IllegalArgumentException("values of the type " + name + ", which are not known here");
        }
        if (!shape.fields().equals(fields)) {
            throw new IllegalArgumentException(name + " had the fields (" + fields
                    + ") when this was written, and has (" + shape.fields() + ") now");
        }
        return shape;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64 && at < end; shift += 7) {
            byte next = bytes[at++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        throw new IllegalArgumentException("a number that does not end");
    }

    int integer() {
        long value = number();
        if (value != (int) value) {
            throw new IllegalArgumentException("the number " + value + " where a smaller one belongs");
        }
        return (int) value;
    }

    String text() {
        int length = count();
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) number());
        }
        return text.toString();
    }

    byte[] content() {
        int length = count();
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    ByteBuf buffer() {
        int length = count();
        at += length;
        return Unpooled.wrappedBuffer(bytes, at - length, length);
    }

    /** R1: no more of anything than there are bytes left, since each takes at least one. */
    int count() {
        int count = integer();
        if (count < 0 || count > end - at) {
            throw new IllegalArgumentException(count + " elements where " + (end - at) + " bytes are left");
        }
        return count;
    }
}
