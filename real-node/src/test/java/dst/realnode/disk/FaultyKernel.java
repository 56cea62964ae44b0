package dst.realnode.disk;

import dst.protocol.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The kernel, but for some calls that it answers as a kernel would above a broken disk. It stands in for what this machine has no
 * device for: a writeback that fails.
 */
final class FaultyKernel extends Native {
    volatile boolean cannotSayWhatIsCached;
    volatile boolean cannotZeroRanges;
    volatile boolean cannotPunchHoles;
    volatile boolean saysWhatIsCached;
    volatile long writeMillis;
    volatile long readError;
    volatile long writeError;
    volatile long durableWriteError;
    volatile int longest = Integer.MAX_VALUE;
    final AtomicInteger syncsToFail = new AtomicInteger();

    Bench open(Path path, Disk.Ended ended) {
        try {
            return Bench.on(new Opening(this, path, Bench.OPTIONS).open(path.toString()), ended);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    long read(int file, long address, long length, long offset, int flags) {
        if (readError < 0) {
            return readError;
        }
        if (flags == NO_WAIT && cannotSayWhatIsCached) {
            return -Errno.NOT_SUPPORTED;
        }
        long read = super.read(file, address, Math.min(length, longest), offset, flags);
        saysWhatIsCached |= flags == NO_WAIT && read > 0;
        return read;
    }

    @Override
    long write(int file, long address, long length, long offset, int flags) {
        if (writeMillis > 0) {
            Waiting.millis(writeMillis);
        }
        long error = flags == DATA_SYNC ? Math.min(writeError, durableWriteError) : writeError;
        return error < 0 ? error : super.write(file, address, Math.min(length, longest), offset, flags);
    }

    @Override
    long dataSync(int file) {
        return syncsToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? -Errno.IO_ERROR : super.dataSync(file);
    }

    @Override
    long allocate(int file, int mode, long offset, long length) {
        boolean cannot = (mode & ZERO_RANGE) != 0 ? cannotZeroRanges : cannotPunchHoles;
        return cannot ? -Errno.NOT_SUPPORTED : super.allocate(file, mode, offset, length);
    }
}
