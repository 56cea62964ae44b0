package dst.scenarios.shrink;

import java.util.BitSet;
import java.util.function.Predicate;

/**
 * The smallest difference between what holds and what fails, both made of some of the same parts: half by half, from nothing, which
 * holds, and everything, which fails, until they differ by one part.
 *
 * @param holding the parts of what holds
 * @param part with this one besides it fails
 * @param tries how many were tried
 */
public record Isolation(BitSet holding, int part, int tries) {
    /** With none of so many parts it holds, and with all of them, at least one, it fails. */
    public static Isolation of(int parts, Predicate<BitSet> fails) {
        if (parts < 1) {
            throw new IllegalArgumentException("nothing does not differ from nothing");
        }
        BitSet holding = new BitSet();
        BitSet between = new BitSet();
        between.set(0, parts);
        int tries = 0;
        while (between.cardinality() > 1) {
            BitSet half = half(between);
            BitSet tried = (BitSet) holding.clone();
            tried.or(half);
            tries++;
            if (fails.test(tried)) {
                between = half;
            } else {
                holding = tried;
                between.andNot(half);
            }
        }
        return new Isolation(holding, between.nextSetBit(0), tries);
    }

    private static BitSet half(BitSet all) {
        BitSet half = new BitSet();
        int size = all.cardinality() / 2;
        for (int i = all.nextSetBit(0); half.cardinality() < size; i = all.nextSetBit(i + 1)) {
            half.set(i);
        }
        return half;
    }
}
