package dst.scenarios.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C while something long runs: it is asked to stop, and has the time to say what it came to until {@link #close}. The
 * process then ends with {@link ExitCode#INTERRUPTED}, as the JVM does after that signal.
 */
public final class Interruption implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch told = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean happened;

    public Interruption(Runnable stop) {
        hook = new Thread(() -> {
            happened = true;
            stop.run();
            await();
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    public boolean happened() {
        return happened;
    }

    private void await() {
        try {
            told.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        told.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException onTheWayOut) {
            // The hook runs: that is what it waited for.
        }
    }
}
