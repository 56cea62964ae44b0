package dst.scenarios;

import dst.reports.Expectation;
import java.util.Optional;

/**
 * What a run folder's {@code verdict.edn} says about how the run was made.
 *
 * @param digest of everything that crossed a boundary
 * @param plan by which it is seen that the plan was edited since
 */
public record Remembered(
        String digest, String plan, String code, Optional<String> planted, Optional<Expectation> expected) {}
