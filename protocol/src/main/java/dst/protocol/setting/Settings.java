package dst.protocol.setting;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** All that can be said of one kind of thing, in the order in which it is written and drawn; and how it is made of that. */
public final class Settings<T> {
    private final List<Setting<T, ?>> all;
    private final Function<long[], T> make;

    private Settings(List<Setting<T, ?>> all, Function<long[], T> make) {
        this.all = List.copyOf(all);
        this.make = make;
    }

    public static <T> Settings<T> none(Supplier<T> make) {
        return new Settings<>(List.of(), _ -> make.get());
    }

    /** Of what has more than a few: each value is asked for by its setting. */
    public static <T> Settings<T> of(List<Setting<T, ?>> all, Function<Values<T>, T> make) {
        return new Settings<>(all, numbers -> make.apply(new Values<>(all, numbers)));
    }

    public static <T, A> One<T, A> with(Setting<T, A> first) {
        return new One<>(first);
    }

    public List<Setting<T, ?>> all() {
        return all;
    }

    /** What is there, as numbers in the settings' order. */
    public long[] numbers(T whole) {
        return all.stream().mapToLong(setting -> setting.number(whole)).toArray();
    }

    public T made(long[] numbers) {
        return make.apply(numbers);
    }

    /** The same with one number smaller or rounder, the simplest of the first setting first. */
    public List<T> simpler(T whole) {
        List<T> simpler = new ArrayList<>();
        long[] numbers = numbers(whole);
        for (int i = 0; i < numbers.length; i++) {
            for (long number : all.get(i).measure().simpler(numbers[i])) {
                long[] other = numbers.clone();
                other[i] = number;
                simpler.add(made(other));
            }
        }
        return simpler;
    }

    /** The same with one setting as it usually is; as it was, where the others do not allow that. */
    public T usual(T whole, int place) {
        long[] numbers = numbers(whole);
        numbers[place] = all.get(place).usualNumbers()[0];
        try {
            return made(numbers);
        } catch (IllegalArgumentException doNotGoTogether) {
            return whole;
        }
    }

    /** A value for each setting. */
    public record Values<T>(List<Setting<T, ?>> all, long[] numbers) {
        public <V> V get(Setting<T, V> setting) {
            int place = 0;
            while (!all.get(place).name().equals(setting.name())) {
                place++;
            }
            return setting.measure().value(numbers[place]);
        }
    }

    /** What has one setting, or begins with it. */
    public record One<T, A>(Setting<T, A> first) {
        public <B> Two<T, A, B> and(Setting<T, B> second) {
            return new Two<>(this, second);
        }

        public Settings<T> made(Function<A, T> make) {
            return new Settings<>(List.of(first), numbers -> make.apply(value(numbers)));
        }

        private A value(long[] numbers) {
            return first.measure().value(numbers[0]);
        }
    }

    /** What has two settings, or begins with them. */
    public record Two<T, A, B>(One<T, A> before, Setting<T, B> second) {
        public <C> Three<T, A, B, C> and(Setting<T, C> third) {
            return new Three<>(this, third);
        }

        public Settings<T> made(BiFunction<A, B, T> make) {
            return new Settings<>(
                    List.of(before.first, second), numbers -> make.apply(before.value(numbers), value(numbers)));
        }

        private B value(long[] numbers) {
            return second.measure().value(numbers[1]);
        }
    }

    /** What has three settings. */
    public record Three<T, A, B, C>(Two<T, A, B> before, Setting<T, C> third) {
        /** Makes something of three values. */
        public interface Make<A, B, C, T> {
            T of(A first, B second, C third);
        }

        public Settings<T> made(Make<A, B, C, T> make) {
            return new Settings<>(
                    List.of(before.before.first, before.second, third),
                    numbers -> make.of(
                            before.before.value(numbers),
                            before.value(numbers),
                            third.measure().value(numbers[2])));
        }
    }
}
