package dst.protocol.trace;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** One field of a record: how it is taken out of a value and put, and how it is read. */
interface Part {
    void put(Object value, Fields out);

    Object read(TraceCursor in);

    static Part of(RecordComponent component) {
        Class<?> type = component.getType();
        if (type == long.class) {
            return new Number(getter(component, ToLongFunction.class, "applyAsLong", long.class));
        } else if (type == int.class) {
            return new Integer(getter(component, ToIntFunction.class, "applyAsInt", int.class));
        } else if (type == boolean.class) {
            return new Flag(getter(component, Predicate.class, "test", boolean.class));
        }
        return new Any(getter(component, Function.class, "apply", Object.class), Form.of(component.getGenericType()));
    }

    record Number(ToLongFunction<Object> field) implements Part {
        @Override
        public void put(Object value, Fields out) {
            out.put(field.applyAsLong(value));
        }

        @Override
        public Object read(TraceCursor in) {
            return in.number();
        }
    }

    record Integer(ToIntFunction<Object> field) implements Part {
        @Override
        public void put(Object value, Fields out) {
            out.put(field.applyAsInt(value));
        }

        @Override
        public Object read(TraceCursor in) {
            return in.integer();
        }
    }

    record Flag(Predicate<Object> field) implements Part {
        @Override
        public void put(Object value, Fields out) {
            out.put(field.test(value) ? 1 : 0);
        }

        @Override
        public Object read(TraceCursor in) {
            return in.number() != 0;
        }
    }

    record Any(Function<Object, Object> field, Form form) implements Part {
        @Override
        public void put(Object value, Fields out) {
            form.put(field.apply(value), out);
        }

        @Override
        public Object read(TraceCursor in) {
            return form.read(in);
        }
    }

    /** The field's accessor as a function, which is as quick as a call that stands in the code. */
    @SuppressWarnings("unchecked")
    private static <G> G getter(RecordComponent component, Class<? super G> function, String method, Class<?> answer) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle accessor = lookup.unreflect(component.getAccessor());
            return (G) LambdaMetafactory.metafactory(
                            lookup,
                            method,
                            MethodType.methodType(function),
                            MethodType.methodType(answer, Object.class),
                            accessor,
                            accessor.type())
                    .getTarget()
                    .invoke();
        } catch (Throwable hidden) {
            throw new IllegalArgumentException(
                    component.getDeclaringRecord().getName() + " has to be public, for its fields to be read", hidden);
        }
    }
}
