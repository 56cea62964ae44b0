package dst.reports.check;

import dst.protocol.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What the history checkers say. A checker that could not judge says why in {@code unknown}, and unknown is not a pass.
 *
 * @param findings what must not be, in the order of time; the sides are open
 * @param evidence the places of the findings, in the same order
 * @param unknown why a checker could not judge, if one could not
 */
public record Checked(List<Finding> findings, List<Evidence> evidence, Optional<String> unknown, Counts counts) {
    /** Where a finding is: a block's offset, or -1, and the operations that prove it, by tag. */
    public record Evidence(long offset, List<Long> tags) {}

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
