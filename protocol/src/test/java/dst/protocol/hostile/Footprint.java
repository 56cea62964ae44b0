package dst.protocol.hostile;

import io.netty.buffer.ByteBuf;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * How many bytes of objects hang on a machine, contents of buffers left out: an estimate, 16 bytes for each object and 8 for each
 * field or entry, good enough to see what grows.
 */
final class Footprint {
    private static final Map<Class<?>, Field[]> FIELDS = new IdentityHashMap<>();

    private final Map<Object, Object> seen = new IdentityHashMap<>();
    private final ArrayDeque<Object> due = new ArrayDeque<>();
    private long bytes;

    private Footprint() {}

    static long of(Object machine) {
        Footprint footprint = new Footprint();
        footprint.visit(machine);
        for (Object next = footprint.due.poll(); next != null; next = footprint.due.poll()) {
            footprint.take(next);
        }
        return footprint.bytes;
    }

    private void visit(Object object) {
        if (object != null && !(object instanceof Enum<?>) && seen.put(object, object) == null) {
            due.add(object);
        }
    }

    private void take(Object object) {
        bytes += 16;
        switch (object) {
            case String text -> bytes += text.length();
            case Collection<?> all -> {
                bytes += 8L * all.size();
                all.forEach(this::visit);
            }
            case Map<?, ?> map -> {
                bytes += 16L * map.size();
                map.forEach((key, value) -> {
                    visit(key);
                    visit(value);
                });
            }
            case ByteBuf buffer -> {}
            default -> takeParts(object);
        }
    }

    private void takeParts(Object object) {
        Class<?> type = object.getClass();
        if (type.isArray()) {
            int length = Array.getLength(object);
            bytes += (long) length * (type == byte[].class ? 1 : 8);
            if (object instanceof Object[] all) {
                for (Object one : all) {
                    visit(one);
                }
            }
        } else if (type.getName().startsWith("dst.") || type.getName().startsWith("io.netty.util")) {
            for (Field field : fields(type)) {
                bytes += 8;
                if (!field.getType().isPrimitive()) {
                    visit(get(field, object));
                }
            }
        } else if (object instanceof java.nio.ByteBuffer buffer) {
            bytes += buffer.capacity();
        }
    }

    private static Object get(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException wrong) {
            throw new AssertionError(wrong);
        }
    }

    private static Field[] fields(Class<?> type) {
        return FIELDS.computeIfAbsent(type, Footprint::readFields);
    }

    private static Field[] readFields(Class<?> type) {
        java.util.List<Field> all = new java.util.ArrayList<>();
        for (Class<?> one = type; one != Object.class; one = one.getSuperclass()) {
            for (Field field : one.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    all.add(field);
                }
            }
        }
        return all.toArray(Field[]::new);
    }
}
