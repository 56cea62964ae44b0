package dst.scenarios.shrink;

import dst.protocol.Kind;
import dst.protocol.setting.Measure;
import dst.sim.Plan.OperationPlan;
import java.util.ArrayList;
import java.util.List;

/** The same operation with a smaller or rounder number, the simplest first. */
final class Simpler {
    private Simpler() {}

    static List<OperationPlan> than(OperationPlan one, int blockSize) {
        List<OperationPlan> simpler = new ArrayList<>();
        if (one.after() != OperationPlan.NOTHING) {
            simpler.add(at(one, 0, OperationPlan.NOTHING));
        }
        for (long at : Measure.TIME.simpler(one.at())) {
            simpler.add(at(one, at, one.after()));
        }
        if (one.kind() != Kind.FLUSH && one.length() > blockSize) {
            for (long offset = one.offset(); offset < one.offset() + one.length(); offset += one.length() - blockSize) {
                simpler.add(new OperationPlan(
                        one.tag(), one.node(), one.at(), one.after(), one.kind(), offset, blockSize, one.durable()));
            }
        }
        if (one.durable()) {
            simpler.add(new OperationPlan(
                    one.tag(), one.node(), one.at(), one.after(), one.kind(), one.offset(), one.length(), false));
        }
        return simpler;
    }

    /** The same at another time. */
    static OperationPlan at(OperationPlan one, long at, long after) {
        return new OperationPlan(
                one.tag(), one.node(), at, after, one.kind(), one.offset(), one.length(), one.durable());
    }
}
