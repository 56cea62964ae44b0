package dst.realnode.disk;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;

/**
 * How often something on a disk that should have become durable did not. The kernel tells of a failed writeback once, to whoever
 * syncs first, and that may be a durable write, or the flush of another user of the disk. But each user has to hear of it at his
 * next flush (D5); so it is counted here, before anybody is told.
 */
final class Losses {
    private final AtomicLong count = new AtomicLong();
    private final ReentrantReadWriteLock telling = new ReentrantReadWriteLock();
    private final Object syncing = new Object();

    long count() {
        return count.get();
    }

    void happened() {
        count.incrementAndGet();
    }

    /** Runs what may be told of a loss, and counts it if it is. */
    long durably(LongSupplier step) {
        telling.readLock().lock();
        try {
            return step.getAsLong();
        } finally {
            telling.readLock().unlock();
        }
    }

    /** Syncs. When it ends, whatever the kernel told anybody until then has been counted. */
    long sync(LongSupplier sync) {
        long failed;
        synchronized (syncing) {
            failed = sync.getAsLong();
            if (failed < 0) {
                happened();
            }
        }
        telling.writeLock().lock();
        telling.writeLock().unlock();
        return failed;
    }
}
