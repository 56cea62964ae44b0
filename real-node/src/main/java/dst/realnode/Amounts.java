package dst.realnode;

import dst.protocol.setting.Quantity;
import java.util.Locale;
import java.util.OptionalLong;

/** Times, sizes and counts of a command line; and as they are told, rounded. */
public final class Amounts {
    /** A node adds times and sizes to others: so much is far from any end. */
    private static final long MOST = Long.MAX_VALUE / 4;

    private Amounts() {}

    public static long nanos(String text) {
        return below(Quantity.nanos(text), Quantity.noTime("'" + text + "'"));
    }

    public static long byteCount(String text) {
        return below(Quantity.bytes(text), Quantity.noSize("'" + text + "'"));
    }

    private static long below(OptionalLong amount, String wrong) {
        if (amount.isEmpty() || amount.getAsLong() >= MOST) {
            throw new WrongInput(wrong);
        }
        return amount.getAsLong();
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
