package dst.realnode.disk;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one disk that may wait for it; they come when they are needed and go when they are not. What waits for them is
 * bounded by what the server has running. Each disk has its own, so one that hangs holds up no other.
 */
final class Workers {
    /** As many requests as a disk is given at once. */
    static final int THREADS = 8;

    private static final long PATIENCE_SECONDS = 20;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("disk-", 1).factory());

    Workers() {
        threads.allowCoreThreadTimeOut(true);
    }

    void execute(Runnable task) {
        threads.execute(task);
    }

    /** Takes no more, and waits for what runs; false if that does not end. */
    boolean close() {
        threads.shutdown();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
