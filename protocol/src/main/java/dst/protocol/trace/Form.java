package dst.protocol.trace;

import io.netty.buffer.ByteBuf;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How what is no number is put and read; that of a record is made by {@link RecordForm}. A class, for it is called for every value. */
abstract class Form {
    abstract void put(Object value, Fields out);

    abstract Object read(TraceCursor in);

    static Form of(Type type) {
        if (type instanceof ParameterizedType of) {
            Type[] arguments = of.getActualTypeArguments();
            if (of.getRawType() == List.class) {
                return new Listed(of(arguments[0]));
            } else if (of.getRawType() == SortedMap.class) {
                return new Mapped(of(arguments[0]), of(arguments[1]));
            }
        } else if (type == boolean.class) {
            return new Flag();
        } else if (type == String.class) {
            return new Text();
        } else if (type == byte[].class) {
            return new Content();
        } else if (type == ByteBuf.class) {
            return new Buffer();
        } else if (type instanceof Class<?> plain && plain.isEnum()) {
            return new OneOf(List.of(plain.getEnumConstants()));
        } else if (type instanceof Class<?> plain && plain.isRecord()) {
            return Shape.of(plain).form();
        } else if (type instanceof Class<?> plain && plain.isSealed()) {
            return new Typed(plain);
        }
        throw new IllegalArgumentException("nobody knows how to write down a " + type.getTypeName());
    }

    private static final class Flag extends Form {
        @Override
        void put(Object value, Fields out) {
            out.put((boolean) value ? 1 : 0);
        }

        @Override
        Object read(TraceCursor in) {
            return in.number() != 0;
        }
    }

    private static final class Text extends Form {
        @Override
        void put(Object value, Fields out) {
            out.put((String) value);
        }

        @Override
        Object read(TraceCursor in) {
            return in.text();
        }
    }

    private static final class Content extends Form {
        @Override
        void put(Object value, Fields out) {
            out.put((byte[]) value);
        }

        @Override
        Object read(TraceCursor in) {
            return in.content();
        }
    }

    private static final class Buffer extends Form {
        @Override
        void put(Object value, Fields out) {
            out.put((ByteBuf) value);
        }

        @Override
        Object read(TraceCursor in) {
            return in.buffer();
        }
    }

    /** A constant is known by its place: new ones go to the end. */
    private static final class OneOf extends Form {
        private final List<?> constants;

        private OneOf(List<?> constants) {
            this.constants = constants;
        }

        @Override
        void put(Object value, Fields out) {
            out.put(((Enum<?>) value).ordinal());
        }

        @Override
        Object read(TraceCursor in) {
            int place = in.integer();
            if (place < 0 || place >= constants.size()) {
                throw new IllegalArgumentException("number " + place + " of " + constants.size() + " of "
                        + constants.getFirst().getClass().getSimpleName());
            }
            return constants.get(place);
        }
    }

    /** A record of one of several types. */
    private static final class Typed extends Form {
        private final Class<?> one;

        private Typed(Class<?> one) {
            this.one = one;
        }

        @Override
        void put(Object value, Fields out) {
            out.type(value.getClass()).put(value, out);
        }

        @Override
        Object read(TraceCursor in) {
            Shape shape = in.type();
            if (!one.isAssignableFrom(shape.type())) {
                throw new IllegalArgumentException(shape.name() + " where one of " + one.getSimpleName() + " belongs");
            }
            return shape.read(in);
        }
    }

    private static final class Listed extends Form {
        private final Form each;

        private Listed(Form each) {
            this.each = each;
        }

        @Override
        void put(Object value, Fields out) {
            List<?> values = (List<?>) value;
            out.put(values.size());
            for (Object one : values) {
                each.put(one, out);
            }
        }

        @Override
        Object read(TraceCursor in) {
            int count = in.count();
            List<Object> values = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                values.add(each.read(in));
            }
            return List.copyOf(values);
        }
    }

    private static final class Mapped extends Form {
        private final Form keys;
        private final Form values;

        private Mapped(Form keys, Form values) {
            this.keys = keys;
            this.values = values;
        }

        @Override
        void put(Object value, Fields out) {
            SortedMap<?, ?> entries = (SortedMap<?, ?>) value;
            out.put(entries.size());
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                keys.put(entry.getKey(), out);
                values.put(entry.getValue(), out);
            }
        }

        @Override
        Object read(TraceCursor in) {
            int count = in.count();
            SortedMap<Object, Object> entries = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                entries.put(keys.read(in), values.read(in));
            }
            return entries;
        }
    }
}
