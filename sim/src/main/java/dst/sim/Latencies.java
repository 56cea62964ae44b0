package dst.sim;

/** How long operations took: how many, the sum, the longest, and how many within each eighth of a doubling, for quantiles. */
public final class Latencies {
    private static final int PARTS_BITS = 3;
    private static final int PARTS = 1 << PARTS_BITS;

    /** Nothing shorter than this is told apart from nothing. */
    private static final long UNIT_NANOS = 1_000;

    /** Up to 2^34 units, some hours. */
    private static final int PLACES = 32 * PARTS;

    private final long[] places = new long[PLACES];
    private long count;
    private long sumNanos;
    private long maxNanos;

    public long count() {
        return count;
    }

    public long sumNanos() {
        return sumNanos;
    }

    public long maxNanos() {
        return maxNanos;
    }

    /** The time within which that part of all operations settled, 0.5 for the median; no more than an eighth too long. */
    public long quantileNanos(double part) {
        long wanted = (long) Math.ceil(part * count);
        long seen = 0;
        for (int place = 0; place < PLACES; place++) {
            seen += places[place];
            if (seen >= wanted && seen > 0) {
                return Math.min(maxNanos, above(place) * UNIT_NANOS);
            }
        }
        return maxNanos;
    }

    void add(long nanos) {
        count++;
        sumNanos += nanos;
        maxNanos = Math.max(maxNanos, nanos);
        places[place(nanos / UNIT_NANOS)]++;
    }

    void add(Latencies other) {
        count += other.count;
        sumNanos += other.sumNanos;
        maxNanos = Math.max(maxNanos, other.maxNanos);
        for (int i = 0; i < PLACES; i++) {
            places[i] += other.places[i];
        }
    }

    /** Each of the first units has a place of its own; then each doubling has {@link #PARTS}. */
    private static int place(long units) {
        if (units < PARTS) {
            return (int) units;
        }
        int doublings = 63 - Long.numberOfLeadingZeros(units) - PARTS_BITS;
        int part = (int) (units >>> doublings) & (PARTS - 1);
        return Math.min(PLACES - 1, (doublings + 1) * PARTS + part);
    }

    /** The first number of units that is beyond that place. */
    private static long above(int place) {
        if (place < PARTS) {
            return place + 1L;
        }
        int doublings = place / PARTS - 1;
        return (long) (PARTS + place % PARTS + 1) << doublings;
    }
}
