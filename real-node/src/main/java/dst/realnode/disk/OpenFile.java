package dst.realnode.disk;

import dst.nbd.port.Extent;
import dst.protocol.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An open file or block device that is locked: whole transfers where the kernel makes short ones, and the best way there is to
 * zero, trim and forget. What the kernel says cannot be done here is not tried again. Results are bytes, or errors below 0.
 */
final class OpenFile {
    private static final int FORGET_TRIES = 50;

    private final Native kernel;
    private final int descriptor;
    private final boolean device;
    private final boolean inMemory;
    private final Losses losses = new Losses();
    private volatile boolean zeroesRanges = true;
    private volatile boolean punchesHoles = true;
    private volatile boolean discards = true;
    private volatile boolean seeksHoles = true;
    private volatile boolean cutOff;

    OpenFile(Native kernel, int descriptor, boolean device) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.device = device;
        this.inMemory = kernel.fileSystem(descriptor) == Native.TMPFS && !device;
    }

    /** What there is to know it by. */
    Recognition.Found found(long size) {
        FileStatus status = kernel.status(descriptor);
        if (device) {
            String name = status == null ? "" : BlockDeviceName.of(status.device());
            return new Recognition.Found(size, name, true, Optional.empty());
        }
        return new Recognition.Found(
                size,
                status == null ? "" : status.born(),
                status == null || status.allocated() > 0,
                Mark.of(kernel, descriptor));
    }

    boolean mark(Mark mark) {
        return !device && mark.put(kernel, descriptor);
    }

    /** Whether there is anything in it but holes; true where that is not known. */
    boolean holdsData() {
        FileStatus status = device ? null : kernel.status(descriptor);
        return status == null || status.allocated() > 0;
    }

    /** Whether its page cache is all there is of it (tmpfs). */
    boolean inMemory() {
        return inMemory;
    }

    long close() {
        return kernel.close(descriptor);
    }

    /** One try without waiting for the disk: fewer bytes, or {@link Errno#AGAIN}, where it would have to. */
    long readCached(long address, int length, long offset) {
        return kernel.read(descriptor, address, length, offset, Native.NO_WAIT);
    }

    long read(long address, int length, long offset) {
        long done = 0;
        while (done < length) {
            long read = kernel.read(descriptor, address + done, length - done, offset + done, 0);
            if (read <= 0) {
                // Nothing where there must be something: somebody made the file shorter.
                return done > 0 ? done : read < 0 ? read : -Errno.IO_ERROR;
            }
            done += read;
        }
        return done;
    }

    long write(long address, long length, long offset, boolean durable) {
        return durable
                ? losses.durably(() -> write(address, length, offset, Native.DATA_SYNC))
                : write(address, length, offset, 0);
    }

    private long write(long address, long length, long offset, int flags) {
        long done = 0;
        while (done < length) {
            long written = kernel.write(descriptor, address + done, length - done, offset + done, flags);
            if (written <= 0) {
                count(written, flags, address + done, length - done, offset + done);
                return done > 0 ? done : written < 0 ? written : -Errno.IO_ERROR;
            }
            done += written;
        }
        return done;
    }

    /** A durable write may have been told of a loss; but if there is no room, the plain write knows that too, and nothing is lost. */
    private void count(long failed, int flags, long address, long length, long offset) {
        if (flags != 0
                && (Errno.problem(failed) != Problem.NO_SPACE
                        || kernel.write(descriptor, address, length, offset, 0) >= 0)) {
            losses.happened();
        }
    }

    /** Writes what can be read of a buffer, from where it lies if it can. */
    long write(ByteBuf data, long offset, boolean durable, ByteBufAllocator memory) {
        int length = data.readableBytes();
        if (Addresses.hasOne(data)) {
            return write(Addresses.of(data, data.readerIndex(), length), length, offset, durable);
        }
        if (data.isDirect() && !durable) {
            return new Gathering(data.nioBuffers()).write(kernel, descriptor, offset);
        }
        ByteBuf copy = memory.directBuffer(length, length);
        try {
            long address = Addresses.of(copy, 0, length);
            Addresses.copy(data, address);
            return write(address, length, offset, durable);
        } finally {
            copy.release();
        }
    }

    long sync() {
        return losses.sync(() -> kernel.dataSync(descriptor));
    }

    /** Nobody may have cut it off: what lay behind is lost, also where it is as long again since somebody has written there. */
    boolean holds(long size) {
        long now = device || cutOff ? size : size();
        // Where the kernel does not tell, nothing is known.
        if (cutOff || (now >= 0 && now < size)) {
            cutOff = true;
            losses.happened();
        }
        return !cutOff;
    }

    /** Whoever operates it has said that the size that it has now is meant. */
    void sizeIsMeant() {
        cutOff = false;
    }

    /** What became of its name, if that is another file's by now or nobody's; empty as long as it is this one's. */
    String lostName(Path path) {
        if (device) {
            return "";
        }
        if (Files.notExists(path)) {
            return "was removed";
        }
        FileStatus mine = kernel.status(descriptor);
        FileStatus named = kernel.status(path);
        boolean same = mine == null || named == null || mine.file().equals(named.file());
        return same ? "" : "was exchanged for another one";
    }

    long size() {
        return device ? kernel.ask(descriptor, Native.GET_SIZE, 8) : kernel.seek(descriptor, 0, Native.SEEK_END);
    }

    /** The size that was wanted, once it is durable. */
    long resize(long wanted) {
        if (device) {
            return -Errno.INVALID;
        }
        long failed = kernel.truncate(descriptor, wanted);
        failed = failed < 0 ? failed : sync();
        return failed < 0 ? failed : wanted;
    }

    long losses() {
        return losses.count();
    }

    long zero(long offset, int length, boolean durable) {
        long zeroed = zero(offset, length);
        long failed = zeroed >= 0 && durable ? sync() : 0;
        return failed < 0 ? failed : zeroed;
    }

    /** A hole, wherever there can be one: it takes no room, and what was one stays one. */
    private long zero(long offset, int length) {
        long punched = punch(offset, length);
        if (punched >= 0 || !Errno.unsupported(punched)) {
            return punched;
        }
        if (device) {
            long failed = kernel.tell(descriptor, Native.ZERO_OUT, offset, length);
            return failed < 0 ? failed : length;
        }
        if (zeroesRanges) {
            long failed = kernel.allocate(descriptor, Native.ZERO_RANGE | Native.KEEP_SIZE, offset, length);
            if (failed >= 0 || !Errno.unsupported(failed)) {
                return failed < 0 ? failed : length;
            }
            zeroesRanges = false;
        }
        return writeZeros(offset, length);
    }

    /** Nothing happens where the kernel knows no way: a trim is advice. */
    long trim(long offset, int length) {
        long punched = punch(offset, length);
        if (punched >= 0 || !Errno.unsupported(punched)) {
            return punched;
        }
        if (device && discards) {
            long failed = kernel.tell(descriptor, Native.DISCARD, offset, length);
            discards = failed >= 0 || !Errno.unsupported(failed);
            return discards && failed < 0 ? failed : length;
        }
        return length;
    }

    private long punch(long offset, int length) {
        if (!punchesHoles) {
            return -Errno.NOT_SUPPORTED;
        }
        long failed = kernel.allocate(descriptor, Native.PUNCH_HOLE | Native.KEEP_SIZE, offset, length);
        punchesHoles = failed >= 0 || !Errno.unsupported(failed);
        return failed < 0 ? failed : length;
    }

    private long writeZeros(long offset, int length) {
        long done = 0;
        while (done < length) {
            long piece = Math.min(length - done, Zeros.LENGTH);
            long written = write(Zeros.ADDRESS, piece, offset + done, false);
            if (written < 0) {
                return done > 0 ? done : written;
            }
            done += written;
        }
        return done;
    }

    /**
     * D5: afterwards reads return what the disk gives. What a failed sync left in the page cache is there as if it were clean, so it
     * is dropped like all the rest. The first sync may be told of a failure that somebody else was told of too, or that is past;
     * if the second one fails as well, or something cannot be dropped, the cache is not forgotten.
     */
    long forget() {
        long failed = sync();
        if (failed < 0) {
            failed = sync();
        }
        if (failed < 0 || inMemory) {
            return failed;
        }
        for (int i = 0; i < FORGET_TRIES; i++) {
            failed = kernel.dropCache(descriptor);
            if (failed < 0) {
                return failed;
            }
            long left = kernel.cachedPages(descriptor);
            // A kernel before 6.5 cannot say what is left.
            if (left <= 0) {
                return 0;
            }
            // Somebody reads it at this moment, or has mapped it.
            Waiting.millis(i < 10 ? 1 : 20);
        }
        return -Errno.BUSY;
    }

    /** Allocated and holes in turn, the holes made of whole blocks. */
    List<Extent> extents(long offset, long length, int blockSize) {
        List<Extent> extents = new ArrayList<>();
        long end = offset + length;
        long at = offset;
        long known = offset;
        while (known < end) {
            long data = seek(known, Native.SEEK_DATA, known, end);
            long hole = data < end ? seek(data, Native.SEEK_HOLE, end, end) : end;
            long holeEnd = data >= end ? end : data & -(long) blockSize;
            long dataEnd = Math.min(end, (hole + blockSize - 1) & -(long) blockSize);
            if (holeEnd > at) {
                extents.add(new Extent(holeEnd - at, true, true));
                at = holeEnd;
            }
            if (dataEnd > at) {
                append(extents, dataEnd - at);
                at = dataEnd;
            }
            known = Math.max(at, Math.max(hole, known + 1));
        }
        return extents;
    }

    private static void append(List<Extent> extents, long data) {
        if (!extents.isEmpty() && !extents.getLast().hole()) {
            extents.add(new Extent(extents.removeLast().length() + data, false, false));
        } else {
            extents.add(new Extent(data, false, false));
        }
    }

    private long seek(long from, int whence, long otherwise, long end) {
        if (!seeksHoles) {
            return otherwise;
        }
        long found = kernel.seek(descriptor, from, whence);
        if (found >= 0) {
            return Math.min(found, end);
        }
        if (-found == Errno.NO_SUCH_DEVICE) {
            // ENXIO: no data from here to the end of the file.
            return end;
        }
        seeksHoles = false;
        return otherwise;
    }
}
