package dst.protocol;

/** Numbers as people read them in traces and messages; independent of locale. */
public final class Words {
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private Words() {}

    public static String hex(long value) {
        char[] text = new char[16];
        for (int i = 0; i < 16; i++) {
            text[i] = DIGITS[(int) (value >>> (60 - 4 * i)) & 15];
        }
        return new String(text);
    }

    /** A virtual or real time in seconds, to the microsecond: {@code 1.204031 s}. */
    public static String seconds(long nanos) {
        long micros = Math.abs(nanos) / 1000;
        String fraction = Long.toString(1_000_000 + micros % 1_000_000).substring(1);
        return (nanos < 0 ? "-" : "") + micros / 1_000_000 + "." + fraction + " s";
    }
}
