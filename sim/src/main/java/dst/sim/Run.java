package dst.sim;

import dst.protocol.Finding;
import java.util.List;

/**
 * What came of one run: how long it took in the world, what happened how often, and what the world itself found wrong (progress,
 * leaks, machines that stopped); a judge that watched the tap may find more.
 */
public record Run(long virtualNanos, Counts counts, List<Finding> findings) {
    public Run {
        findings = List.copyOf(findings);
    }
}
