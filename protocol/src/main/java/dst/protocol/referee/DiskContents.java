package dst.protocol.referee;

import dst.protocol.Device;
import dst.protocol.DiskResult;
import dst.protocol.Kind;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.ServerControl;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.trace.WorldEvent;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;

/**
 * What a disk promises ({@code DiskRequest}): a read returns what was written there last (R5), what it said to be durable is
 * there after a power cut (D1), and it moves no more than it was asked to (R4). It outlives every server process.
 */
final class DiskContents extends ServerObserver {
    /** Over all disks; more is not remembered. */
    private static final int BLOCKS_MAX = 1 << 18;

    private static final int VERSIONS_MAX = 1 << 20;

    private final ServerLife life;
    private final BlockSums sums;
    private final Charge d1;
    private final Charge r4;
    private final Charge r5;
    private final ArrayList<Platter> platters = new ArrayList<>();
    private long clock;
    /** Of all disks together: how many blocks are remembered, and room for how many versions of them. */
    private int blocks;

    private int versions;

    /** One disk's blocks. */
    private final class Platter {
        final int number;
        final LongObjectHashMap<BlockHistory> blocks = new LongObjectHashMap<>();
        int blockSize;
        /** The present process has opened it: it is the same disk as before. */
        boolean confirmed;

        Unique identity = Unique.NONE;
        long size;
        /** When the last flush was issued that ended well. */
        long flushed;
        /** Its last export is gone. */
        boolean removed;

        Platter(int number) {
            this.number = number;
        }

        BlockHistory block(long index) {
            BlockHistory block = blocks.get(index);
            if (block == null) {
                if (DiskContents.this.blocks >= BLOCKS_MAX || versions >= VERSIONS_MAX) {
                    platters.forEach(Platter::forgetBlocks);
                }
                block = new BlockHistory();
                blocks.put(index, block);
                DiskContents.this.blocks++;
                versions += block.room();
            }
            return block;
        }

        void forgetBlocks() {
            DiskContents.this.blocks -= blocks.size();
            for (BlockHistory block : blocks.values()) {
                versions -= block.room();
            }
            blocks.clear();
        }

        /** What is there now nobody here has seen. */
        void forget() {
            forgetBlocks();
            flushed = 0;
        }
    }

    DiskContents(ServerLife life, BlockSums sums, Charges charges) {
        this.life = life;
        this.sums = sums;
        this.d1 = charges.charge(Rules.D1, Side.DISK);
        this.r4 = charges.charge(Rules.R4, Side.DISK);
        this.r5 = charges.charge(Rules.R5, Side.DISK);
    }

    private Platter platter(int number) {
        for (int i = 0; i < platters.size(); i++) {
            if (platters.get(i).number == number) {
                return platters.get(i);
            }
        }
        platters.removeIf(platter -> {
            if (platter.removed) {
                platter.forget();
            }
            return platter.removed;
        });
        Platter platter = new Platter(number);
        platters.add(platter);
        return platter;
    }

    @Override
    void told(long now, Signal output) {
        if (output instanceof ServerControl.Removed removed) {
            ExportView export = life.export(removed.export());
            if (export != null && life.only(export.disk) == export) {
                platter(export.disk.number).removed = true;
            }
        }
    }

    /** The server is gone; its disks are not. */
    @Override
    void began() {
        for (Platter platter : platters) {
            platter.confirmed = false;
            for (BlockHistory block : platter.blocks.values()) {
                block.abandon();
            }
        }
    }

    /** Another device under the same number, or one cut otherwise: nothing is known of it. */
    @Override
    void exportOpened(long now, ExportView export) {
        Platter platter = platter(export.disk.number);
        int blockSize = BlockSums.followed(life.blockSize(export.disk));
        Device device = export.export.device();
        boolean same = device.identity().equals(platter.identity) && device.size() == platter.size;
        if (blockSize != platter.blockSize || !same) {
            platter.forget();
        }
        platter.removed = false;
        if (platter.blockSize != 0 && life.only(export.disk) == null) {
            platter.blockSize = 0; // Two exports on one disk: their identities cannot be told from a replaced disk's.
        } else {
            platter.blockSize = blockSize;
        }
        platter.identity = device.identity();
        platter.size = device.size();
        platter.confirmed = true;
    }

    @Override
    void struck(long now, WorldEvent event) {
        switch (event) {
            case WorldEvent.PowerCut it -> {
                clock++;
                for (Platter platter : platters) {
                    lose(platter, true);
                }
            }
            case WorldEvent.MediaHolds it -> checkMedia(now, it);
            case WorldEvent.ProcessStarted it -> {}
            case WorldEvent.ProcessCrashed it -> {}
            case WorldEvent.ProcessEnded it -> {}
            case WorldEvent.Struck it -> {}
            case WorldEvent.Healed it -> {}
            case WorldEvent.ClockSet it -> {}
            case WorldEvent.UsedByOthers it -> platter(it.disk()).forget();
        }
    }

    /** D5: a disk is opened with its cache forgotten, so that no read shows what a flush, tried before, will never write. */
    @Override
    void diskOpened(long now, DiskView disk) {
        clock++;
        lose(platter(disk.number), true);
    }

    private void lose(Platter platter, boolean certainly) {
        for (BlockHistory block : platter.blocks.values()) {
            block.settle(platter.flushed);
            block.lose(clock, certainly);
        }
    }

    @Override
    void starts(long now, DiskView disk, DiskOperation operation) {
        Platter platter = platter(disk.number);
        operation.begun = ++clock;
        if (platter.blockSize == 0) {
            return;
        }
        if (operation.kind == null) {
            touchAll(platter);
        } else if (operation.changes) {
            boolean whole = isWhole(platter, operation);
            long first = operation.offset / platter.blockSize;
            long end = (operation.end() + platter.blockSize - 1) / platter.blockSize;
            long zero = operation.kind == Kind.ZERO ? sums.zeroIdentity(platter.blockSize) : 0;
            for (long index = first; index < end; index++) {
                boolean definite = whole && operation.kind != Kind.TRIM;
                long content =
                        definite && operation.kind == Kind.WRITE ? operation.blocks[(int) (index - first)] : zero;
                BlockHistory block = platter.block(index);
                versions -= block.room();
                block.begin(clock, now, content, !definite, d1.now());
                versions += block.room();
            }
        }
    }

    private static void touchAll(Platter platter) {
        for (BlockHistory block : platter.blocks.values()) {
            block.changedAt = Long.MAX_VALUE;
        }
    }

    private static boolean isWhole(Platter platter, DiskOperation operation) {
        return operation.offset % platter.blockSize == 0 && operation.length % platter.blockSize == 0;
    }

    @Override
    void ended(long now, DiskView disk, DiskOperation operation, DiskResult result) {
        Platter platter = platter(disk.number);
        long began = operation.begun;
        clock++;
        checkLength(now, operation, result);
        if (operation.kind == null) {
            lose(platter, !(result instanceof DiskResult.Failed));
        } else if (operation.kind == Kind.FLUSH) {
            if (result instanceof DiskResult.Failed) {
                lose(platter, false);
            } else {
                platter.flushed = Math.max(platter.flushed, began);
            }
        } else if (platter.blockSize > 0) {
            if (operation.changes) {
                changed(platter, operation, began, result);
            } else if (result instanceof DiskResult.Data data && operation.offset % platter.blockSize == 0) {
                read(now, platter, operation, began, data.data());
            }
        }
    }

    private void checkLength(long now, DiskOperation operation, DiskResult result) {
        r4.seen();
        long moved = switch (result) {
            case DiskResult.Transferred it -> it.bytes();
            case DiskResult.Data it -> it.data().readableBytes();
            case DiskResult.Failed it -> 0;
        };
        if (moved < 0 || moved > operation.length) {
            r4.broken(
                    now,
                    "the disk said at ",
                    new Sentence.Time(now),
                    " that it moved ",
                    moved,
                    " bytes for ",
                    operation);
        }
    }

    private void changed(Platter platter, DiskOperation operation, long began, DiskResult result) {
        boolean failed = !(result instanceof DiskResult.Transferred);
        long moved = result instanceof DiskResult.Transferred it ? operation.offset + it.bytes() : operation.offset;
        int size = platter.blockSize;
        for (long index = operation.offset / size; index * size < operation.end(); index++) {
            BlockHistory block = platter.block(index);
            boolean well = !failed && (index + 1) * size <= moved;
            boolean torn = failed || (!well && index * size < moved);
            block.end(began, clock, well, operation.durable, torn);
            block.settle(platter.flushed);
        }
    }

    private void read(long now, Platter platter, DiskOperation operation, long began, ByteBuf data) {
        int size = platter.blockSize;
        long[] read = sums.identities(data, size);
        long first = operation.offset / size;
        for (int i = 0; i < read.length; i++) {
            BlockHistory block = platter.block(first + i);
            if (block.changedAt > began || block.isRunning()) {
                continue;
            }
            r5.seen();
            if (block.mayShow(read[i])) {
                block.learn(clock, now, read[i], d1.now());
                continue;
            }
            long offset = (first + i) * size;
            if (block.cut) {
                d1.broken(
                        now,
                        block.floorSeen(),
                        "the disk had said that what was written at offset ",
                        new Sentence.Place(new Range(offset, platter.blockSize)),
                        " at ",
                        new Sentence.Time(block.floorTime()),
                        " is durable, but after its cache was lost a read at ",
                        new Sentence.Time(now),
                        " gave neither that nor anything newer");
            } else {
                r5.broken(
                        now,
                        block.lastSeen(),
                        "the disk gave for offset ",
                        new Sentence.Place(new Range(offset, platter.blockSize)),
                        " at ",
                        new Sentence.Time(now),
                        " something else than what was last written there");
            }
            block.forget();
        }
    }

    private void checkMedia(long now, WorldEvent.MediaHolds media) {
        if (platters.size() != 1 || platters.getFirst().blockSize == 0 || !platters.getFirst().confirmed) {
            return;
        }
        Platter platter = platters.getFirst();
        byte[] content = media.content();
        BlockHistory block = platter.blocks.get(media.offset() / platter.blockSize);
        boolean enough = content.length >= Math.min(BlockSums.HEAD, platter.blockSize);
        if (block == null || !enough || media.offset() % platter.blockSize != 0) {
            return;
        }
        block.settle(platter.flushed);
        d1.seen();
        boolean whole = content.length == platter.blockSize;
        if (!block.mayHold(sums.head(content, platter.blockSize), whole ? sums.whole(content) : 0, whole)) {
            d1.broken(
                    now,
                    block.floorSeen(),
                    "the disk had said that what was written at offset ",
                    new Sentence.Place(new Range(media.offset(), content.length)),
                    " at ",
                    new Sentence.Time(block.floorTime()),
                    " is durable, but at the end its media hold neither that nor anything newer");
        }
    }
}
