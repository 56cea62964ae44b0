package dst.realnode.disk;

import dst.protocol.Patience;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** An event loop whose thread is the test's: it runs while the test waits for something. */
final class Loop implements Executor {

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    void runUntil(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            try {
                Runnable task = tasks.poll(Patience.SECONDS, TimeUnit.SECONDS);
                if (task == null) {
                    throw new AssertionError("nothing happened for a minute");
                }
                task.run();
            } catch (InterruptedException stopped) {
                throw new AssertionError(stopped);
            }
        }
    }
}
