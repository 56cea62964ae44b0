package dst.scenarios.library;

import dst.reports.Expectation;
import java.util.Optional;

/**
 * What a run folder's {@code verdict.edn} says about how the run was made.
 *
 * @param digest of everything that crossed a boundary
 * @param plan by which it is seen that the plan was edited since
 * @param code what the code was called
 * @param build by which it is seen whether it was the same code
 */
public record Remembered(
        String digest,
        String plan,
        String code,
        String build,
        Optional<String> planted,
        Optional<Expectation> expected) {}
