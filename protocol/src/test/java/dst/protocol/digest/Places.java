package dst.protocol.digest;

import dst.protocol.wire.Checksum;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every place in a machine where something is remembered, found by walking from field to field; each can be changed, and changed
 * back. Nothing here knows a field of any machine.
 */
public final class Places {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    /** What is referred to more than once: it has an identity, and another one in its place is something else. */
    private final Set<Object> shared = Collections.newSetFromMap(new IdentityHashMap<>());

    private final ArrayDeque<Object> due = new ArrayDeque<>();
    private final List<Place> places = new ArrayList<>();
    private boolean again;
    private final Predicate<String> isLeftOut;
    private final Variants variants;

    /** One change: what differs, by class and field, and how it is made and undone. */
    public record Place(String name, Runnable change, Runnable restore) {}

    private Places(Predicate<String> isLeftOut) {
        this.isLeftOut = isLeftOut;
        this.variants = new Variants(isLeftOut, shared);
    }

    /** Those reached from there, but for what is left out by the name of class and field. */
    public static List<Place> of(Object machine, Predicate<String> isLeftOut) {
        Places places = new Places(isLeftOut);
        // Twice: what stands in for something else has to be known first.
        places.walk(machine);
        places.places.clear();
        places.again = true;
        List<Object> all = new ArrayList<>(places.seen);
        all.forEach(places::visitAgain);
        return places.places;
    }

    private void walk(Object machine) {
        visit(machine);
        for (Object next = due.poll(); next != null; next = due.poll()) {
            take(next);
        }
    }

    private void visit(@Nullable Object object) {
        boolean isValue = object == null
                || LeftOut.isOver(object)
                || object instanceof Enum<?>
                || object instanceof Number
                || object instanceof Boolean
                || object instanceof String;
        if (!isValue && !seen.add(object)) {
            if (!again) {
                shared.add(object);
            }
        } else if (!isValue) {
            due.add(object);
        }
    }

    private void visitAgain(Object object) {
        take(object);
        due.clear();
    }

    private void take(Object object) {
        switch (object) {
            case ByteBuf bytes -> bytes(bytes);
            case ByteBuffer ignored -> {}
            case Checksum ignored -> {}
            case LongObjectHashMap<?> map -> longs(map);
            case Map<?, ?> map -> map(map);
            case Collection<?> all -> all.forEach(this::visit);
            case Record record -> record(record);
            case long[] numbers -> numbers(numbers);
            case Object[] all -> {
                for (Object one : all) {
                    visit(one);
                }
            }
            default -> fields(object);
        }
    }

    private void record(Record record) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            if (!isLeftOut.test(record.getClass().getSimpleName() + "." + component.getName())) {
                visit(Variants.component(component, record));
            }
        }
    }

    /** Whether it is of a class of the machines' own. */
    static boolean isOurs(Object object) {
        String type = object.getClass().getName();
        return type.startsWith("dst.protocol.") || type.startsWith("dst.nbd.");
    }

    private void fields(Object object) {
        if (!isOurs(object) || object.getClass().isHidden()) {
            return;
        }
        for (Class<?> type = object.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                String name = type.getSimpleName() + "." + field.getName();
                if (!Modifier.isStatic(field.getModifiers()) && !isLeftOut.test(name)) {
                    field(object, field, name);
                }
            }
        }
    }

    private void field(Object object, Field field, String name) {
        field.setAccessible(true);
        Object value = get(field, object);
        visit(value);
        if (value instanceof Collection<?> all && !(value instanceof List<?>)) {
            collection(name, all);
            return;
        }
        // A list that runs through its own elements would run in a circle if one of them pointed elsewhere.
        boolean ofItself = field.getType() == field.getDeclaringClass();
        for (Variants.Variant variant :
                ofItself ? List.<Variants.Variant>of() : variants.of(name, field.getType(), value)) {
            places.add(new Place(
                    variant.name(), () -> set(field, object, variant.value()), () -> set(field, object, value)));
        }
        if (value != null && isNullable(field) && !LeftOut.isOver(value)) {
            places.add(new Place(name + " (nothing)", () -> set(field, object, null), () -> set(field, object, value)));
        }
    }

    private static boolean isNullable(Field field) {
        return field.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** Without its first element, without its last, and with another in place of the first. */
    private <T> void collection(String name, Collection<T> all) {
        List<T> as = new ArrayList<>(all);
        Runnable restore = () -> refill(all, as);
        for (Variants.Variant variant : variants.of(name, List.class, as)) {
            @SuppressWarnings("unchecked")
            List<T> other = (List<T>) variant.value();
            // In a set the order is its own.
            boolean keepsOrder = !variant.name().contains("order") || all instanceof ArrayDeque<?>;
            if (other != null && keepsOrder) {
                places.add(new Place(variant.name(), () -> refill(all, other), restore));
            }
        }
    }

    private static <T> void refill(Collection<T> all, List<T> with) {
        all.clear();
        all.addAll(with);
    }

    private <K, V> void map(Map<K, V> map) {
        map.forEach((key, value) -> {
            visit(key);
            visit(value);
        });
        if (Variants.isForEver(map)) {
            return;
        }
        Map<K, V> as = new LinkedHashMap<>(map);
        for (K key : as.keySet()) {
            V value = map.get(key);
            if (value == null) {
                continue;
            }
            String name = "entry of " + value.getClass().getSimpleName();
            places.add(new Place(name, () -> map.remove(key), () -> refill(map, as)));
            for (Variants.Variant variant : variants.of(name, value.getClass(), value)) {
                @SuppressWarnings("unchecked")
                V other = (V) variant.value();
                if (other != null) {
                    places.add(new Place(variant.name(), () -> map.put(key, other), () -> map.put(key, value)));
                }
            }
        }
    }

    /** In the old order, where the order is that of coming. */
    private static <K, V> void refill(Map<K, V> map, Map<K, V> with) {
        map.clear();
        map.putAll(with);
    }

    private <V> void longs(LongObjectHashMap<V> map) {
        for (long key : List.copyOf(map.keySet())) {
            V value = map.get(key);
            visit(value);
            if (value != null) {
                places.add(new Place(
                        "entry of " + value.getClass().getSimpleName(),
                        () -> map.remove(key),
                        () -> map.put(key, value)));
            }
        }
    }

    private void numbers(long[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            int index = i;
            places.add(new Place("long[]", () -> numbers[index]++, () -> numbers[index]--));
        }
    }

    /** A byte of the content, the first and the last. */
    private void bytes(ByteBuf bytes) {
        for (int at : new int[] {bytes.readerIndex(), bytes.writerIndex() - 1}) {
            if (bytes.refCnt() > 0 && bytes.isReadable()) {
                Runnable flip = () -> bytes.setByte(at, bytes.getByte(at) ^ 1);
                places.add(new Place("bytes of " + bytes.readableBytes(), flip, flip));
            }
        }
    }

    private static @Nullable Object get(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException wrong) {
            throw new AssertionError(wrong);
        }
    }

    private static void set(Field field, Object object, @Nullable Object value) {
        try {
            field.set(object, value);
        } catch (IllegalAccessException wrong) {
            throw new AssertionError(wrong);
        }
    }
}
