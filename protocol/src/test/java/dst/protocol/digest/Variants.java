package dst.protocol.digest;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Other values in place of one: what a field could hold as well. */
final class Variants {
    /** Which records have a component that is changed somewhere else or does not matter. */
    private final Predicate<String> isLeftOut;

    /** The objects of a machine that have an identity: where one is meant, another one of its type could be. */
    private final Set<Object> known;

    Variants(Predicate<String> isLeftOut, Set<Object> known) {
        this.isLeftOut = isLeftOut;
        this.known = known;
    }

    /** A value, and the name of what differs in it. */
    record Variant(String name, @Nullable Object value) {}

    List<Variant> of(String name, Class<?> type, @Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case Integer number -> List.of(new Variant(name, number + 1));
            case Long number -> List.of(new Variant(name, number + 1));
            case Short number -> List.of(new Variant(name, (short) (number + 1)));
            case Byte number -> List.of(new Variant(name, (byte) (number + 1)));
            case Boolean flag -> List.of(new Variant(name, !flag));
            case String text -> List.of(new Variant(name, text + "x"));
            case Enum<?> constant -> List.of(new Variant(name, next(constant)));
            case Optional<?> optional ->
                optional.isPresent() ? List.of(new Variant(name, Optional.empty())) : List.of();
            case List<?> list -> lists(name, list);
            case Map<?, ?> map when isForEver(map) -> maps(name, map);
            case Record record -> records(name, record);
            default -> others(name, type, value);
        };
    }

    /** Whether the map itself cannot be changed, so that only another one can stand in its place. */
    static boolean isForEver(Map<?, ?> map) {
        return map.getClass().getName().contains("Unmodifiable")
                || map.getClass().getName().contains("Immutable");
    }

    /** The map without its entries, one after the other, and with other values. */
    private List<Variant> maps(String name, Map<?, ?> map) {
        List<Variant> variants = new ArrayList<>();
        for (Object key : map.keySet()) {
            Map<Object, Object> shorter = new TreeMap<>(map);
            Object value = shorter.remove(key);
            variants.add(new Variant(name, shorter));
            for (Variant other : of(name, Object.class, value)) {
                Map<Object, Object> changed = new TreeMap<>(map);
                changed.put(key, other.value());
                variants.add(new Variant(name, changed));
            }
        }
        return variants;
    }

    private static Object next(Enum<?> constant) {
        Object[] all = constant.getDeclaringClass().getEnumConstants();
        return all[(constant.ordinal() + 1) % all.length];
    }

    /** The list without one of its elements, and in another order. */
    private List<Variant> lists(String name, List<?> list) {
        if (list.isEmpty()) {
            return List.of();
        }
        List<Variant> variants = new ArrayList<>();
        for (int index : new int[] {0, list.size() - 1}) {
            List<Object> shorter = new ArrayList<>(list);
            shorter.remove(index);
            variants.add(new Variant(name, shorter));
            if (list.get(index) instanceof Record record) {
                for (Variant variant : records(name, record)) {
                    List<Object> changed = new ArrayList<>(list);
                    changed.set(index, variant.value());
                    variants.add(new Variant(variant.name(), changed));
                }
            }
        }
        if (list.size() > 1 && list.getFirst() != list.get(1)) {
            List<Object> other = new ArrayList<>(list);
            Collections.swap(other, 0, 1);
            variants.add(new Variant(name + " (order)", other));
        }
        return variants;
    }

    /** The record with one component after the other changed. */
    private List<Variant> records(String name, Record record) {
        List<Variant> variants = new ArrayList<>();
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = component(components[i], record);
        }
        for (int i = 0; i < components.length; i++) {
            String inner = record.getClass().getSimpleName() + "." + components[i].getName();
            if (isLeftOut.test(inner)) {
                continue;
            }
            for (Variant variant : of(inner, components[i].getType(), values[i])) {
                Object[] changed = values.clone();
                changed[i] = variant.value();
                Object made = make(record.getClass(), components, changed);
                if (made != null) {
                    variants.add(new Variant(name + ">" + variant.name(), made));
                }
            }
        }
        return variants;
    }

    /** Another object of the same type that the machine has; and nothing, where nothing may be. */
    private List<Variant> others(String name, Class<?> type, Object value) {
        if (!Places.isOurs(value) || !known.contains(value)) {
            return List.of();
        }
        for (Object other : known) {
            if (other != value && type.isInstance(other) && other.getClass() == value.getClass()) {
                return List.of(new Variant(name, other));
            }
        }
        return List.of();
    }

    static @Nullable Object component(RecordComponent component, Record record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException wrong) {
            throw new AssertionError(wrong);
        }
    }

    /** Null if there is no such record: what its constructor forbids no machine can hold. */
    private static @Nullable Object make(Class<?> type, RecordComponent[] components, @Nullable Object[] values) {
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException forbidden) {
            return null;
        } catch (ReflectiveOperationException wrong) {
            throw new AssertionError(wrong);
        }
    }
}
