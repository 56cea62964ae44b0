package dst.sim;

/** What one hash is worth as a number in a range or as a chance. */
final class Draw {
    private Draw() {}

    /** Uniform in [low, high], both included. */
    static long between(long hash, long low, long high) {
        return low + Math.unsignedMultiplyHigh(hash, high - low + 1);
    }

    /** True {@code times} times among {@code among} on average. */
    static boolean chance(long hash, long times, long among) {
        return Math.unsignedMultiplyHigh(hash, among) < times;
    }
}
