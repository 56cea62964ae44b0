package dst.reports;

import dst.protocol.Words;
import dst.reports.Moment.Sort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** How many operations settled when, and how long they took. */
final class Load {
    private static final int DIGITS = 3;

    private final Histogram latencies = new Histogram(DIGITS);
    private final long[] settled;
    private final long[] slowest;

    /** Of so many equal parts of the run. */
    Load(List<Moment> moments, long from, long to, int bins) {
        settled = new long[bins];
        slowest = new long[bins];
        Map<Long, Long> begun = new HashMap<>();
        for (Moment moment : moments) {
            if (moment.sort() == Sort.SUBMITTED) {
                begun.put(moment.tag(), moment.at());
            } else if (moment.sort() == Sort.OUTCOME) {
                Long start = begun.remove(moment.tag());
                int bin = Detail.bin(moment.at(), from, to, bins);
                settled[bin]++;
                if (start != null) {
                    long took = moment.at() - start;
                    latencies.recordValue(Math.max(0, took));
                    slowest[bin] = Math.max(slowest[bin], took);
                }
            }
        }
    }

    /** For each part how many settled and how long the slowest of them took. */
    List<List<Long>> bins() {
        List<List<Long>> bins = new ArrayList<>();
        for (int i = 0; i < settled.length; i++) {
            bins.add(List.of(settled[i], slowest[i]));
        }
        return bins;
    }

    boolean isEmpty() {
        return Arrays.stream(settled).sum() == 0;
    }

    /** The latency that so many in a thousand do not exceed. */
    String permille(int permille) {
        return latencies.getTotalCount() == 0 ? "-" : Words.seconds(latencies.getValueAtPercentile(permille / 10.0));
    }
}
