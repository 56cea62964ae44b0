package dst.realnode.disk;

import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.nbd.Extent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block device or a file past the page cache (O_DIRECT): each request waits for the disk, so each is a worker's. Memory has to be
 * aligned: what is read is read into such memory, and what is written is copied to some unless it happens to lie so.
 */
final class DirectDisk extends RealDisk {
    /** What every disk is content with. */
    static final int ALIGNMENT = 4096;

    private final OpenFile file;
    private final ByteBufAllocator memory;

    DirectDisk(Shape shape, StateDirectory state, OpenFile file, ByteBufAllocator memory) {
        super(shape, state);
        this.file = file;
        this.memory = memory;
    }

    @Override
    @Nullable DiskResult atOnce(DiskRequest request) {
        return null;
    }

    @Override
    DiskResult atLeisure(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read read -> read(read);
            case DiskRequest.Write write -> changed(write, write(write));
            case DiskRequest.Zero zero -> zero(zero);
            case DiskRequest.Trim trim -> changed(trim, file.trim(trim.offset(), trim.length()));
            case DiskRequest.Flush _ -> nothing(request, file.sync());
            case DiskRequest.Forget _ -> nothing(request, file.forget());
        };
    }

    private DiskResult read(DiskRequest.Read request) {
        int length = request.length();
        ByteBuf data = aligned(length);
        int start = data.readerIndex();
        long read = file.read(Addresses.of(data, start, length), length, request.offset());
        int whole = (int) read & -blockSize();
        if (read > 0 && whole > 0) {
            return new DiskResult.Data(data.writerIndex(start + whole));
        }
        data.release();
        return failed(request, read < 0 ? read : -Errno.IO_ERROR);
    }

    private long write(DiskRequest.Write request) {
        ByteBuf data = request.data();
        int length = data.readableBytes();
        if (Addresses.hasOne(data)) {
            long address = Addresses.of(data, data.readerIndex(), length);
            if (address % ALIGNMENT == 0) {
                return file.write(address, length, request.offset(), request.durable());
            }
        }
        ByteBuf copy = aligned(length);
        try {
            long address = Addresses.of(copy, copy.readerIndex(), length);
            Addresses.copy(data, address);
            return file.write(address, length, request.offset(), request.durable());
        } finally {
            copy.release();
        }
    }

    private DiskResult zero(DiskRequest.Zero request) {
        long zeroed = file.zero(request.offset(), request.length());
        long failed = zeroed >= 0 && request.durable() ? file.sync() : 0;
        return changed(request, failed < 0 ? failed : zeroed);
    }

    private DiskResult nothing(DiskRequest request, long result) {
        return result < 0 ? failed(request, result) : new DiskResult.Transferred(0);
    }

    /** Memory whose reader index lies at an address that every disk is content with. */
    private ByteBuf aligned(int length) {
        ByteBuf buffer = memory.directBuffer(length + ALIGNMENT, length + ALIGNMENT);
        int start = (int) (-Addresses.of(buffer, 0, length) & (ALIGNMENT - 1));
        return buffer.setIndex(start, start);
    }

    @Override
    public List<Extent> extents(long offset, long length) {
        return file.extents(offset, length, blockSize());
    }

    @Override
    void release() {
        file.close();
    }
}
