package dst.realnode.watch;

import dst.protocol.BlockPort;
import dst.protocol.Device;
import dst.protocol.Finding;
import dst.protocol.ServerControl;
import dst.protocol.Unique;
import dst.protocol.referee.Judge;
import dst.protocol.referee.Limits;
import dst.protocol.referee.Referee;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges a node and the machines within it while they run, each on a loop of its own; each rule that a kind of machine breaks is told once. */
final class LiveReferee implements Tap {
    private static final Logger log = LoggerFactory.getLogger(LiveReferee.class);

    private final Referee referee;
    private final Map<String, Judge.Maker> judges;
    private final List<Finding> fresh = new ArrayList<>();
    private final List<Finding> found = new ArrayList<>();
    private boolean over;
    private boolean failed;

    /** The devices whose content it does not judge. */
    private final Set<Unique> unfollowed = new HashSet<>();

    /** @param judges of kinds of machines within the node, by their names */
    LiveReferee(Limits limits, Map<String, Judge.Maker> judges) {
        this.judges = judges;
        this.referee = new Referee(limits, judges);
    }

    /** Whether anybody judges it. */
    boolean judges(Layer layer) {
        return layer.isWhole() || judges.containsKey(layer.kind());
    }

    @Override
    public synchronized void saw(long now, Layer layer, Object value) {
        if (over) {
            return;
        }
        try {
            sawDevice(value);
            referee.saw(now, layer, value);
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

    private void sawDevice(Object value) {
        Device device = value instanceof ServerControl.ExportOpened opened
                ? opened.export().device()
                : value instanceof BlockPort.Changed changed ? changed.device() : null;
        if (device != null && !Referee.followsContentOf(device) && unfollowed.add(device.identity())) {
            log.warn(
                    "referee: what becomes of the content of device {} is not judged: of its blocks of {} bytes there are too many to be"
                            + " followed; all other rules are",
                    device.identity(),
                    device.blockSize());
        }
    }

    private static void tell(Finding finding) {
        log.error(
                "referee: {} is broken by {}: {}",
                finding.rule(),
                finding.side().words(),
                finding.sentence());
    }

    synchronized List<Finding> found() {
        return List.copyOf(found);
    }

    synchronized List<String> status() {
        List<String> lines = new ArrayList<>();
        int observed = referee.observed().size();
        lines.add("referee    "
                + (failed ? "has failed itself, and judges no more; " : "")
                + (found.isEmpty() ? "nothing found" : found.size() + " FOUND")
                + ", " + observed + " rules observed"
                + (unfollowed.isEmpty() ? "" : "; content of very small blocks is not judged"));
        for (Finding finding : found) {
            lines.add("  " + finding.rule() + " by " + finding.side().words() + ": " + finding.sentence());
        }
        return lines;
    }

    synchronized void end() {
        if (!over) {
            over = true;
            referee.discard();
        }
    }
}
