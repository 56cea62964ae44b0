package dst.protocol.referee;

import dst.protocol.Finding;
import dst.protocol.Rule;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import java.util.ArrayList;
import java.util.List;

/** The charges against one node and its disks: one for each rule and side that somebody observes. */
public final class Charges {
    private final String node;
    private final List<Charge> all = new ArrayList<>();
    /** First findings that nobody has taken. */
    private final List<Finding> fresh = new ArrayList<>();

    private final Crossings crossings;

    Charges(String node, Crossings crossings) {
        this.node = node;
        this.crossings = crossings;
    }

    /** What crosses just now. */
    Crossing now() {
        return crossings.now();
    }

    void nextMessage() {
        crossings.nextMessage();
    }

    /** Observers that watch the same rule of the same side share its charge. */
    public Charge charge(Rule rule, Side side) {
        for (Charge charge : all) {
            if (charge.rule().equals(rule) && charge.side() == side) {
                return charge;
            }
        }
        Charge charge = new Charge(rule, side, this);
        all.add(charge);
        return charge;
    }

    public String node() {
        return node;
    }

    void found(Finding first) {
        fresh.add(first);
    }

    /** Moves what was found since the last time there. */
    void takeFresh(List<Finding> found) {
        if (!fresh.isEmpty()) {
            found.addAll(fresh);
            fresh.clear();
        }
    }

    List<Charge> all() {
        return all;
    }
}
