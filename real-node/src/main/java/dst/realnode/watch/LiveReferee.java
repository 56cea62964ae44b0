package dst.realnode.watch;

import dst.protocol.Finding;
import dst.protocol.referee.Limits;
import dst.protocol.referee.Referee;
import dst.protocol.trace.Tap;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges a node while it runs, on its loop; each rule that a side breaks is told once. */
final class LiveReferee implements Tap {
    private static final Logger log = LoggerFactory.getLogger(LiveReferee.class);

    private final Referee referee;
    private final List<Finding> fresh = new ArrayList<>();
    private final List<Finding> found = new ArrayList<>();
    private boolean over;
    private boolean failed;

    LiveReferee(Limits limits) {
        referee = new Referee(limits);
    }

    @Override
    public void saw(long now, String node, Object value) {
        if (over) {
            return;
        }
        try {
            referee.saw(now, node, value);
            referee.takeFresh(fresh);
        } catch (RuntimeException | AssertionError | StackOverflowError failure) {
            log.error("the referee fell over one of its own assertions: this is an error in dst itself", failure);
            failed = true;
            over = true;
            return;
        }
        if (!fresh.isEmpty()) {
            fresh.forEach(LiveReferee::tell);
            found.addAll(fresh);
            fresh.clear();
        }
    }

    private static void tell(Finding finding) {
        log.error(
                "referee: {} is broken by {}: {}",
                finding.rule(),
                finding.side().words(),
                finding.sentence());
    }

    List<Finding> found() {
        return List.copyOf(found);
    }

    List<String> status() {
        List<String> lines = new ArrayList<>();
        int observed = referee.observed().size();
        lines.add("referee    "
                + (failed ? "has failed itself, and judges no more; " : "")
                + (found.isEmpty() ? "nothing found" : found.size() + " FOUND")
                + ", " + observed + " rules observed");
        for (Finding finding : found) {
            lines.add("  " + finding.rule() + " by " + finding.side().words() + ": " + finding.sentence());
        }
        return lines;
    }

    void end() {
        if (!over) {
            over = true;
            referee.discard();
        }
    }
}
