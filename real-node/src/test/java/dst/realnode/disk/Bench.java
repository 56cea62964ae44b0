package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dst.protocol.Disk;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A real disk on a table, with one port. */
final class Bench implements AutoCloseable {
    static final Disks.Options OPTIONS = Disks.Options.usual(PooledByteBufAllocator.DEFAULT);

    final Loop loop = new Loop();
    final RealDisk disk;
    final DiskUse port;
    private final Map<Long, DiskResult> results = new HashMap<>();
    private long tickets;

    Bench(RealDisk disk) {
        this(disk, null);
    }

    private Bench(RealDisk disk, Disk.@Nullable Ended ended) {
        this.disk = disk;
        this.port = disk.port(loop, ended == null ? results::put : ended);
    }

    static Bench on(RealDisk disk, Disk.@Nullable Ended ended) {
        return new Bench(disk, ended);
    }

    static Bench open(String source, Disks.Options options) {
        return open(source, options, null);
    }

    static Bench open(String source, Disks.Options options, Disk.@Nullable Ended ended) {
        try {
            return new Bench(Disks.open(source, options), ended);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    DiskResult run(DiskRequest request) {
        port.submit(request);
        loop.runUntil(() -> results.containsKey(request.ticket()));
        return results.remove(request.ticket());
    }

    DiskResult write(long offset, ByteBuf data, boolean durable) {
        return run(new DiskRequest.Write(++tickets, 0, offset, data, durable));
    }

    /** A block full of this byte. */
    DiskResult write(long offset, int content, boolean durable) {
        int size = disk.blockSize();
        ByteBuf data = PooledByteBufAllocator.DEFAULT.directBuffer(size);
        for (int i = 0; i < size; i++) {
            data.writeByte(content);
        }
        return write(offset, data, durable);
    }

    DiskResult zero(long offset, int length) {
        return run(new DiskRequest.Zero(++tickets, 0, offset, length, false));
    }

    DiskResult trim(long offset, int length) {
        return run(new DiskRequest.Trim(++tickets, 0, offset, length));
    }

    DiskResult flush() {
        return run(new DiskRequest.Flush(++tickets, 0));
    }

    DiskResult forget() {
        return run(new DiskRequest.Forget(++tickets, 0));
    }

    DiskResult readResult(long offset, int length) {
        return run(new DiskRequest.Read(++tickets, 0, offset, length));
    }

    byte[] read(long offset, int length) {
        byte[] read = new byte[length];
        for (int done = 0; done < length; ) {
            ByteBuf data = assertInstanceOf(DiskResult.Data.class, readResult(offset + done, length - done))
                    .data();
            int bytes = data.readableBytes();
            data.readBytes(read, done, bytes);
            data.release();
            done += bytes;
        }
        return read;
    }

    /** The first byte of a block. */
    int content(long offset) {
        return read(offset, disk.blockSize())[0];
    }

    static void assertDone(int bytes, DiskResult result) {
        assertEquals(new DiskResult.Transferred(bytes), result);
    }

    static void assertFailed(Problem problem, DiskResult result) {
        assertEquals(new DiskResult.Failed(problem), result);
    }

    @Override
    public void close() {
        port.close();
        loop.runUntil(() -> port.running() == 0);
        disk.close();
    }
}
