package dst.realnode.disk;

import dst.nbd.port.Extent;
import dst.protocol.Disk;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Problem;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One user's way to a disk; all its methods belong to the thread of its loop. What is quick is done within {@code submit}, and its
 * end waits here for {@link #drain}; what may block is done by a worker, whose end comes back through the loop. An end that nobody
 * has drained is told by the loop, so none is forgotten.
 *
 * <p>D5: a flush fails if something was lost since this user last forgot the cache, whoever was told of it first.
 */
public final class DiskUse implements Disk {
    private final RealDisk disk;
    private final Executor loop;
    private final Disk.Ended ended;
    private final Ends ends = new Ends();
    private final ConcurrentLinkedQueue<Job> returned = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean returning = new AtomicBoolean();
    private final Runnable tellLater = this::tellNow;
    private final Runnable takeReturned = this::drainReturned;
    private @Nullable Runnable whenIdle;
    private long lossesKnown;
    private int running;
    private long inline;
    private long handedOver;
    private boolean scheduled;
    private boolean draining;
    private boolean closed;

    DiskUse(RealDisk disk, Executor loop, Disk.Ended ended) {
        this.disk = disk;
        this.loop = loop;
        this.ended = ended;
        this.lossesKnown = disk.losses();
    }

    @Override
    public long size() {
        return disk.size();
    }

    @Override
    public int blockSize() {
        return disk.blockSize();
    }

    @Override
    public void submit(DiskRequest request) {
        if (closed) {
            throw new IllegalStateException("a request to a port that was closed");
        }
        running++;
        Problem objection = disk.objection(request);
        DiskResult result = objection == Problem.NONE ? disk.atOnce(request) : new DiskResult.Failed(objection);
        if (result != null && Whole.lacks(request, result)) {
            // A worker does all of it again: the same bytes once more harm nobody.
            release(result);
            result = null;
        }
        if (result == null) {
            handedOver++;
            Job job = new Job(request);
            if (!disk.later(request, job)) {
                disk.workers.execute(job);
            }
            return;
        }
        inline++;
        end(request, result);
        if (!draining && !scheduled) {
            scheduled = true;
            loop.execute(tellLater);
        }
    }

    /** Tells of every end so far. */
    public void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            takeReturned();
            while (!ends.isEmpty()) {
                DiskResult result = ends.result();
                long ticket = ends.remove();
                running--;
                if (closed) {
                    release(result);
                } else {
                    ended.ended(ticket, result);
                }
            }
        } finally {
            draining = false;
        }
        idle();
    }

    /** As {@link RealDisk#extents}, without waiting: the answer comes through the loop, unless the port was closed. */
    public void extents(long offset, long length, Consumer<List<Extent>> answer) {
        running++;
        disk.workers.execute(() -> {
            List<Extent> extents = disk.extents(offset, length);
            execute(() -> {
                running--;
                if (!closed) {
                    answer.accept(extents);
                }
                idle();
            });
        });
    }

    /**
     * As {@link RealDisk#resize}, without waiting: what went wrong, or null, comes through the loop, unless the port was closed.
     * Nothing may run on the disk, by whichever port.
     */
    public void resize(long wanted, Consumer<@Nullable IOException> told) {
        running++;
        disk.workers.execute(() -> {
            IOException wrong = resized(wanted);
            execute(() -> {
                running--;
                if (!closed) {
                    told.accept(wrong);
                }
                idle();
            });
        });
    }

    private @Nullable IOException resized(long wanted) {
        try {
            disk.resize(wanted);
            return null;
        } catch (IOException wrong) {
            return wrong;
        }
    }

    /** How many requests have not been told to have ended. */
    public int running() {
        return running;
    }

    /** How many requests were done within their submission. */
    public long inline() {
        return inline;
    }

    /** How many requests were left to workers. */
    public long handedOver() {
        return handedOver;
    }

    /** Calls back once, as soon as nothing runs: at once if nothing does. */
    public void whenIdle(Runnable callback) {
        whenIdle = callback;
        idle();
    }

    /** Nobody is told of anything any more; what runs goes on to its end. */
    public void close() {
        closed = true;
        drain();
    }

    private void end(DiskRequest request, DiskResult result) {
        if (request instanceof DiskRequest.Write(long _, long _, long _, ByteBuf data, boolean _)) {
            data.release();
        }
        boolean lost = request instanceof DiskRequest.Flush && lossesKnown != disk.losses();
        ends.add(request.ticket(), lost ? new DiskResult.Failed(Problem.IO_ERROR) : result);
    }

    private void tellNow() {
        scheduled = false;
        drain();
    }

    private void drainReturned() {
        returning.set(false);
        drain();
    }

    private void takeReturned() {
        for (Job job = returned.poll(); job != null; job = returned.poll()) {
            if (job.forgot()) {
                lossesKnown = job.losses;
            }
            end(job.request, job.result());
        }
    }

    private void idle() {
        Runnable callback = whenIdle;
        if (callback != null && running == 0) {
            whenIdle = null;
            callback.run();
        }
    }

    /** False: the loop has ended, and with it everybody who would have to be told. */
    private boolean execute(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    private static void release(DiskResult result) {
        if (result instanceof DiskResult.Data(ByteBuf data)) {
            data.release();
        }
    }

    /** A request on its way through a worker. */
    private final class Job implements Runnable, RealDisk.Ending {
        private final DiskRequest request;
        private @Nullable DiskResult result;
        private @Nullable Throwable mistake;
        private long losses;

        Job(DiskRequest request) {
            this.request = request;
        }

        @Override
        public void run() {
            try {
                ended(Whole.of(disk, request));
            } catch (Throwable wrong) {
                mistake = wrong;
                comeBack();
            }
        }

        @Override
        public void ended(DiskResult known) {
            result = known;
            losses = disk.losses();
            comeBack();
        }

        private void comeBack() {
            returned.add(this);
            if (returning.compareAndSet(false, true) && !execute(takeReturned)) {
                giveBack();
            }
        }

        /** Our own mistakes belong to the one who asked. */
        DiskResult result() {
            DiskResult known = result;
            if (known == null) {
                throw new IllegalStateException("a worker failed at " + request, mistake);
            }
            return known;
        }

        /** Whatever was lost until then is owed to nobody any more. */
        boolean forgot() {
            return request instanceof DiskRequest.Forget && result instanceof DiskResult.Transferred;
        }

        private void giveBack() {
            returning.set(false);
            for (Job job = returned.poll(); job != null; job = returned.poll()) {
                if (job.request instanceof DiskRequest.Write write) {
                    write.data().release();
                }
                if (job.result instanceof DiskResult.Data(ByteBuf data)) {
                    data.release();
                }
            }
        }
    }
}
