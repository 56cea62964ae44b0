package dst.sim;

import dst.sim.Plan.NodePlan;
import dst.sim.Plan.OperationPlan;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Where on a disk the operations of a plan may have changed something. */
final class Touched {
    private final Plan plan;
    private final Reach reach;
    private final Storage storage;
    private final LongStream.Builder touched = LongStream.builder();

    Touched(Plan plan, Reach reach, Storage storage) {
        this.plan = plan;
        this.reach = reach;
        this.storage = storage;
    }

    /** Each once, in order. */
    long[] blocks() {
        for (NodePlan node : plan.nodes()) {
            int export = reach.export(node, storage.plan);
            if (export >= 0) {
                long start = storage.exported.exports().get(export).start();
                reach.operations(node.name()).forEach(operation -> touches(operation, start));
            }
        }
        long[] offsets = touched.build().toArray();
        Arrays.sort(offsets);
        int distinct = 0;
        for (long offset : offsets) {
            if (distinct == 0 || offsets[distinct - 1] != offset) {
                offsets[distinct++] = offset;
            }
        }
        return Arrays.copyOf(offsets, distinct);
    }

    private void touches(OperationPlan operation, long start) {
        if (!operation.kind().changes() || operation.offset() < 0) {
            return;
        }
        int blockSize = plan.blockSize();
        long size = storage.disk().size();
        long from = start + operation.offset();
        long end = Math.min(Clock.plus(from, operation.length()), size - size % blockSize);
        for (long at = from - from % blockSize; at < end; at += blockSize) {
            touched.add(at);
        }
    }
}
