package dst.protocol;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;

/**
 * How tests wait: for what has to happen, and so long that only a hang takes longer. No machine is so busy that a test may fail for it, so a
 * deadline of a test says nothing of speed.
 */
public final class Patience {
    public static final long SECONDS = 300;

    private static final long PAUSE_MILLIS = 10;

    private Patience() {}

    /** Waits until it is so. */
    public static void until(Callable<Boolean> happened, Supplier<String> otherwise) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        try {
            while (!happened.call()) {
                if (System.nanoTime() > end) {
                    Assertions.fail(otherwise.get());
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
