package dst.protocol.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What somebody has where not all can have it (R7): a link that came through its handshake, or an attachment of a shared export.
 *
 * @param holds it is the only link of somebody who holds an export, or is about to
 * @param busy the disk works for it
 * @param asked which of all requests was its last one; 0: it never asked for anything
 */
record Stake<T>(T of, String origin, String export, boolean holds, boolean busy, long asked) {
    /**
     * Who gives way to a newcomer: of those who have more than it would have, by origin and of one origin's by export, one of whoever
     * has most and can give way. Of these it is one that never asked for anything, or else asked longest ago; one for which the disk works goes last.
     * Where nobody has more it is the newcomer. So nobody who comes back for what was taken from it can take that back.
     *
     * <p>The only link of a holder gives way to another such one and to nothing else: there are no more of them than exports, and
     * somebody who reads along can wait for a place, which a writer with unflushed content and a file system on top had better not.
     */
    static <T> T givesWay(Stake<T> newcomer, List<Stake<T>> others, Predicate<T> can) {
        List<Stake<T>> all = new ArrayList<>(others);
        all.add(newcomer);
        Map<String, Integer> ofOrigin = counts(all, Stake::origin);
        Map<List<String>, Integer> ofExport = counts(all, Stake::originAndExport);
        Comparator<Stake<T>> first = Comparator.<Stake<T>>comparingInt(it -> ofOrigin.getOrDefault(it.origin, 0))
                .thenComparingInt(it -> ofExport.getOrDefault(it.originAndExport(), 0))
                .thenComparing(it -> !it.holds)
                .thenComparing(it -> !it.busy)
                .thenComparing(Stake::asked, Comparator.reverseOrder());
        return others.stream()
                .filter(it -> can.test(it.of) && (newcomer.holds || !it.holds))
                .filter(it -> hasMore(it, newcomer, ofOrigin, ofExport))
                .reduce(BinaryOperator.maxBy(first)) // Of equal ones the first: the oldest.
                .orElse(newcomer)
                .of;
    }

    private static boolean hasMore(
            Stake<?> one, Stake<?> other, Map<String, Integer> ofOrigin, Map<List<String>, Integer> ofExport) {
        return one.origin.equals(other.origin)
                ? ofExport.getOrDefault(one.originAndExport(), 0) > ofExport.getOrDefault(other.originAndExport(), 0)
                : ofOrigin.getOrDefault(one.origin, 0) > ofOrigin.getOrDefault(other.origin, 0);
    }

    private List<String> originAndExport() {
        return List.of(origin, export);
    }

    static <E, K> Map<K, Integer> counts(Iterable<E> all, Function<E, K> by) {
        Map<K, Integer> counts = new LinkedHashMap<>();
        for (E one : all) {
            counts.merge(by.apply(one), 1, Integer::sum);
        }
        return counts;
    }
}
