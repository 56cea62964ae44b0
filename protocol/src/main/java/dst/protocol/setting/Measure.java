package dst.protocol.setting;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What may stand in a setting: how it is written, within which limits, and what of it is simpler. Whatever it is, it is a number
 * as long as a plan is drawn or made smaller.
 */
public sealed interface Measure<V>
        permits Amount, Measure.Small, Measure.Truth, Measure.OneOf, Measure.Name, Measure.Or {
    /** A time, from nothing on. */
    Measure<Long> TIME = new Amount.Time();

    Measure<Boolean> TRUTH = new Truth();

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
        return new Amount.Size(low, Long.MAX_VALUE);
    }

    /** A size of at least so many bytes and no more than an {@code int} can say. */
    static Measure<Integer> smallSize(int low) {
        return new Small(new Amount.Size(low, Integer.MAX_VALUE));
    }

    static Measure<Integer> powerOfTwo(int low, int high) {
        return new Small(new Amount.PowerOfTwo(low, high));
    }

    /** How many, or which of many. */
    static Measure<Long> number(int low, int high) {
        return new Amount.Whole(low, high);
    }

    static Measure<Integer> whole(int low, int high) {
        return new Small(new Amount.Whole(low, high));
    }

    /** One of these values, by its name in small letters. */
    static <E extends Enum<E>> Measure<E> oneOf(List<E> values) {
        return new OneOf<>(List.copyOf(values));
    }

    /** One of these names, in quotes or as a word. */
    static Measure<String> name(List<String> names) {
        return new Name(List.copyOf(names));
    }

    /** The same, or a word that stands for that value. */
    default Measure<V> or(String word, V value) {
        return new Or<>(this, word, number(value));
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

    /** Its number is 1 if it is so. */
    record Truth() implements Measure<Boolean> {
        @Override
        public OptionalLong read(Written written) {
            return written instanceof Written.Truth(boolean value)
                    ? OptionalLong.of(number(value))
                    : OptionalLong.empty();
        }

        @Override
        public Written write(long number) {
            return new Written.Truth(value(number));
        }

        @Override
        public Boolean value(long number) {
            return number != 0;
        }

        @Override
        public long number(Boolean value) {
            return value ? 1 : 0;
        }

        @Override
        public List<Long> simpler(long number) {
            return number == 0 ? List.of() : List.of(0L);
        }

        @Override
        public String words(String mark) {
            return "true or false";
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
            for (E value : values) {
                if (value.ordinal() == number) {
                    return value;
                }
            }
            throw new IllegalArgumentException(number + " is none of " + values);
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

    /** Its number is the place in the list. */
    record Name(List<String> names) implements Measure<String> {
        @Override
        public OptionalLong read(Written written) {
            int place = written instanceof Written.Number ? -1 : names.indexOf(written.text());
            return place < 0 ? OptionalLong.empty() : OptionalLong.of(place);
        }

        @Override
        public Written write(long number) {
            return new Written.Text(value(number));
        }

        @Override
        public String value(long number) {
            return names.get(Math.toIntExact(number));
        }

        @Override
        public long number(String value) {
            return names.indexOf(value);
        }

        @Override
        public List<Long> simpler(long number) {
            return List.of();
        }

        @Override
        public String words(String mark) {
            return "one of " + names.stream().sorted().map(name -> mark + name).collect(Collectors.joining(" "));
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
}
