package dst.nbd;

import dst.protocol.BlockPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Order;
import dst.protocol.Outcome;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import dst.protocol.WholeBlocksControl;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * Between all who ask for any bytes of a device and the device, which moves whole blocks. Of a change that begins or ends within a
 * block the block is read, changed and written; meanwhile no other change of what it touches is under way, so nobody's bytes are
 * lost.
 */
public final class WholeBlocks implements Machine {
    /** The only one. */
    private static final int DEVICE = 0;

    /**
     * Changes only. One of whole blocks stands in no other one's way: between those there is no order but the device's own. One
     * with edges stands in everybody's.
     */
    private final Order order = new Order();

    /** Under way, or waiting for their turn. */
    private final LongObjectHashMap<BlockTask> tasks = new LongObjectHashMap<>();

    private final LongObjectHashMap<Running> running = new LongObjectHashMap<>();

    /** What the device was asked for, and why. */
    private record Running(BlockTask task, BlockTask.Purpose purpose) {}

    /** Their turn has come; empty between steps. */
    private final ArrayDeque<Order.Place> due = new ArrayDeque<>();

    private int blockSize;
    private long tickets;
    private long numbers;

    public WholeBlocks(int blockSize) {
        this.blockSize = blockSize;
    }

    /** Whether the device can do it as it is, and nobody has to wait for it: then it need not pass here. */
    public static boolean needsNothing(Operation operation, int blockSize) {
        return !operation.kind().changes() && isWhole(operation, blockSize);
    }

    private static boolean isWhole(Operation operation, int blockSize) {
        return ((operation.offset() | operation.length()) & (blockSize - 1)) == 0;
    }

    @Override
    public void step(long now, Signal input, List<? super Signal> outputs) {
        switch (input) {
            case WholeBlocksControl.Reblocked(int size) -> blockSize = size;
            case BlockPort.Submit(long tag, Operation operation) -> submitted(tag, operation);
            case BlockPort.Heard(int device, BlockPort.Completed(long ticket, Outcome outcome)) ->
                settled(ticket, outcome, outputs);
            default -> throw Signal.misplaced(input);
        }
        for (Order.Place place = due.poll(); place != null; place = due.poll()) {
            advance((BlockTask) place, outputs);
        }
    }

    private void submitted(long tag, Operation operation) {
        boolean whole = isWhole(operation, blockSize);
        BlockTask task = new BlockTask(++numbers, tag, operation, whole ? 1 : blockSize);
        tasks.put(task.number, task);
        if (!operation.kind().changes() || order.enter(task)) {
            due.add(task);
        }
    }

    private void settled(long ticket, Outcome outcome, List<? super Signal> outputs) {
        Running part = running.remove(ticket);
        if (part == null) {
            throw new IllegalStateException("nothing runs under the ticket " + ticket);
        }
        part.task.settled(part.purpose, outcome);
        if (part.task.isIdle()) {
            advance(part.task, outputs);
        }
    }

    /** Nothing of it runs: what comes next is asked for, or it is over. */
    private void advance(BlockTask task, List<? super Signal> outputs) {
        for (BlockTask.Part part : task.next()) {
            running.put(++tickets, new Running(task, part.purpose()));
            outputs.add(new WholeBlocksControl.MadeFor(tickets, task.tag));
            outputs.add(new BlockPort.Ask(DEVICE, new BlockPort.Submit(tickets, part.operation())));
        }
        if (task.isIdle()) {
            tasks.remove(task.number);
            outputs.add(new BlockPort.Completed(task.tag, task.outcome()));
            if (task.changes()) {
                order.leave(task, due);
            }
        }
    }

    @Override
    public long nextDeadline() {
        return NEVER;
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest();
        digest.add(blockSize).add(tickets).add(numbers);
        order.digest(digest, place -> ((BlockTask) place).number);
        for (long number : sorted(tasks)) {
            tasks.get(number).digest(digest);
        }
        for (long ticket : sorted(running)) {
            Running part = running.get(ticket);
            digest.add(ticket).add(part.task.number).add(part.purpose.ordinal());
        }
        return digest.value();
    }

    private static long[] sorted(LongObjectHashMap<?> map) {
        long[] all = map.keySet().stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(all);
        return all;
    }

    @Override
    public void discard() {
        tasks.values().forEach(BlockTask::discard);
        tasks.clear();
        running.clear();
    }
}
