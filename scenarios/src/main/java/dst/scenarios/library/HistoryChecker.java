package dst.scenarios.library;

import dst.protocol.Finding;
import dst.sim.Plan;
import java.util.List;
import java.util.Optional;

/** What a scenario of a user's own demands of a run's history, beside what is demanded of every run. */
public interface HistoryChecker {
    /**
     * Judges one run; from any thread.
     *
     * @param history as {@code history.edn} has it
     */
    Checked check(Plan plan, String history);

    /** The text of the file that it comes from: whoever runs the plan again needs it. */
    String source();

    /**
     * What it came to.
     *
     * @param findings what must not be; the rule is the checker's name
     * @param unknown why one of the checkers could not judge
     */
    record Checked(List<Finding> findings, Optional<String> unknown) {}
}
