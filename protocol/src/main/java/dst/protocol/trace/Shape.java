package dst.protocol.trace;

import dst.protocol.Prng;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which fields the values of a type have. A record says so itself: how its values are written, how they are read and what a digest sees
 * of them comes from its declaration, so that no field can be forgotten in one of the three.
 */
final class Shape {
    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return new Shape(type);
        }
    };

    private static final int RECENT = 4096;

    /** Those that were asked for last: nearly every one is found here, in one step. Threads may see different ones, and each is right. */
    private static final @Nullable Shape[] LATEST = new @Nullable Shape[RECENT];

    private final Class<?> type;
    private final String name;
    private final String fields;
    private final long hash;
    private final Form form;

    private Shape(Class<?> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException("only a record has a shape, and " + type.getName() + " is none");
        }
        this.type = type;
        name = name(type);
        fields = fields(type);
        hash = Prng.hash(0, name);
        form = RecordForm.of(type);
    }

    static Shape of(Class<?> type) {
        // Where a type stands differs from one JVM to the other, and so does how long this takes. What it gives does
        // not.
        int place = type.hashCode() & RECENT - 1;
        Shape shape = LATEST[place];
        if (shape == null || shape.type != type) {
            shape = SHAPES.get(type);
            LATEST[place] = shape;
        }
        return shape;
    }

    /** As its code says it: {@code LinkPort.Send}. */
    static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
    }

    /** The same with all that is in it, for what stands within others is written without a name. */
    private static String fields(Class<?> type) {
        return Stream.of(type.getRecordComponents())
                .map(it -> within(it.getGenericType()) + " " + it.getName())
                .collect(Collectors.joining(", "));
    }

    private static String within(Type type) {
        if (type instanceof ParameterizedType of) {
            return Stream.of(of.getActualTypeArguments())
                    .map(Shape::within)
                    .collect(Collectors.joining(", ", within(of.getRawType()) + "<", ">"));
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return plain.getSimpleName() + "(" + fields(plain) + ")";
        }
        return plain.isEnum()
                ? plain.getSimpleName() + Arrays.toString(plain.getEnumConstants())
                : plain.getSimpleName();
    }

    String name() {
        return name;
    }

    Class<?> type() {
        return type;
    }

    /** Its fields in words, by which an older version of it is known. */
    String fields() {
        return fields;
    }

    long hash() {
        return hash;
    }

    void put(Object value, Fields out) {
        form.put(value, out);
    }

    /** Throws {@link IllegalArgumentException} if there cannot be such a value. */
    Object read(TraceCursor in) {
        return form.read(in);
    }

    /** The same where no other type could stand. */
    Form form() {
        return form;
    }
}
