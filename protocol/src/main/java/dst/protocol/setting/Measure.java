package dst.protocol.setting;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What may stand in a setting: how it is written, within which limits, and what of it is simpler. Whatever it is, it is a number
 * as long as a plan is drawn or made smaller.
 */
public sealed interface Measure<V> {
    /** A time, from nothing on. */
    Measure<Long> TIME = new Time();

    /** The number that is written there; empty if that may not stand there. */
    OptionalLong read(Written written);

    /** As it is written, so that it is read as the same number. */
    Written write(long number);

    /** As the code has it. */
    V value(long number);

    long number(V value);

    /** What is smaller or rounder than that, the simplest first; empty if nothing is. */
    List<Long> simpler(long number);

    /** What may stand there, in a few words; mark is what stands before words in that file, if anything does. */
    String words(String mark);

    /** The words that may stand there. */
    default List<String> names() {
        return List.of();
    }

    /** What is said of something else that stands there, shown as whoever wrote it sees it. */
    default String wrong(Written written, String shown, String mark) {
        return "expected " + words(mark) + ", got " + shown;
    }

    /** A size of at least so many bytes. */
    static Measure<Long> size(long low) {
        return new Size(low, Long.MAX_VALUE);
    }

    /** A size of at least so many bytes and no more than an {@code int} can say. */
    static Measure<Integer> smallSize(int low) {
        return new Small(new Size(low, Integer.MAX_VALUE));
    }

    static Measure<Integer> powerOfTwo(int low, int high) {
        return new Small(new PowerOfTwo(low, high));
    }

    /** How many, or which of many. */
    static Measure<Long> number(int low, int high) {
        return new Whole(low, high);
    }

    static Measure<Integer> whole(int low, int high) {
        return new Small(new Whole(low, high));
    }

    /** One of these values, by its name in small letters. */
    static <E extends Enum<E>> Measure<E> oneOf(List<E> values) {
        return new OneOf<>(List.copyOf(values));
    }

    /** The same, or a word that stands for that value. */
    default Measure<V> or(String word, V value) {
        return new Or<>(this, word, number(value));
    }

    /** What the code has as a number too. */
    sealed interface Amount extends Measure<Long> {
        @Override
        default Long value(long number) {
            return number;
        }

        @Override
        default long number(Long value) {
            return value;
        }
    }

    record Time() implements Amount {
        private static final long MILLI = 1_000_000;

        @Override
        public OptionalLong read(Written written) {
            return written instanceof Written.Word ? OptionalLong.empty() : Quantity.nanos(written.text());
        }

        @Override
        public Written write(long nanos) {
            return new Written.Text(Quantity.time(nanos));
        }

        @Override
        public List<Long> simpler(long nanos) {
            return rounder(nanos, 0, 100 * MILLI, 10 * MILLI, MILLI, MILLI / 10);
        }

        @Override
        public String words(String mark) {
            return "a time";
        }

        @Override
        public String wrong(Written written, String shown, String mark) {
            return Quantity.noTime(shown);
        }
    }

    record Size(long low, long high) implements Amount {
        @Override
        public OptionalLong read(Written written) {
            return within(bytes(written), low, high);
        }

        private static OptionalLong bytes(Written written) {
            return switch (written) {
                case Written.Number(long value) -> OptionalLong.of(value);
                case Written.Text(String text) -> Quantity.bytes(text);
                case Written.Word _ -> OptionalLong.empty();
            };
        }

        @Override
        public Written write(long bytes) {
            return Written.of(Quantity.size(bytes));
        }

        @Override
        public List<Long> simpler(long bytes) {
            return rounder(bytes, low, 1 << 20, 1 << 16, 1 << 12, 1 << 10);
        }

        @Override
        public String words(String mark) {
            return "a size" + (low > 0 ? " from " + low + " on" : "");
        }

        @Override
        public String wrong(Written written, String shown, String mark) {
            return bytes(written).isEmpty()
                    ? Quantity.noSize(shown)
                    : "expected a size from " + Quantity.size(low) + " to " + Quantity.size(high) + ", got " + shown;
        }
    }

    record PowerOfTwo(int low, int high) implements Amount {
        @Override
        public OptionalLong read(Written written) {
            OptionalLong bytes = new Size(low, high).read(written);
            return bytes.isPresent() && Long.bitCount(bytes.getAsLong()) == 1 ? bytes : OptionalLong.empty();
        }

        @Override
        public Written write(long bytes) {
            return Written.of(Quantity.size(bytes));
        }

        @Override
        public List<Long> simpler(long bytes) {
            return LongStream.iterate(low, each -> each < bytes, each -> each * 2)
                    .boxed()
                    .toList();
        }

        @Override
        public String words(String mark) {
            return "a power of two from " + low + " to " + Quantity.size(high);
        }
    }

    record Whole(int low, int high) implements Amount {
        @Override
        public OptionalLong read(Written written) {
            return written instanceof Written.Number(long value)
                    ? within(OptionalLong.of(value), low, high)
                    : OptionalLong.empty();
        }

        @Override
        public Written write(long number) {
            return new Written.Number(number);
        }

        /** Nothing or the least, half of it, and the next one. */
        @Override
        public List<Long> simpler(long number) {
            long least = Math.clamp(0L, low, high);
            return LongStream.of(least, number / 2, number - Long.signum(number - least))
                    .filter(each -> each != number && Math.abs(each - least) < Math.abs(number - least))
                    .distinct()
                    .boxed()
                    .toList();
        }

        @Override
        public String words(String mark) {
            return "a whole number from " + low + " to " + high;
        }
    }

    /** As an {@code int}, which it fits in. */
    record Small(Amount amount) implements Measure<Integer> {
        @Override
        public OptionalLong read(Written written) {
            return amount.read(written);
        }

        @Override
        public Written write(long number) {
            return amount.write(number);
        }

        @Override
        public Integer value(long number) {
            return Math.toIntExact(number);
        }

        @Override
        public long number(Integer value) {
            return value;
        }

        @Override
        public List<Long> simpler(long number) {
            return amount.simpler(number);
        }

        @Override
        public String words(String mark) {
            return amount.words(mark);
        }

        @Override
        public String wrong(Written written, String shown, String mark) {
            return amount.wrong(written, shown, mark);
        }
    }

    /** Its number is the place in its enum. */
    record OneOf<E extends Enum<E>>(List<E> values) implements Measure<E> {
        @Override
        public OptionalLong read(Written written) {
            return values.stream()
                    .filter(value -> written instanceof Written.Word(String word) && word.equals(word(value)))
                    .mapToLong(Enum::ordinal)
                    .findFirst();
        }

        @Override
        public Written write(long number) {
            return new Written.Word(word(value(number)));
        }

        @Override
        public E value(long number) {
            return values.stream()
                    .filter(value -> value.ordinal() == number)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public long number(E value) {
            return value.ordinal();
        }

        @Override
        public List<Long> simpler(long number) {
            return List.of();
        }

        @Override
        public List<String> names() {
            return values.stream().map(OneOf::word).sorted().toList();
        }

        @Override
        public String words(String mark) {
            return "one of " + names().stream().map(name -> mark + name).collect(Collectors.joining(" "));
        }

        private static String word(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What has a word is no amount: it is as simple as it gets. */
    record Or<V>(Measure<V> measure, String word, long number) implements Measure<V> {
        @Override
        public OptionalLong read(Written written) {
            return written.equals(new Written.Word(word)) ? OptionalLong.of(number) : measure.read(written);
        }

        @Override
        public Written write(long other) {
            return other == number ? new Written.Word(word) : measure.write(other);
        }

        @Override
        public V value(long other) {
            return measure.value(other);
        }

        @Override
        public long number(V value) {
            return measure.number(value);
        }

        @Override
        public List<Long> simpler(long other) {
            return other == number ? List.of() : measure.simpler(other);
        }

        @Override
        public List<String> names() {
            return Stream.concat(measure.names().stream(), Stream.of(word)).toList();
        }

        @Override
        public String words(String mark) {
            return measure.words(mark) + ", or " + mark + word;
        }

        @Override
        public String wrong(Written written, String shown, String mark) {
            String wrong = measure.wrong(written, shown, mark);
            String got = ", got " + shown;
            return wrong.endsWith(got)
                    ? wrong.substring(0, wrong.length() - got.length()) + ", or " + mark + word + got
                    : wrong + ", or " + mark + word;
        }
    }

    private static OptionalLong within(OptionalLong number, long low, long high) {
        return number.isPresent() && low <= number.getAsLong() && number.getAsLong() <= high
                ? number
                : OptionalLong.empty();
    }

    /** The least, then rounded down and up, the coarsest first. */
    private static List<Long> rounder(long number, long low, long... units) {
        List<Long> rounder = new ArrayList<>();
        if (number > low) {
            rounder.add(low);
        }
        for (long unit : units) {
            if (number > unit && number % unit != 0) {
                rounder.add(number - number % unit);
                rounder.add(number - number % unit + unit);
            }
        }
        return rounder;
    }
}
