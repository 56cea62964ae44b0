package dst.realnode.serve;

import dst.realnode.WrongInput;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and sizes as people write them. */
public final class Quantity {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([A-Za-z]*)");

    private Quantity() {}

    /** {@code 10s}, {@code 250 ms}, {@code 2min}. */
    public static long nanos(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (matcher.matches()) {
            long unit = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                case "ns" -> 1;
                case "us" -> 1_000;
                case "ms" -> 1_000_000;
                case "s", "" -> 1_000_000_000;
                case "min", "m" -> 60_000_000_000L;
                case "h" -> 3_600_000_000_000L;
                default -> 0;
            };
            BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
            if (unit > 0 && nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE / 4)) < 0) {
                return nanos.longValue();
            }
        }
        throw new WrongInput("'" + text + "' is no time: write for example 10s, 250ms or 2min");
    }

    /** A whole number from 1 to this one, for the option. */
    public static int count(String option, String text, int most) {
        // No number of so few digits is too large.
        int count = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
        if (count < 1 || count > most) {
            throw new WrongInput(option + " is a whole number from 1 to " + most + ", not '" + text + "'");
        }
        return count;
    }

    /** {@code 4096}, {@code 64KiB}, {@code 10 GiB}. */
    public static long byteCount(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (matcher.matches()) {
            int shift = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                case "", "b" -> 0;
                case "k", "kib" -> 10;
                case "m", "mib" -> 20;
                case "g", "gib" -> 30;
                case "t", "tib" -> 40;
                default -> -1;
            };
            if (shift >= 0) {
                BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(1L << shift));
                if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE / 4)) < 0) {
                    return bytes.setScale(0, RoundingMode.DOWN).longValue();
                }
            }
        }
        throw new WrongInput("'" + text + "' is no size: write for example 4096, 64KiB or 10GiB");
    }

    public static String bytes(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f %s", value, units[unit])
                : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    public static String duration(long nanos) {
        if (nanos < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
        }
        return nanos < 1_000_000_000
                ? String.format(Locale.ROOT, "%.2f ms", nanos / 1e6)
                : String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }
}
