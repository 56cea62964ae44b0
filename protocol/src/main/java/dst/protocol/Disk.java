package dst.protocol;

/**
 * A disk. Requests go in; each ends exactly once, through the {@link Ended} that the disk was made with, never from within
 * {@link #submit}.
 */
public interface Disk {
    /** Bytes. */
    long size();

    /** The unit of addressing, and no larger than what the disk writes atomically across a power cut. */
    int blockSize();

    void submit(DiskRequest request);

    /** Who is told that a request ended. */
    interface Ended {
        void ended(long ticket, DiskResult result);
    }
}
