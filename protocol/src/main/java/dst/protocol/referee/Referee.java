package dst.protocol.referee;

import dst.protocol.Finding;
import dst.protocol.trace.Tap;
import java.util.List;
import java.util.Set;

/**
 * Watches what crosses each side's own boundary and says which rule was broken, by whom, with the evidence. It convicts a side
 * only by that side's own boundary, and an honest side never.
 */
public final class Referee implements Tap {
    @Override
    public void saw(long now, String node, Object value) {}

    /** The first finding of each rule and side, in the order in which they were found. */
    public List<Finding> findings() {
        return List.of();
    }

    /** The rules for which there was evidence at all, kept or broken; every other one is NOT OBSERVED. */
    public Set<String> observed() {
        return Set.of();
    }

    /** Gives back every buffer that unfinished messages hold; nothing may be seen after it. */
    public void discard() {}
}
