package dst.protocol.setting;

import java.util.function.ToLongFunction;

/**
 * A time that the world itself draws again and again, from its least to its most: how long each piece is on its way, or each
 * operation takes.
 *
 * @param name as it is written, for example {@code latency}
 * @param with the same thing with other bounds
 * @param ordinaryNanos what it always is where it does not matter
 * @param what the same as its name, in words
 */
public record Spread<T>(
        String name, ToLongFunction<T> least, ToLongFunction<T> most, With<T> with, long ordinaryNanos, String what) {
    /** Changes both bounds. */
    public interface With<T> {
        T bounds(T whole, long least, long most);
    }

    public T between(T whole, long lowest, long highest) {
        return with.bounds(whole, lowest, highest);
    }

    /** The same where it does not matter. */
    public T ordinary(T whole) {
        return between(whole, ordinaryNanos, ordinaryNanos);
    }

    public long leastOf(T whole) {
        return least.applyAsLong(whole);
    }

    public long mostOf(T whole) {
        return most.applyAsLong(whole);
    }
}
