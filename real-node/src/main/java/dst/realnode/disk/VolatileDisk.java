package dst.realnode.disk;

import dst.nbd.port.Extent;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Prng;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk whose cache really is lost when the power is: what was written and not flushed is in this process's memory and nowhere
 * else. So a process that is killed is a power cut too. It is for tests, and takes one request at a time.
 */
public final class VolatileDisk extends RealDisk {
    /** A cache that is full writes some of itself, as that of a drive does. */
    private static final long CACHE_BYTES = 256L << 20;

    private static final int TOGETHER = 1 << 20;

    private final RealDisk below;
    private final ByteBufAllocator memory;
    private final TreeMap<Long, byte[]> unflushed = new TreeMap<>();

    VolatileDisk(String name, RealDisk below, ByteBufAllocator memory) {
        super(new Shape(name, below.size(), below.blockSize(), below.readOnly()), below.state());
        this.below = below;
        this.memory = memory;
    }

    /**
     * The power is cut and comes back: of what was not flushed each block is lost, but for those that the drive happened to have
     * written already, about so many in a hundred. Nothing may run at this moment, and what is next is a new boot, or the end of the
     * process.
     */
    public synchronized void powerCut(long seed, int percentKept) {
        Prng draws = new Prng(seed);
        unflushed.keySet().removeIf(_ -> !draws.chance(percentKept, 100));
        if (writeThrough(unflushed) != null) {
            unflushed.clear();
        }
    }

    /** How many bytes would be lost now. */
    public synchronized long unflushedBytes() {
        return (long) unflushed.size() * blockSize();
    }

    @Override
    @Nullable DiskResult atOnce(DiskRequest request) {
        return null;
    }

    @Override
    synchronized DiskResult atLeisure(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read read -> read(read);
            case DiskRequest.Write write -> {
                keep(write.offset(), write.data());
                yield kept(write.offset(), write.data().readableBytes(), write.durable());
            }
            case DiskRequest.Zero zero -> {
                keepZeros(zero.offset(), zero.length());
                yield kept(zero.offset(), zero.length(), zero.durable());
            }
            case DiskRequest.Trim trim -> {
                keepZeros(trim.offset(), trim.length());
                yield kept(trim.offset(), trim.length(), false);
            }
            case DiskRequest.Flush flush -> {
                DiskResult failed = writeThrough(unflushed);
                yield failed == null ? below.atLeisure(flush) : failed;
            }
            case DiskRequest.Forget forget -> {
                unflushed.clear();
                yield below.atLeisure(forget);
            }
        };
    }

    private DiskResult read(DiskRequest.Read request) {
        DiskResult result = below.atLeisure(request);
        if (result instanceof DiskResult.Data(ByteBuf data)) {
            long end = request.offset() + data.readableBytes();
            unflushed
                    .subMap(request.offset(), end)
                    .forEach((offset, block) ->
                            data.setBytes(data.readerIndex() + (int) (offset - request.offset()), block));
        }
        return result;
    }

    private void keep(long offset, ByteBuf data) {
        for (int i = 0; i < data.readableBytes(); i += blockSize()) {
            byte[] block = new byte[blockSize()];
            data.getBytes(data.readerIndex() + i, block);
            unflushed.put(offset + i, block);
        }
    }

    private void keepZeros(long offset, int length) {
        for (int i = 0; i < length; i += blockSize()) {
            unflushed.put(offset + i, new byte[blockSize()]);
        }
    }

    /** Only this range reaches the media at once, if it has to. */
    private DiskResult kept(long offset, int length, boolean durable) {
        DiskResult failed = null;
        if (durable) {
            failed = writeThrough(unflushed.subMap(offset, offset + length));
            failed = failed == null ? failureOf(below.atLeisure(new DiskRequest.Flush(0, 0))) : failed;
        } else if (unflushedBytes() > CACHE_BYTES) {
            failed = writeThrough(unflushed);
        }
        return failed == null ? new DiskResult.Transferred(length) : failed;
    }

    /** Neighbours go together. Null: all of it is below, and no longer here. */
    private @Nullable DiskResult writeThrough(Map<Long, byte[]> blocks) {
        ByteBuf together = memory.directBuffer(TOGETHER, TOGETHER);
        try {
            long start = 0;
            for (Map.Entry<Long, byte[]> block : blocks.entrySet()) {
                boolean next = block.getKey() == start + together.readableBytes();
                if (together.isReadable() && (!next || together.writableBytes() < blockSize())) {
                    DiskResult failed = writeBelow(start, together);
                    if (failed != null) {
                        return failed;
                    }
                    together.clear();
                }
                start = together.isReadable() ? start : block.getKey();
                together.writeBytes(block.getValue());
            }
            DiskResult failed = together.isReadable() ? writeBelow(start, together) : null;
            if (failed == null) {
                blocks.clear();
            }
            return failed;
        } finally {
            together.release();
        }
    }

    /** Whole: below, a write may come short. */
    private @Nullable DiskResult writeBelow(long offset, ByteBuf data) {
        int done = 0;
        while (done < data.readableBytes()) {
            ByteBuf rest = data.slice(data.readerIndex() + done, data.readableBytes() - done);
            DiskResult result = below.atLeisure(new DiskRequest.Write(0, 0, offset + done, rest, false));
            if (!(result instanceof DiskResult.Transferred(int bytes))) {
                return result;
            }
            done += bytes;
        }
        return null;
    }

    private static @Nullable DiskResult failureOf(DiskResult result) {
        return result instanceof DiskResult.Failed ? result : null;
    }

    @Override
    long madePossible(long wanted) throws IOException {
        return below.possibleSize(wanted);
    }

    @Override
    synchronized long resized(long wanted) throws IOException {
        below.resize(wanted);
        unflushed.tailMap(below.size()).clear();
        return below.size();
    }

    @Override
    public List<Extent> extents(long offset, long length) {
        return List.of(new Extent(length, false, false));
    }

    @Override
    long losses() {
        return below.losses();
    }

    @Override
    public void ending() {
        below.ending();
    }

    @Override
    public String lost() {
        return below.lost();
    }

    @Override
    void release() {
        below.close();
    }
}
