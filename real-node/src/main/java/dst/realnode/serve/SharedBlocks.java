package dst.realnode.serve;

import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.WholeBlocksInput;
import dst.protocol.WholeBlocksOutput;
import dst.protocol.nbd.WholeBlocks;
import dst.realnode.host.MachineHost;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * One export's whole blocks, for all its NBD connections: each of them is on a loop of its own, and any may have to wait for any other.
 * Whoever gives it something carries out what comes of that for itself, and has the others' loops do the rest.
 */
final class SharedBlocks {
    private final int blockSize;
    private final WholeBlocks machine;
    private final LongObjectHashMap<Asked> asked = new LongObjectHashMap<>();
    private long tags;

    /** Who asked, and what he calls it. */
    private record Asked(User user, long tag) {}

    /** An NBD connection; told on its loop. */
    interface User {
        /** Runs it on the user's loop: at once if this is it. */
        void onLoop(Runnable task);

        /** Whole blocks of the disk are to be moved; {@link #settled} is told how it ended. */
        void move(long ticket, Operation operation);

        void completed(long tag, Outcome outcome);
    }

    SharedBlocks(int blockSize) {
        this.blockSize = blockSize;
        this.machine = new WholeBlocks(blockSize);
    }

    /** Whether it may go to the disk as it is. */
    boolean needNotKnow(Operation operation) {
        return WholeBlocks.needsNothing(operation, blockSize);
    }

    void submitted(User user, long tag, Operation operation) {
        List<Runnable> due = new ArrayList<>(2);
        synchronized (this) {
            asked.put(++tags, new Asked(user, tag));
            step(new WholeBlocksInput.Submitted(tags, operation), due);
        }
        due.forEach(Runnable::run);
    }

    void settled(long ticket, Outcome outcome) {
        List<Runnable> due = new ArrayList<>(2);
        synchronized (this) {
            step(new WholeBlocksInput.Settled(ticket, outcome), due);
        }
        due.forEach(Runnable::run);
    }

    private void step(WholeBlocksInput input, List<Runnable> due) {
        List<WholeBlocksOutput> outputs = new ArrayList<>(2);
        machine.step(MachineHost.now(), input, outputs);
        for (WholeBlocksOutput output : outputs) {
            switch (output) {
                case WholeBlocksOutput.Submit(long ticket, long tag, Operation operation) -> {
                    User user = asked.get(tag).user();
                    due.add(() -> tell(user, () -> user.move(ticket, operation), operation));
                }
                case WholeBlocksOutput.Completed(long tag, Outcome outcome) -> {
                    Asked whose = asked.remove(tag);
                    due.add(() -> tell(whose.user(), () -> whose.user().completed(whose.tag(), outcome), outcome));
                }
            }
        }
    }

    /** Of a loop that has ended nobody is there any more. */
    private static void tell(User user, Runnable task, Object what) {
        try {
            user.onLoop(task);
        } catch (RejectedExecutionException ended) {
            if (what instanceof Operation.Write(long _, ByteBuf data, boolean _)) {
                data.release();
            } else if (what instanceof Outcome.Done(ByteBuf data)) {
                data.release();
            }
        }
    }
}
