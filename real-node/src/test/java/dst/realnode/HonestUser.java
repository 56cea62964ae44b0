package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dst.protocol.Patience;
import java.io.IOException;
import java.util.Arrays;

/** Writes and reads back all the time, and notices if it cannot. */
final class HonestUser implements AutoCloseable {
    private static final int BLOCK = 4096;

    private final PlainNbd nbd;
    private final Thread thread;
    private volatile boolean ending;
    private volatile long operations;
    private volatile long longestNanos;
    private volatile Throwable failure;

    HonestUser(String server, String export) throws IOException {
        nbd = PlainNbd.use("127.0.0.1", server, export);
        thread = Thread.ofPlatform().daemon().start(this::work);
    }

    private void work() {
        byte[] content = new byte[BLOCK];
        try {
            long last = System.nanoTime();
            for (long i = 0; !ending; i++) {
                long offset = i % 256 * BLOCK;
                Arrays.fill(content, (byte) i);
                nbd.write(offset, content);
                assertArrayEquals(content, nbd.read(offset, BLOCK));
                operations += 2;
                long now = System.nanoTime();
                longestNanos = Math.max(longestNanos, now - last);
                last = now;
            }
        } catch (IOException | RuntimeException | AssertionError wrong) {
            failure = wrong;
        }
    }

    long operations() {
        return operations;
    }

    /** Waits until it has done more than so many, and a hundred more. */
    void getsOn(long before) {
        long enough = before + 100;
        Patience.until(() -> operations > enough || failure != null, () -> "an honest user does not get on");
    }

    /** The longest that two operations have taken since it was asked last. */
    long longestMillis() {
        Throwable wrong = failure;
        if (wrong != null) {
            throw new AssertionError("an honest user was harmed", wrong);
        }
        long longest = longestNanos / 1_000_000;
        longestNanos = 0;
        return longest;
    }

    @Override
    public void close() throws InterruptedException {
        ending = true;
        thread.join();
        nbd.close();
    }
}
