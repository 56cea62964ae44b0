package dst.sim;

import dst.protocol.Disk;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.sim.DiskOperation.What;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A disk with a volatile cache over a platter. Operations run side by side and end in any order; each block is written whole or
 * not, and nothing else is promised before a flush.
 */
final class SimulatedDisk implements Disk {
    final DiskFaults faults;
    private final Scene scene;
    private final Plan.DiskPlan plan;
    private final long source;
    private final int blockSize;
    private final Blocks blocks;
    private final Disk.Ended ended;
    private final ArrayList<DiskOperation> running = new ArrayList<>();
    private final ArrayList<DiskOperation> free = new ArrayList<>();
    private long size;
    private long ordinals;
    private long powerCuts;
    private long opens;
    private long restored;
    private long moments;
    private @Nullable Pages pages;
    private @Nullable Runnable whenIdle;

    SimulatedDisk(Scene scene, DiskFaults faults, long size, int blockSize, Disk.Ended ended) {
        this.scene = scene;
        this.faults = faults;
        this.plan = scene.plan.disk();
        this.source = scene.source("disk");
        this.size = size;
        this.blockSize = blockSize;
        boolean goesBack =
                scene.plan.faults().stream().anyMatch(fault -> fault.strike() instanceof Fault.Strike.OlderDisk);
        this.blocks = new Blocks(blockSize, goesBack ? new Past() : null);
        this.ended = ended;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int blockSize() {
        return blockSize;
    }

    @Override
    public void submit(DiskRequest request) {
        DiskOperation operation = free.isEmpty() ? new DiskOperation(this) : free.removeLast();
        long ordinal = ++ordinals;
        operation.begin(request, ordinal, Prng.hash(source, ordinal, 0, 0));
        operation.submitted = ++moments;
        count(operation.what);
        operation.failure = wrong(operation);
        operation.endsAt = faults.endsAt(nanos(operation));
        if (operation.failure == null) {
            fate(operation);
        }
        operation.runningPlace = running.size();
        running.add(operation);
        scene.clock.schedule(operation, operation.drawEffect(scene.now()));
    }

    // What its host does with it.

    /** Whose memory reads go to from now on. */
    void open(Pages processPages) {
        pages = processPages;
        // D5: a flush that failed and was told to nobody left content that can be read and will never be written.
        blocks.lose(Prng.hash(source, ++opens, 2, 0));
    }

    /** The process is gone: what runs goes on to its end in the kernel, and nobody is told. */
    void orphan() {
        for (DiskOperation operation : running) {
            ByteBuf data = operation.data;
            if (data != null) {
                operation.data = operation.what == What.WRITE ? Unpooled.copiedBuffer(data) : null;
                data.release();
            }
            operation.orphan = true;
        }
        whenIdle = null;
        pages = null;
    }

    /** Calls back once, as soon as nothing runs. */
    void whenIdle(Runnable callback) {
        if (running.isEmpty()) {
            callback.run();
        } else {
            whenIdle = callback;
        }
    }

    boolean isIdle() {
        return running.isEmpty();
    }

    /** What runs writes any of its blocks or none; then of each block any unflushed content is left, or the durable one. */
    void powerCut() {
        whenIdle = null;
        long luck = Prng.hash(source, ++powerCuts, 1, 0);
        blocks.lose(luck);
        for (DiskOperation operation : running) {
            scene.clock.cancel(operation);
            for (int block = 0; block < operation.blocks && operation.what.changes(); block++) {
                if (!operation.hasBegunWith(block) && operation.failure == null && operation.drawBlock(block)) {
                    breakOff(operation, block);
                }
            }
            recycle(operation);
        }
        running.clear();
        pages = null;
    }

    /** Holds what it held at an earlier flush, as after a backup was restored; whether anything is older now. Nothing runs. */
    boolean goBack() {
        return blocks.goBack(Prng.hash(source, ++restored, 4, 0));
    }

    void resize(long newSize) {
        size = newSize;
        blocks.truncate(newSize / blockSize);
    }

    void rot(long offset) {
        blocks.rot(offset / blockSize, (int) Draw.between(Prng.hash(source, offset, 2, 0), 0, blockSize * 8L - 1));
    }

    /** What the media hold; not to be changed. */
    byte[] durable(long offset) {
        return blocks.durable(offset / blockSize);
    }

    // What its operations do.

    void later(DiskOperation operation, long at) {
        scene.clock.schedule(operation, at);
    }

    void takeEffect(DiskOperation operation, int block, long moment) {
        long number = operation.firstBlock + block;
        switch (operation.what) {
            case READ -> {
                if (!operation.orphan) {
                    room(operation).writeBytes(blocks.visible(number), 0, blockSize);
                }
            }
            case WRITE, ZERO, TRIM -> {
                byte[] content = content(operation, block);
                if (content != null) {
                    blocks.write(number, content, operation.ordinal, moment);
                }
            }
            case FLUSH, FORGET -> throw new IllegalStateException("touches no block by itself");
        }
    }

    void end(DiskOperation operation) {
        DiskResult result = switch (operation.what) {
            case READ -> endRead(operation);
            case WRITE, ZERO, TRIM -> endChange(operation);
            case FLUSH -> endFlush(operation);
            case FORGET -> endForget(operation);
        };
        long ticket = operation.ticket;
        boolean orphan = operation.orphan;
        DiskOperation last = running.removeLast();
        if (operation.runningPlace < running.size()) {
            running.set(operation.runningPlace, last);
            last.runningPlace = operation.runningPlace;
        }
        recycle(operation);
        if (!orphan) {
            ended.ended(ticket, result);
        }
        Runnable callback = whenIdle;
        if (callback != null && running.isEmpty()) {
            whenIdle = null;
            callback.run();
        }
    }

    private DiskResult endRead(DiskOperation operation) {
        if (operation.failure != null) {
            return new DiskResult.Failed(operation.failure);
        }
        // Its room may have been the page for which the process ended; then nobody is told.
        if (operation.orphan) {
            return new DiskResult.Transferred(0);
        }
        for (int block = 0; block < operation.blocks; block++) {
            if (!operation.hasBegunWith(block)) {
                takeEffect(operation, block, 0);
            }
        }
        ByteBuf data = operation.data;
        operation.data = null;
        return data == null ? new DiskResult.Transferred(0) : new DiskResult.Data(data);
    }

    private DiskResult endChange(DiskOperation operation) {
        long moment = ++moments;
        boolean early = operation.isEarlyAtAll();
        boolean durable = operation.durable && !operation.lying && operation.failure == null;
        for (int block = 0; block < operation.blocks && !operation.dropped; block++) {
            long number = operation.firstBlock + block;
            if (operation.failure == null ? !operation.hasBegunWith(block) : operation.drawBlock(block)) {
                takeEffect(operation, block, moment);
            }
            if (durable) {
                blocks.makeDurable(number, operation.ordinal);
            } else if (early) {
                blocks.ended(number, operation.ordinal, moment);
            }
        }
        return operation.failure == null
                ? new DiskResult.Transferred(operation.bytes())
                : new DiskResult.Failed(operation.failure);
    }

    private DiskResult endFlush(DiskOperation operation) {
        moments++;
        if (operation.failure != null) {
            blocks.failFlush(operation.draw(3));
            return new DiskResult.Failed(operation.failure);
        }
        if (!operation.lying) {
            blocks.flush(operation.submitted, operation.draw(3));
        }
        return new DiskResult.Transferred(0);
    }

    private DiskResult endForget(DiskOperation operation) {
        blocks.lose(operation.draw(3));
        return new DiskResult.Transferred(0);
    }

    /** What the block will hold, owned by whoever asked; null if it stays as it is (D6: a trim may leave the old content). */
    private byte @Nullable [] content(DiskOperation operation, int block) {
        ByteBuf data = operation.data;
        if (operation.what == What.WRITE && data != null) {
            byte[] content = blocks.newContent();
            data.getBytes(data.readerIndex() + block * blockSize, content, 0, blockSize);
            return content;
        }
        return operation.what == What.TRIM && operation.drawBlock(block) ? null : blocks.zeros();
    }

    private void breakOff(DiskOperation operation, int block) {
        byte[] content = operation.dropped ? null : content(operation, block);
        if (content != null) {
            blocks.writeDurable(operation.firstBlock + block, content);
        }
    }

    private ByteBuf room(DiskOperation operation) {
        ByteBuf room = operation.data;
        if (room == null) {
            Pages own = pages;
            if (own == null) {
                throw new IllegalStateException("a disk that no process has opened");
            }
            room = own.room(operation.bytes());
            operation.data = room;
        }
        return room;
    }

    private void recycle(DiskOperation operation) {
        ByteBuf data = operation.data;
        if (data != null) {
            data.release();
            operation.data = null;
        }
        free.add(operation);
    }

    private @Nullable Problem wrong(DiskOperation operation) {
        if (operation.what == What.FLUSH || operation.what == What.FORGET) {
            return null;
        }
        long offset = operation.offset;
        int length = operation.length;
        if (offset % blockSize != 0 || length % blockSize != 0) {
            operation.blocks = 0;
            return Problem.NOT_ALIGNED;
        }
        if (offset < 0 || length <= 0 || offset > size - length) {
            operation.blocks = 0;
            return Problem.OUT_OF_RANGE;
        }
        return null;
    }

    private long nanos(DiskOperation operation) {
        boolean flush = operation.what == What.FLUSH || operation.what == What.FORGET || operation.durable;
        long least = flush ? plan.flushNanosMin() : plan.latencyNanosMin();
        long most = flush ? plan.flushNanosMax() : plan.latencyNanosMax();
        return Math.max(1, Draw.between(operation.draw(0), least, Math.max(least, most)));
    }

    /** What the plan's faults do to the operation. */
    private void fate(DiskOperation operation) {
        if (!faults.isArmed()) {
            return;
        }
        What what = operation.what;
        if (what.changes()) {
            operation.endsAt = Math.max(operation.endsAt, faults.stalledUntil(operation));
            if (faults.hits("write-error", operation)) {
                operation.failure = Problem.IO_ERROR;
            } else if (what != What.TRIM && faults.hits("disk-full", operation)) {
                operation.failure = Problem.NO_SPACE;
            } else if (faults.hits("lost-write", operation)) {
                operation.dropped = true;
            } else if (what == What.WRITE && size > blockSize && faults.hits("misdirect", operation)) {
                boolean atEnd = operation.offset + operation.length + blockSize > size;
                operation.firstBlock += atEnd ? -1 : 1;
            }
        } else if (what == What.READ ? faults.hits("read-error", operation) : isFlushError(operation)) {
            operation.failure = Problem.IO_ERROR;
        }
        if (operation.failure == null && (what == What.FLUSH || operation.durable)) {
            operation.lying = faults.hits("lying-flush", operation);
        }
        if (operation.failure == null && operation.blocks > 1 && faults.hits("short-transfer", operation)) {
            operation.blocks = (int) Draw.between(operation.draw(4), 1, operation.blocks - 1L);
        }
        if (operation.failure == null) {
            operation.blocks = faults.blocksMax(operation, blockSize);
        }
    }

    private boolean isFlushError(DiskOperation operation) {
        return operation.what == What.FLUSH && faults.hits("flush-error", operation);
    }

    private void count(What what) {
        switch (what) {
            case READ -> scene.counts.count(Counts.Item.DISK_READS);
            case WRITE, ZERO, TRIM -> scene.counts.count(Counts.Item.DISK_WRITES);
            case FLUSH -> scene.counts.count(Counts.Item.DISK_FLUSHES);
            case FORGET -> {}
        }
    }
}
