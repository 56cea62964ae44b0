package dst.protocol.trace;

import io.netty.buffer.ByteBuf;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How what is no number is put and read; that of a record is made by {@link RecordForm}. */
interface Form {
    void put(Object value, Fields out);

    Object read(TraceCursor in);

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

    record Flag() implements Form {
        @Override
        public void put(Object value, Fields out) {
            out.put((boolean) value ? 1 : 0);
        }

        @Override
        public Object read(TraceCursor in) {
            return in.number() != 0;
        }
    }

    record Text() implements Form {
        @Override
        public void put(Object value, Fields out) {
            out.put((String) value);
        }

        @Override
        public Object read(TraceCursor in) {
            return in.text();
        }
    }

    record Content() implements Form {
        @Override
        public void put(Object value, Fields out) {
            out.put((byte[]) value);
        }

        @Override
        public Object read(TraceCursor in) {
            return in.content();
        }
    }

    record Buffer() implements Form {
        @Override
        public void put(Object value, Fields out) {
            out.put((ByteBuf) value);
        }

        @Override
        public Object read(TraceCursor in) {
            return in.buffer();
        }
    }

    /** A constant is known by its place: new ones go to the end. */
    record OneOf(List<?> constants) implements Form {
        @Override
        public void put(Object value, Fields out) {
            out.put(((Enum<?>) value).ordinal());
        }

        @Override
        public Object read(TraceCursor in) {
            int place = in.integer();
            if (place < 0 || place >= constants.size()) {
                throw new IllegalArgumentException("number " + place + " of " + constants.size() + " of "
                        + constants.getFirst().getClass().getSimpleName());
            }
            return constants.get(place);
        }
    }

    /** A record of one of several types. */
    record Typed(Class<?> one) implements Form {
        @Override
        public void put(Object value, Fields out) {
            out.type(value.getClass()).put(value, out);
        }

        @Override
        public Object read(TraceCursor in) {
            Shape shape = in.type();
            if (!one.isAssignableFrom(shape.type())) {
                throw new IllegalArgumentException(shape.name() + " where one of " + one.getSimpleName() + " belongs");
            }
            return shape.read(in);
        }
    }

    record Listed(Form each) implements Form {
        @Override
        public void put(Object value, Fields out) {
            List<?> values = (List<?>) value;
            out.put(values.size());
            for (Object one : values) {
                each.put(one, out);
            }
        }

        @Override
        public Object read(TraceCursor in) {
            int count = in.count();
            List<Object> values = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                values.add(each.read(in));
            }
            return List.copyOf(values);
        }
    }

    record Mapped(Form keys, Form values) implements Form {
        @Override
        public void put(Object value, Fields out) {
            SortedMap<?, ?> entries = (SortedMap<?, ?>) value;
            out.put(entries.size());
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                keys.put(entry.getKey(), out);
                values.put(entry.getValue(), out);
            }
        }

        @Override
        public Object read(TraceCursor in) {
            int count = in.count();
            SortedMap<Object, Object> entries = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                entries.put(keys.read(in), values.read(in));
            }
            return entries;
        }
    }
}
