package dst.sim;

import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.fault.Fault;
import dst.protocol.fault.FaultKind;
import dst.sim.DiskOperation.What;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk with a volatile cache over a platter. Operations run side by side and end in any order; each block is written whole or
 * not, and nothing else is promised before a flush.
 */
final class SimulatedDisk {
    final DiskFaults faults;
    private final Scene scene;
    private final Plan.DiskPlan plan;
    private final long source;
    private int blockSize;
    private Blocks blocks;
    private final ArrayList<DiskOperation> running = new ArrayList<>();
    private final ArrayList<DiskOperation> free = new ArrayList<>();
    private long size;
    private long ordinals;
    private long powerCuts;
    private long opens;
    private long restored;
    private long moments;

    SimulatedDisk(Scene scene, Plan.DiskPlan plan, long source, DiskFaults faults, long size, int blockSize) {
        this.scene = scene;
        this.faults = faults;
        this.plan = plan;
        this.source = source;
        this.size = size;
        this.blockSize = blockSize;
        this.blocks = newBlocks();
    }

    private Blocks newBlocks() {
        boolean goesBack =
                scene.plan.faults().stream().anyMatch(fault -> fault.strike() instanceof Fault.Strike.OlderDisk);
        return new Blocks(blockSize, goesBack ? new Past() : null);
    }

    long size() {
        return size;
    }

    int blockSize() {
        return blockSize;
    }

    void submit(DiskRequest request, DiskUse port) {
        DiskOperation operation = free.isEmpty() ? new DiskOperation(this, port) : free.removeLast();
        long ordinal = ++ordinals;
        operation.begin(request, port, ordinal, Prng.hash(source, ordinal, 0, 0));
        port.began();
        operation.submitted = ++moments;
        count(operation.what);
        operation.failure = wrong(operation);
        operation.endsAt = faults.endsAt(nanos(operation));
        if (operation.failure == null) {
            faults.befall(operation, this);
        }
        operation.runningPlace = running.size();
        running.add(operation);
        scene.clock.schedule(operation, operation.drawEffect(scene.now()));
    }

    // What its hosts do with it.

    /** A process has opened it. D5: what only the cache had, because a flush failed and was told to nobody, is not to be read. */
    void forget() {
        blocks.lose(Prng.hash(source, ++opens, 2, 0));
    }

    /** The process at that port is gone: what runs goes on to its end in the kernel, and nobody is told. */
    void orphan(DiskUse port) {
        for (DiskOperation operation : running) {
            if (operation.port.equals(port)) {
                orphan(operation);
            }
        }
    }

    private static void orphan(DiskOperation operation) {
        ByteBuf data = operation.data;
        if (data != null) {
            operation.data = operation.what == What.WRITE ? Unpooled.copiedBuffer(data) : null;
            data.release();
        }
        operation.orphan = true;
    }

    boolean isIdle() {
        return running.isEmpty();
    }

    /** What runs writes any of its blocks or none; then of each block any unflushed content is left, or the durable one. */
    void powerCut() {
        long luck = Prng.hash(source, ++powerCuts, 1, 0);
        long torn = faults.isWaiting(FaultKind.TORN_NEIGHBOUR) ? neighbour(luck) : -1;
        blocks.lose(luck);
        for (DiskOperation operation : running) {
            scene.clock.cancel(operation);
            for (int block = 0; block < operation.blocks && operation.what.changes(); block++) {
                if (!operation.hasBegunWith(block) && operation.failure == null && operation.drawBlock(block)) {
                    breakOff(operation, block);
                }
            }
            operation.port.brokenOff();
            recycle(operation);
        }
        running.clear();
        if (torn >= 0 && faults.tears(new Range(torn * blockSize, blockSize))) {
            blocks.tear(torn);
        }
    }

    /** A block beside one that is being written, on the media and no part of any unflushed write; negative if there is none. */
    private long neighbour(long luck) {
        TreeSet<Long> written = new TreeSet<>(blocks.unflushed());
        for (DiskOperation operation : running) {
            for (int block = 0; block < operation.blocks && operation.what.changes(); block++) {
                written.add(operation.firstBlock + block);
            }
        }
        List<Long> neighbours = written.stream()
                .flatMap(number -> Stream.of(number - 1, number + 1))
                .filter(number -> !written.contains(number) && blocks.isOnMedia(number))
                .toList();
        return neighbours.isEmpty() ? -1 : neighbours.get((int) Draw.between(luck, 0, neighbours.size() - 1L));
    }

    /** Holds what it held at an earlier flush, as after a backup was restored; whether anything is older now. Nothing runs. */
    boolean goBack() {
        return blocks.goBack(Prng.hash(source, ++restored, 4, 0));
    }

    void resize(long newSize) {
        size = newSize;
        blocks.discard(newSize / blockSize, Long.MAX_VALUE);
    }

    /** What lies there is gone. */
    void discard(long from, long to) {
        blocks.discard(from / blockSize, to / blockSize);
    }

    /** It has blocks of another size from now on, and the media hold what they held. Nothing runs, and the cache is empty. */
    void reblock(int newBlockSize) {
        Blocks before = blocks;
        int oldBlockSize = blockSize;
        blockSize = newBlockSize;
        blocks = newBlocks();
        for (long number : before.present()) {
            byte[] content = before.durable(number);
            for (int from = 0; from < oldBlockSize; from += newBlockSize) {
                blocks.put(number * oldBlockSize + from, content, from, Math.min(oldBlockSize, newBlockSize));
            }
        }
        size -= size % blockSize;
        blocks.discard(size / blockSize, Long.MAX_VALUE);
    }

    void rot(long offset) {
        blocks.rot(offset / blockSize, (int) Draw.between(Prng.hash(source, offset, 2, 0), 0, blockSize * 8L - 1));
    }

    /** What the media hold in so many bytes, which lie in one block or are whole ones; not to be changed. */
    byte[] durable(long offset, int length) {
        if (length == blockSize) {
            return blocks.durable(offset / blockSize);
        }
        byte[] content = new byte[length];
        for (int done = 0; done < length; ) {
            byte[] block = blocks.durable((offset + done) / blockSize);
            int from = (int) ((offset + done) % blockSize);
            int part = Math.min(length - done, blockSize - from);
            System.arraycopy(block, from, content, done, part);
            done += part;
        }
        return content;
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
        DiskUse port = operation.port;
        recycle(operation);
        port.ended(ticket, result, orphan);
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
            room = operation.port.pages().room(operation.bytes());
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

    private void count(What what) {
        switch (what) {
            case READ -> scene.counts.count(Counts.Item.DISK_READS);
            case WRITE, ZERO, TRIM -> scene.counts.count(Counts.Item.DISK_WRITES);
            case FLUSH -> scene.counts.count(Counts.Item.DISK_FLUSHES);
            case FORGET -> {}
        }
    }
}
