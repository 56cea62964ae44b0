package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Prng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void quantilesAreAtMostAnEighthTooLong() {
        for (long seed = 1; seed <= 50; seed++) {
            Prng draws = new Prng(seed);
            Latencies all = new Latencies();
            Latencies half = new Latencies();
            long[] nanos = new long[500];
            for (int i = 0; i < nanos.length; i++) {
                nanos[i] = draws.below(1L << draws.between(10, 40));
                (i % 2 == 0 ? all : half).add(nanos[i]);
            }
            all.add(half);
            Arrays.sort(nanos);
            assertEquals(nanos.length, all.count());
            assertEquals(Arrays.stream(nanos).sum(), all.sumNanos());
            assertEquals(nanos[nanos.length - 1], all.maxNanos());
            for (double part : new double[] {0.01, 0.5, 0.9, 0.99, 1}) {
                long exact = nanos[(int) Math.ceil(part * nanos.length) - 1];
                long told = all.quantileNanos(part);
                assertTrue(told >= exact && told <= exact + exact / 8 + 1_000, part + ": " + told + " for " + exact);
            }
        }
    }

    @Test
    void nothingHasNoLatency() {
        assertEquals(0, new Latencies().quantileNanos(0.5));
    }
}
