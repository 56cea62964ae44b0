package dst.protocol.setting;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** What is a number to the code as well. */
public sealed interface Amount extends Measure<Long> {
    @Override
    default Long value(long number) {
        return number;
    }

    @Override
    default long number(Long value) {
        return value;
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
                case Written.Word _, Written.Truth _ -> OptionalLong.empty();
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
