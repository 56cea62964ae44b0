package dst.realnode.disk;

import dst.nbd.port.Extent;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A disk that the kernel keeps: what a file through the page cache and one past it have in common. */
abstract sealed class StoredDisk extends RealDisk permits FileDisk, DirectDisk {
    final OpenFile file;
    private final Path path;
    final ByteBufAllocator memory;
    private volatile boolean holdsData;

    StoredDisk(Shape shape, StateDirectory state, OpenFile file, Path path, ByteBufAllocator memory) {
        super(shape, state);
        this.file = file;
        this.path = path;
        this.memory = memory;
        this.holdsData = file.holdsData();
    }

    @Override
    final DiskResult atLeisure(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read read -> read(read);
            case DiskRequest.Write write -> {
                DiskResult written = write(write);
                yield write.durable() ? holding(written) : written;
            }
            case DiskRequest.Zero zero ->
                emptied(changed(zero, file.zero(zero.offset(), zero.length(), zero.durable())));
            case DiskRequest.Trim trim -> emptied(changed(trim, file.trim(trim.offset(), trim.length())));
            case DiskRequest.Flush flush -> holding(flushed(flush));
            case DiskRequest.Forget forget -> nothing(forget, file.forget());
        };
    }

    /** D5: what was flushed has to be there still. */
    private DiskResult flushed(DiskRequest.Flush flush) {
        DiskResult synced = nothing(flush, file.sync());
        if (synced instanceof DiskResult.Failed || file.holds(size())) {
            return synced;
        }
        troubles.tell("no flush succeeds any more: somebody has cut off the file, which had fewer than the " + size()
                + " bytes that are served, and what lay behind its end is lost; end this server, and see"
                + " what is left");
        return new DiskResult.Failed(Problem.IO_ERROR);
    }

    /** Before anybody is told that something is durable, its state knows that there is something. */
    private DiskResult holding(DiskResult result) {
        return holdsData ? result : remembered(result);
    }

    /** What was emptied on purpose is not taken for lost. */
    private DiskResult emptied(DiskResult result) {
        return holdsData ? remembered(result) : result;
    }

    private DiskResult remembered(DiskResult result) {
        if (!(result instanceof DiskResult.Failed) && file.holdsData() != holdsData) {
            try {
                rememberWhetherItHoldsData();
            } catch (IOException failed) {
                // What is durable is durable; only a loss might not be noticed.
                troubles.tell(String.valueOf(failed.getMessage()));
            }
        }
        return result;
    }

    private synchronized void rememberWhetherItHoldsData() throws IOException {
        boolean holds = file.holdsData();
        if (holds != holdsData) {
            state().see(known -> known.holding(holds));
            holdsData = holds;
        }
    }

    abstract DiskResult write(DiskRequest.Write request);

    final DiskResult read(DiskRequest.Read request) {
        int length = request.length();
        ByteBuf data = room(length);
        int start = data.readerIndex();
        long read = file.read(Addresses.of(data, start, length), length, request.offset());
        int whole = whole(read);
        if (whole > 0) {
            return new DiskResult.Data(data.writerIndex(start + whole));
        }
        data.release();
        return failed(request, read < 0 ? read : -Errno.IO_ERROR);
    }

    /** Whole blocks of so many bytes, none of an error. */
    final int whole(long bytes) {
        return bytes < 0 ? 0 : (int) bytes & -blockSize();
    }

    /** Memory to read into. */
    abstract ByteBuf room(int length);

    private DiskResult nothing(DiskRequest request, long result) {
        return result < 0 ? failed(request, result) : new DiskResult.Transferred(0);
    }

    /** A file that grows harms nobody, and one that is given the size that it has says whether it can be given any. */
    @Override
    final long madePossible(long wanted) throws IOException {
        long now = had(wanted == 0 ? file.size() : file.resize(Math.max(wanted, file.size())));
        return wanted == 0 ? now : wanted;
    }

    @Override
    final long resized(long wanted) throws IOException {
        long now = had(wanted == 0 ? file.size() : file.resize(wanted));
        if (wanted == 0) {
            file.sizeIsMeant();
        }
        return now;
    }

    private long had(long result) throws IOException {
        if (result <= 0) {
            throw new IOException(name() + " has size " + size() + ": "
                    + (result == -Errno.INVALID
                            ? "a block device is made larger or smaller where it is: do that, and then resize without a size"
                            : result == 0 ? "it cannot be empty" : Errno.words(result)));
        }
        return result;
    }

    @Override
    final long losses() {
        return file.losses();
    }

    @Override
    public final List<Extent> extents(long offset, long length) {
        return file.extents(offset, length, blockSize());
    }

    @Override
    public final String lost() {
        // Of what is only read nothing can be lost here, and whoever publishes a new image may put it in the old one's
        // place.
        String what = readOnly() ? "" : file.lostName(path);
        return what.isEmpty()
                ? ""
                : "the data file " + path + " " + what
                        + " while it was served: what was written is not under that name any"
                        + " more, and is lost unless the file has another name";
    }

    @Override
    final void release() {
        file.close();
    }
}
