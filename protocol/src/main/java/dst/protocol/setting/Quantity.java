package dst.protocol.setting;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Times and sizes as people write them, the same in files and on command lines: a number, perhaps a blank, and a unit in small or
 * large letters. Inside they are whole nanoseconds and bytes; what was printed is read as the same number again.
 */
public final class Quantity {
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MINUTE = 60 * NANOS_PER_SECOND;

    private Quantity() {}

    /** Of {@code 250ms}, {@code 1.5 s}, {@code 2 min} or {@code 0}; empty if it is no time. */
    public static OptionalLong nanos(String text) {
        if (text.strip().equals("0")) {
            return OptionalLong.of(0);
        }
        return amount(text, unit -> switch (unit) {
            case "ns" -> 1;
            case "us" -> NANOS_PER_MICRO;
            case "ms" -> NANOS_PER_MILLI;
            case "s" -> NANOS_PER_SECOND;
            case "m", "min" -> NANOS_PER_MINUTE;
            case "h" -> 60 * NANOS_PER_MINUTE;
            default -> 0;
        });
    }

    /** Of {@code 4096}, {@code 64KiB} or {@code 1.5 GiB}; empty if it is no size. */
    public static OptionalLong bytes(String text) {
        return amount(text, unit -> switch (unit) {
            case "", "b" -> 1;
            case "k", "kib" -> 1L << 10;
            case "m", "mib" -> 1L << 20;
            case "g", "gib" -> 1L << 30;
            case "t", "tib" -> 1L << 40;
            default -> 0;
        });
    }

    /** What is said of what is no time; it is shown as whoever wrote it sees it. */
    public static String noTime(String shown) {
        return shown + " is no time: write a number with ns, us, ms, s, min or h, such as 250ms";
    }

    public static String noSize(String shown) {
        return shown + " is no size: write bytes, or a number with KiB, MiB, GiB or TiB, such as 64KiB";
    }

    /** Exactly, in the largest unit up to seconds that leaves a number above 1: {@code 1.25 ms}. */
    public static String time(long nanos) {
        long size = Math.abs(nanos);
        if (size >= NANOS_PER_SECOND) {
            return scaled(nanos, 9) + " s";
        }
        if (size >= NANOS_PER_MILLI || nanos == 0) {
            return scaled(nanos, 6) + " ms";
        }
        return size >= NANOS_PER_MICRO ? scaled(nanos, 3) + " us" : nanos + " ns";
    }

    /** Exactly: {@code 64 KiB}, or {@code 65537}. */
    public static String size(long bytes) {
        String[] units = {"KiB", "MiB", "GiB"};
        int unit = -1;
        long number = bytes;
        while (number > 0 && number % 1024 == 0 && unit < units.length - 1) {
            number /= 1024;
            unit++;
        }
        return unit < 0 ? Long.toString(number) : number + " " + units[unit];
    }

    private static String scaled(long nanos, int digits) {
        BigDecimal number = BigDecimal.valueOf(nanos, digits);
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /** How much one of a unit is; 0: there is no such unit. */
    private interface Units {
        long factor(String unit);
    }

    private static OptionalLong amount(String text, Units units) {
        String written = text.strip();
        int end = digits(written, 0);
        boolean isNumber = end > 0;
        if (isNumber && end < written.length() && written.charAt(end) == '.') {
            int point = end;
            end = digits(written, point + 1);
            isNumber = end > point + 1;
        }
        long factor = isNumber ? units.factor(written.substring(end).strip().toLowerCase(Locale.ROOT)) : 0;
        if (factor == 0) {
            return OptionalLong.empty();
        }
        BigDecimal amount = new BigDecimal(written.substring(0, end)).multiply(BigDecimal.valueOf(factor));
        boolean isWhole = amount.stripTrailingZeros().scale() <= 0;
        boolean fits = amount.compareTo(new BigDecimal(BigInteger.valueOf(Long.MAX_VALUE))) <= 0;
        return isWhole && fits ? OptionalLong.of(amount.longValueExact()) : OptionalLong.empty();
    }

    /** Where the digits that begin there end. */
    private static int digits(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }
}
