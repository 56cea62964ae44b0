package dst.realnode.disk;

import dst.nbd.port.Extent;
import dst.protocol.Disk;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Problem;
import dst.protocol.Unique;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An open disk, which is this process's alone until it is closed, and whose cache was forgotten when it was opened (H4). Any number
 * of threads use it, each by a {@link DiskUse} of its own.
 */
public abstract class RealDisk implements AutoCloseable {
    private final Shape shape;
    private final StateDirectory state;
    private volatile long size;
    final Workers workers = new Workers();
    final Troubles troubles;

    /** What there is to know of a disk at once. The name is the source that it was opened from. */
    record Shape(String name, long size, int blockSize, boolean readOnly) {}

    RealDisk(Shape shape, StateDirectory state) {
        this.shape = shape;
        this.state = state;
        this.size = shape.size;
        this.troubles = new Troubles(shape.name);
    }

    public final String name() {
        return shape.name;
    }

    public final long size() {
        return size;
    }

    /** The unit of addressing. */
    public final int blockSize() {
        return shape.blockSize;
    }

    public final boolean readOnly() {
        return shape.readOnly;
    }

    /** Kept with the disk: the same at each opening. */
    public final Unique identity() {
        return state.identity();
    }

    /** What is durable beside the disk. */
    public final StateDirectory state() {
        return state;
    }

    /**
     * One user's way to the disk.
     *
     * @param loop runs on the one thread that uses the port, and never within {@code execute}
     */
    public final DiskUse port(Executor loop, Disk.Ended ended) {
        return new DiskUse(this, loop, ended);
    }

    /**
     * What is allocated and what is a hole within a range that is not empty: one after the other, together the whole range. May
     * block: {@link DiskUse#extents} does not.
     */
    public abstract List<Extent> extents(long offset, long length);

    /**
     * The size that the disk would have, if it is given that one or, if that is 0, is taken with the one that it has got meanwhile.
     * Whoever uses it notices nothing: what can fail fails here, and is not begun. Waits for the disk.
     */
    public final long possibleSize(long wanted) throws IOException {
        if (shape.readOnly && wanted != 0) {
            throw new IOException(name() + " is open for reading only");
        }
        checkWhole(wanted);
        long possible = madePossible(wanted);
        return possible - possible % shape.blockSize;
    }

    /** The size that it would have; it may have become larger already where nobody sees it. */
    abstract long madePossible(long wanted) throws IOException;

    private void checkWhole(long wanted) throws IOException {
        if (wanted < 0 || wanted % shape.blockSize != 0) {
            throw new IOException(
                    name() + ": " + wanted + " bytes are not a whole number of blocks of " + shape.blockSize);
        }
    }

    /**
     * Gives the disk another size, or, if that is 0, the one that it has got meanwhile. Nothing may run on it; waits for the disk. What
     * lies behind a smaller size is gone.
     */
    final void resize(long wanted) throws IOException {
        checkWhole(wanted);
        // Whatever a crash leaves: the disk is never smaller than its state says.
        if (wanted > 0 && wanted < size) {
            state.see(known -> known.sized(wanted));
        }
        long now = resized(wanted);
        size = now - now % shape.blockSize;
        state.see(known -> known.sized(size));
    }

    /** The size that it has now. */
    abstract long resized(long wanted) throws IOException;

    /** In which way what was written is not where it is looked for any more; empty if it is. */
    public String lost() {
        return "";
    }

    /** It is closed soon, and nobody waits for it: that the way to it is lost is no news from now on. */
    public void ending() {}

    /** Waits until nothing runs, and lets go of the disk. */
    @Override
    public void close() {
        boolean idle = workers.close();
        state.close();
        if (idle) {
            release();
        } else {
            // A descriptor that is closed while a call runs on it may be another file's when the call goes on.
            troubles.tell("does not end what runs on it: it stays open, and locked, until this process ends");
        }
    }

    /** Carries a request out if that is certain to be quick; otherwise null, and nothing was done. */
    abstract @Nullable DiskResult atOnce(DiskRequest request);

    /** Who waits for a request's end; told once, on whatever thread. */
    interface Ending {
        void ended(DiskResult result);
    }

    /** Takes a request over, if this disk needs no thread that waits for it; otherwise false, and nothing was done. */
    boolean later(DiskRequest request, Ending ending) {
        return false;
    }

    /**
     * How often the way to the disk was lost, and with it, perhaps, what was not flushed. It is told to be one more before anything
     * that ran ends of it.
     */
    public long cuts() {
        return 0;
    }

    /** Tells of each time that the way to the disk is lost, on whatever thread. */
    public void whenCut(Runnable told) {}

    /** Carries a request out, on a thread that may wait. */
    abstract DiskResult atLeisure(DiskRequest request);

    /** How often something that should have become durable did not; each port hears of it at its next flush. */
    abstract long losses();

    /** Lets go of file and lock. */
    abstract void release();

    /** What is wrong with a request, whatever the disk's state. */
    final Problem objection(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read(long _, long _, long offset, int length) -> objection(offset, length, false);
            case DiskRequest.Write write ->
                objection(write.offset(), write.data().readableBytes(), true);
            case DiskRequest.Zero zero -> objection(zero.offset(), zero.length(), true);
            case DiskRequest.Trim trim -> objection(trim.offset(), trim.length(), true);
            case DiskRequest.Flush _, DiskRequest.Forget _ -> Problem.NONE;
        };
    }

    private Problem objection(long offset, int length, boolean changes) {
        if (changes && shape.readOnly) {
            return Problem.NOT_PERMITTED;
        }
        if (((offset | length) & (shape.blockSize - 1)) != 0) {
            return Problem.NOT_ALIGNED;
        }
        return offset < 0 || length <= 0 || length > size - offset ? Problem.OUT_OF_RANGE : Problem.NONE;
    }

    /**
     * The result of a change of which so many bytes were done, or that failed (negative): what is done is told, and the server asks
     * for the rest, and hears of the error then (R4).
     */
    final DiskResult changed(DiskRequest request, long result) {
        long whole = result - result % shape.blockSize;
        if (result < 0 || whole == 0) {
            return failed(request, result < 0 ? result : -Errno.IO_ERROR);
        }
        return new DiskResult.Transferred((int) whole);
    }

    final DiskResult failed(DiskRequest request, long result) {
        troubles.tell(request, result);
        return new DiskResult.Failed(Errno.problem(result));
    }
}
