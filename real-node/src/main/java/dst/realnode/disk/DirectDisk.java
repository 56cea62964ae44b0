package dst.realnode.disk;

import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A block device or a file past the page cache (O_DIRECT): each request waits for the disk, so each is a worker's. Memory has to be
 * aligned: what is read is read into such memory, and what is written is copied to some unless it happens to lie so.
 */
final class DirectDisk extends StoredDisk {
    /** What every disk is content with. */
    private static final int ALIGNMENT = 4096;

    DirectDisk(Shape shape, StateDirectory state, OpenFile file, Path path, ByteBufAllocator memory) {
        super(shape, state, file, path, memory);
    }

    @Override
    @Nullable DiskResult atOnce(DiskRequest request) {
        return null;
    }

    @Override
    DiskResult write(DiskRequest.Write request) {
        ByteBuf data = request.data();
        int length = data.readableBytes();
        if (Addresses.hasOne(data)) {
            long address = Addresses.of(data, data.readerIndex(), length);
            if (address % ALIGNMENT == 0) {
                return changed(request, file.write(address, length, request.offset(), request.durable()));
            }
        }
        ByteBuf copy = room(length);
        try {
            long address = Addresses.of(copy, copy.readerIndex(), length);
            Addresses.copy(data, address);
            return changed(request, file.write(address, length, request.offset(), request.durable()));
        } finally {
            copy.release();
        }
    }

    /** Its reader index lies at an address that every disk is content with. */
    @Override
    ByteBuf room(int length) {
        ByteBuf buffer = memory.directBuffer(length + ALIGNMENT, length + ALIGNMENT);
        int start = (int) (-Addresses.of(buffer, 0, length) & (ALIGNMENT - 1));
        return buffer.setIndex(start, start);
    }
}
