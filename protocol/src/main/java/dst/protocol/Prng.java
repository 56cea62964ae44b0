package dst.protocol;

/**
 * The one source of chance: a counter through a mixing function, so that equal seeds give equal draws everywhere. Streams are
 * split by name, and a single draw can be made from a stable identity instead of a position in a stream.
 */
public final class Prng {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    public Prng(long seed) {
        state = mix(seed ^ 0x6A09E667F3BCC909L);
    }

    /** A generator of its own for the named purpose; the parent does not move. */
    public Prng split(String name) {
        return new Prng(hash(state, name));
    }

    public long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** Uniform in [0, bound). */
    public long below(long bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("a bound is positive, not " + bound);
        }
        return Math.unsignedMultiplyHigh(next(), bound);
    }

    /** Uniform in [low, high], both included. */
    public long between(long low, long high) {
        return low + below(high - low + 1);
    }

    /** True once in {@code among} draws on average, {@code times} times. */
    public boolean chance(long times, long among) {
        return below(among) < times;
    }

    /** Uniform in [0, 1). */
    public double fraction() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /** The state, for a digest. */
    public long state() {
        return state;
    }

    /** A draw that depends on these words alone, not on what was drawn before. */
    public static long hash(long seed, long first, long second, long third) {
        return mix(mix(mix(mix(seed) + first * GOLDEN) + second * GOLDEN) + third * GOLDEN);
    }

    public static long hash(long seed, String name) {
        long hash = mix(seed);
        for (int i = 0; i < name.length(); i++) {
            hash = mix(hash + name.charAt(i) * GOLDEN);
        }
        return hash;
    }

    public static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
