package dst.realnode.serve;

import dst.nbd.WholeBlocks;
import dst.protocol.BlockPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Signal;
import dst.protocol.WholeBlocksControl;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
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
    /** The only one. */
    private static final int DISK = 0;

    private final int blockSize;
    private final Layer layer;
    private final Tap tap;
    private final WholeBlocks machine = new WholeBlocks(1);
    private final LongObjectHashMap<Asked> asked = new LongObjectHashMap<>();

    /** For whom the disk is asked for something, by its ticket; empty between steps. */
    private final LongObjectHashMap<User> movers = new LongObjectHashMap<>();

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

    /** The layer: which export's they are. */
    SharedBlocks(int blockSize, Layer layer, Tap tap) {
        this.layer = layer;
        this.tap = tap;
        this.blockSize = blockSize;
        step(new WholeBlocksControl.Reblocked(blockSize), new ArrayList<>());
    }

    /** Whether it may go to the disk as it is. */
    boolean needNotKnow(Operation operation) {
        return WholeBlocks.needsNothing(operation, blockSize);
    }

    void submitted(User user, long tag, Operation operation) {
        List<Runnable> due = new ArrayList<>(2);
        synchronized (this) {
            asked.put(++tags, new Asked(user, tag));
            step(new BlockPort.Submit(tags, operation), due);
        }
        due.forEach(Runnable::run);
    }

    void settled(long ticket, Outcome outcome) {
        List<Runnable> due = new ArrayList<>(2);
        synchronized (this) {
            step(new BlockPort.Heard(DISK, new BlockPort.Completed(ticket, outcome)), due);
        }
        due.forEach(Runnable::run);
    }

    private void step(Signal input, List<Runnable> due) {
        List<Signal> outputs = new ArrayList<>(2);
        long now = MachineHost.now();
        tap.saw(now, layer, input);
        machine.step(now, input, outputs);
        for (Signal output : outputs) {
            tap.saw(now, layer, output);
            switch (output) {
                case WholeBlocksControl.MadeFor(long ticket, long tag) ->
                    movers.put(ticket, asked.get(tag).user());
                case BlockPort.Ask(int _, BlockPort.Submit(long ticket, Operation operation)) -> {
                    User user = movers.remove(ticket);
                    due.add(() -> tell(user, () -> user.move(ticket, operation), operation));
                }
                case BlockPort.Completed(long tag, Outcome outcome) -> {
                    Asked whose = asked.remove(tag);
                    due.add(() -> tell(whose.user(), () -> whose.user().completed(whose.tag(), outcome), outcome));
                }
                default -> throw Signal.misplaced(output);
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
