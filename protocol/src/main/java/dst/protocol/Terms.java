package dst.protocol;

/**
 * What two sides agree on for a link (H3). As an offer, the bit sets name everything that the side can do and the numbers are
 * its own limits; as an agreement, one checksum and one cipher are left and each number is the smaller one.
 */
public record Terms(
        int checksums,
        int ciphers,
        int features,
        int keepaliveMillis,
        int largestTransfer,
        int transactionsMax,
        int bytesMax) {
    public static final int CRC32C = 1;
    public static final int PLAIN = 1;
    public static final int FUA = 1;
    public static final int TRIM = 2;
    public static final int ZERO = 4;

    /** More transactions in flight than this nobody may offer: it bounds the settled set's list (T3). */
    public static final int TRANSACTIONS_MAX = 512;

    public static final Terms DEFAULT = new Terms(CRC32C, PLAIN, FUA | TRIM | ZERO, 5_000, 1 << 20, 128, 16 << 20);

    public Terms {
        if (keepaliveMillis < 1 || largestTransfer < 1 || transactionsMax < 1 || bytesMax < largestTransfer) {
            throw new IllegalArgumentException("terms that cannot work: keepalive " + keepaliveMillis
                    + " ms, largest transfer " + largestTransfer + ", transactions " + transactionsMax + ", bytes "
                    + bytesMax);
        }
        if (transactionsMax > TRANSACTIONS_MAX) {
            throw new IllegalArgumentException(
                    "at most " + TRANSACTIONS_MAX + " transactions in flight, not " + transactionsMax);
        }
    }

    /** What both can do: the lowest common checksum and cipher, all common features, the smaller of each number. */
    public Terms agreeWith(Terms other) {
        return new Terms(
                Integer.lowestOneBit(checksums & other.checksums),
                Integer.lowestOneBit(ciphers & other.ciphers),
                features & other.features,
                Math.min(keepaliveMillis, other.keepaliveMillis),
                Math.min(largestTransfer, other.largestTransfer),
                Math.min(transactionsMax, other.transactionsMax),
                Math.min(bytesMax, other.bytesMax));
    }

    /** Whether a link can run on these terms. */
    public boolean agreed() {
        return Integer.bitCount(checksums) == 1 && Integer.bitCount(ciphers) == 1;
    }

    public boolean allows(int feature) {
        return (features & feature) != 0;
    }
}
