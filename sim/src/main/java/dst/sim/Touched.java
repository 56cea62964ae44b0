package dst.sim;

import dst.protocol.Export;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.OperationPlan;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Where on a disk the operations of a plan may have changed something. */
final class Touched {
    private static final long NOWHERE = -1;

    private final Plan plan;
    private final Storage storage;

    /** Where on the disk begins what a node's operations are for. */
    private final Map<String, Long> starts = new TreeMap<>();

    Touched(Plan plan, Storage storage) {
        this.plan = plan;
        this.storage = storage;
        for (NodePlan node : plan.nodes()) {
            starts.put(node.name(), start(node));
        }
    }

    private long start(NodePlan node) {
        int export = plan.export(node, storage.plan);
        if (export < 0) {
            return NOWHERE;
        }
        Export present = storage.exported.exports().get(export);
        return present.start();
    }

    /** Each once, in order. */
    long[] blocks() {
        int blockSize = plan.blockSize();
        long size = storage.disk().size();
        LongStream.Builder touched = LongStream.builder();
        for (OperationPlan operation : plan.operations()) {
            long start = starts.get(operation.node());
            if (operation.kind().changes() && operation.offset() >= 0 && start >= 0) {
                long from = start + operation.offset();
                long end = Math.min(Clock.plus(from, operation.length()), size - size % blockSize);
                for (long at = from - from % blockSize; at < end; at += blockSize) {
                    touched.add(at);
                }
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
}
