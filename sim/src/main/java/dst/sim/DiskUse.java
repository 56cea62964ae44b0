package dst.sim;

import dst.protocol.Disk;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import org.jspecify.annotations.Nullable;

/** One server's way to the disk: whose memory its reads go to, who is told of ends, and how much of it runs. */
final class DiskUse implements Disk {
    private SimulatedDisk disk;
    private final Disk.Ended ended;
    private @Nullable Pages pages;
    private @Nullable Runnable whenIdle;
    private int running;

    DiskUse(SimulatedDisk disk, Disk.Ended ended) {
        this.disk = disk;
        this.ended = ended;
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
        disk.submit(request, this);
    }

    /** A process has the disk from now on, and its memory is where reads go to. */
    void open(SimulatedDisk present, Pages processPages) {
        disk = present;
        pages = processPages;
        disk.forget();
    }

    boolean isOpen() {
        return pages != null;
    }

    /** The process is gone: what runs goes on to its end in the kernel, and nobody is told. */
    void orphan() {
        disk.orphan(this);
        close();
    }

    /** Nothing runs any more, and nobody has the disk. */
    void close() {
        whenIdle = null;
        pages = null;
    }

    /** Calls back once, as soon as nothing runs. */
    void whenIdle(Runnable callback) {
        if (running == 0) {
            callback.run();
        } else {
            whenIdle = callback;
        }
    }

    // What the disk tells.

    void began() {
        running++;
    }

    void brokenOff() {
        running--;
    }

    void ended(long ticket, DiskResult result, boolean orphan) {
        running--;
        if (!orphan) {
            ended.ended(ticket, result);
        }
        Runnable callback = whenIdle;
        if (callback != null && running == 0) {
            whenIdle = null;
            callback.run();
        }
    }

    Pages pages() {
        Pages own = pages;
        if (own == null) {
            throw new IllegalStateException("a disk that no process has opened");
        }
        return own;
    }
}
