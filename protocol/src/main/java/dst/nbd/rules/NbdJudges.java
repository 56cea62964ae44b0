package dst.nbd.rules;

import dst.nbd.port.LendingControl;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdServerControl;
import dst.protocol.Side;
import dst.protocol.referee.Judge;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Who judges the machines of NBD that a node has within: the same in a simulated world, on a real node and over its recording. */
public final class NbdJudges {
    private NbdJudges() {}

    /** By the kind of machine. Side: whose part that node is. */
    public static Map<String, Judge.Maker> of(Function<String, Side> side) {
        Map<String, Judge.Maker> judges = new TreeMap<>();
        judges.put(NbdServerControl.KIND, charges -> new NbdJudge(side.apply(charges.node()), charges));
        judges.put(NbdClientControl.KIND, charges -> new NbdClientJudge(side.apply(charges.node()), charges));
        judges.put(LendingControl.KIND, charges -> new LendingJudge(side.apply(charges.node()), charges));
        return judges;
    }
}
