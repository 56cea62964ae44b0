package dst.protocol.trace;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** One field of a record: how it is taken out of a value and put, and how it is read. */
sealed interface Part {
    void put(Object value, Fields out);

    Object read(TraceCursor in);

    static Part of(RecordComponent component) {
        Class<?> type = component.getType();
        if (type == long.class || type == int.class) {
            return new Number(getter(component, ToLongFunction.class, "applyAsLong", long.class), type == int.class);
        }
        return new Formed(
                getter(component, Function.class, "apply", Object.class), Form.of(component.getGenericType()));
    }

    record Number(ToLongFunction<Object> field, boolean small) implements Part {
        @Override
        public void put(Object value, Fields out) {
            out.put(field.applyAsLong(value));
        }

        @Override
        public Object read(TraceCursor in) {
            if (small) {
                return in.integer();
            }
            return in.number();
        }
    }

    record Formed(Function<Object, Object> field, Form form) implements Part {
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
            Class<?> given =
                    answer == long.class ? long.class : accessor.type().wrap().returnType();
            return (G) LambdaMetafactory.metafactory(
                            lookup,
                            method,
                            MethodType.methodType(function),
                            MethodType.methodType(answer, Object.class),
                            accessor,
                            MethodType.methodType(given, component.getDeclaringRecord()))
                    .getTarget()
                    .invoke();
        } catch (Throwable hidden) {
            throw new IllegalArgumentException(
                    component.getDeclaringRecord().getName() + " has to be public, for its fields to be read", hidden);
        }
    }
}
