package dst.realnode.disk;

import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file, through the page cache. What the cache holds is read at once, and writes go into it at once while that is quick; the
 * rest, and whatever has to reach the media, is left to workers.
 */
final class FileDisk extends StoredDisk {
    /** What is copied at once at most: a tenth of a millisecond. */
    private static final int AT_ONCE = 1 << 20;

    private final Pace writes = new Pace();
    private final Pace reads = new Pace();
    private volatile boolean asksCache;

    FileDisk(Shape shape, StateDirectory state, OpenFile file, Path path, ByteBufAllocator memory) {
        super(shape, state, file, path, memory);
        this.asksCache = !file.inMemory();
    }

    @Override
    @Nullable DiskResult atOnce(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read read -> read.length() <= AT_ONCE ? readAtOnce(read) : null;
            case DiskRequest.Write write ->
                write.durable() || write.data().readableBytes() > AT_ONCE ? null : writeAtOnce(write);
            case DiskRequest.Zero _, DiskRequest.Trim _, DiskRequest.Flush _, DiskRequest.Forget _ -> null;
        };
    }

    private @Nullable DiskResult readAtOnce(DiskRequest.Read request) {
        if (!asksCache) {
            return file.inMemory() ? read(request) : readIfQuick(request);
        }
        int length = request.length();
        ByteBuf data = room(length);
        long read = file.readCached(Addresses.of(data, 0, length), length, request.offset());
        int whole = whole(read);
        if (whole > 0) {
            return new DiskResult.Data(data.writerIndex(whole));
        }
        data.release();
        // Not in the cache, or not all of a block; an end of the file or an error is the worker's to tell.
        asksCache = read >= 0 || -read != Errno.NOT_SUPPORTED;
        return asksCache ? null : readIfQuick(request);
    }

    /** A file system that cannot be asked what it has at hand. */
    private @Nullable DiskResult readIfQuick(DiskRequest.Read request) {
        long start = System.nanoTime();
        if (!reads.quick(start)) {
            return null;
        }
        DiskResult result = read(request);
        long now = System.nanoTime();
        reads.took(now - start, now);
        return result;
    }

    private @Nullable DiskResult writeAtOnce(DiskRequest.Write request) {
        long start = System.nanoTime();
        if (!writes.quick(start)) {
            return null;
        }
        DiskResult result = write(request);
        long now = System.nanoTime();
        writes.took(now - start, now);
        return result;
    }

    @Override
    DiskResult write(DiskRequest.Write request) {
        return changed(request, file.write(request.data(), request.offset(), request.durable(), memory));
    }

    @Override
    ByteBuf room(int length) {
        return memory.directBuffer(length, length);
    }
}
