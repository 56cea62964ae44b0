package dst.realnode.disk;

import dst.nbd.port.Extent;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A disk in this process's memory, gone with it. It takes up what was written to. All but large zeroing is done at once; what is read is a
 * copy, since a part of the disk itself would change under its reader.
 */
final class MemoryDisk extends RealDisk {
    private static final long PAGE = 4096;
    /** Giving back a page takes the kernel 50 ns or so. */
    private static final int ZERO_AT_ONCE = 8 << 20;

    private final Native kernel;
    private final ByteBufAllocator memory;
    private volatile long base;

    MemoryDisk(Shape shape, ByteBufAllocator memory) throws IOException {
        super(shape, StateDirectory.inMemory());
        this.kernel = Native.LINUX;
        this.memory = memory;
        this.base = kernel.map(shape.size());
        if (base < 0) {
            throw new IOException(shape.name() + ": the kernel gives no " + shape.size() + " bytes of address space: "
                    + Errno.words(base) + ": make the disk smaller, or raise ulimit -v");
        }
    }

    @Override
    @Nullable DiskResult atOnce(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Zero zero when zero.length() > ZERO_AT_ONCE -> null;
            case DiskRequest.Trim trim when trim.length() > ZERO_AT_ONCE -> null;
            default -> atLeisure(request);
        };
    }

    @Override
    DiskResult atLeisure(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read(long _, long _, long offset, int length) -> {
                ByteBuf data = memory.directBuffer(length, length);
                Addresses.copy(base + offset, Addresses.of(data, 0, length), length);
                yield new DiskResult.Data(data.writerIndex(length));
            }
            case DiskRequest.Write(long _, long _, long offset, ByteBuf data, boolean _) -> {
                Addresses.copy(data, base + offset);
                yield new DiskResult.Transferred(data.readableBytes());
            }
            case DiskRequest.Zero(long _, long _, long offset, int length, boolean _) -> zeroed(offset, length);
            case DiskRequest.Trim(long _, long _, long offset, int length) -> zeroed(offset, length);
            case DiskRequest.Flush _, DiskRequest.Forget _ -> new DiskResult.Transferred(0);
        };
    }

    /** Whole pages are given back to the kernel. */
    private DiskResult zeroed(long offset, int length) {
        long end = offset + length;
        long firstPage = Math.min(end, (offset + PAGE - 1) & -PAGE);
        long lastPage = Math.max(firstPage, end & -PAGE);
        Addresses.fill(base + offset, firstPage - offset);
        Addresses.fill(base + lastPage, end - lastPage);
        if (lastPage > firstPage && kernel.giveBack(base + firstPage, lastPage - firstPage) < 0) {
            Addresses.fill(base + firstPage, lastPage - firstPage);
        }
        return new DiskResult.Transferred(length);
    }

    @Override
    long madePossible(long wanted) throws IOException {
        if (wanted > size()) {
            long tried = kernel.map(wanted);
            if (tried < 0) {
                throw noRoom(wanted, tried);
            }
            kernel.unmap(tried, wanted);
        }
        return wanted == 0 ? size() : wanted;
    }

    private IOException noRoom(long wanted, long failed) {
        return new IOException(
                name() + ": the kernel gives no " + wanted + " bytes of address space: " + Errno.words(failed));
    }

    @Override
    long resized(long wanted) throws IOException {
        if (wanted == 0) {
            return size();
        }
        if (wanted < size()) {
            // The rest of the last page that stays.
            long pageEnd = (wanted + PAGE - 1) & -PAGE;
            Addresses.fill(base + wanted, Math.min(size(), pageEnd) - wanted);
        }
        long moved = kernel.remap(base, size(), wanted);
        if (moved < 0) {
            throw noRoom(wanted, moved);
        }
        base = moved;
        return wanted;
    }

    @Override
    public List<Extent> extents(long offset, long length) {
        return List.of(new Extent(length, false, false));
    }

    @Override
    long losses() {
        return 0;
    }

    @Override
    void release() {
        kernel.unmap(base, size());
    }
}
