package dst.reports.check;

import dst.protocol.BlockPort;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Unique;
import dst.protocol.trace.Layer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** Prints how long the history checkers take with the protocol values that they are told; started by hand, asserted nowhere. */
final class HistoryTiming {
    private static final int OPERATIONS = 1_000_000;
    private static final int BLOCKS = 1024;

    private HistoryTiming() {}

    /** A register of blocks with sixteen operations at once, executed as they are submitted. */
    public static void main(String[] none) {
        for (int round = 0; round < 5; round++) {
            run();
        }
    }

    private static void run() {
        Prng prng = new Prng(1);
        History history = new History(List.of(new History.Place(
                "disk", 0, Long.MAX_VALUE, Script.BLOCK, List.of(Layer.client("client")), false, Optional.empty())));
        Device device = new Device(Unique.NONE, (long) BLOCKS * Script.BLOCK, Script.BLOCK, Permission.BOTH);
        history.saw(0, Layer.client("client"), new Control.Started(new Unique(1, 1), 1));
        history.saw(0, Layer.client("client"), new BlockPort.Changed(device, false));
        long[] content = new long[BLOCKS];
        ArrayDeque<Object> pending = new ArrayDeque<>();
        long began = System.nanoTime();
        long preparing = 0;
        long now = 0;
        for (long tag = 1; tag <= OPERATIONS; tag++) {
            long before = System.nanoTime();
            int block = (int) prng.below(BLOCKS);
            boolean write = prng.chance(1, 2);
            Operation operation;
            ByteBuf answer = Unpooled.EMPTY_BUFFER;
            if (write) {
                operation = new Operation.Write((long) block * Script.BLOCK, Script.data(tag, block, 1), false);
                content[block] = tag;
            } else {
                operation = new Operation.Read((long) block * Script.BLOCK, Script.BLOCK);
                answer = Script.data(content[block], block, 1);
            }
            pending.add(new BlockPort.Completed(tag, new Outcome.Done(answer)));
            preparing += System.nanoTime() - before;
            history.saw(now++, Layer.client("client"), new BlockPort.Submit(tag, operation));
            if (pending.size() > 16) {
                history.saw(now++, Layer.client("client"), pending.remove());
            }
        }
        while (!pending.isEmpty()) {
            history.saw(now++, Layer.client("client"), pending.remove());
        }
        long collected = System.nanoTime();
        Checked checked = history.check();
        long checkedAt = System.nanoTime();
        System.out.println(OPERATIONS + " operations: collected in " + (collected - began - preparing) / 1_000_000
                + " ms, judged in " + (checkedAt - collected) / 1_000_000 + " ms, "
                + checked.findings().size() + " findings, " + checked.counts());
    }
}
