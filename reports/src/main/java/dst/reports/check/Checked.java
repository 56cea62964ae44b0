package dst.reports.check;

import dst.protocol.Finding;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the history checkers say. A checker that could not judge says why in {@code unknown}, and unknown is not a pass.
 *
 * @param findings what must not be, in the order of time; the sides are open
 * @param evidence the places of the findings, in the same order
 * @param unknown why a checker could not judge, if one could not
 */
public record Checked(List<Finding> findings, List<Evidence> evidence, Optional<String> unknown, Counts counts) {
    /**
     * Where a finding is, and the few operations that prove it: these and what they rest on would be wrong if nothing else had
     * happened.
     *
     * @param offset a block's, or -1
     * @param tags the operations whose times and contents contradict each other
     * @param context what else these rest on: who wrote what they saw, and the flush that covered it
     */
    public record Evidence(long offset, List<Long> tags, List<Long> context) {
        public Evidence {
            tags = List.copyOf(tags);
            context = context.stream().filter(isNoneOf(tags)).distinct().toList();
        }

        private static Predicate<Long> isNoneOf(List<Long> some) {
            return tag -> !some.contains(tag);
        }
    }

    /** What was looked at: a check without reads proves nothing. */
    public record Counts(long operations, long readBlocks, long mediaBlocks, long blocks, long eras) {
        Counts plus(Counts other) {
            return new Counts(
                    operations + other.operations,
                    readBlocks + other.readBlocks,
                    mediaBlocks + other.mediaBlocks,
                    blocks + other.blocks,
                    eras + other.eras);
        }
    }

    public boolean clean() {
        return findings.isEmpty() && unknown.isEmpty();
    }
}
