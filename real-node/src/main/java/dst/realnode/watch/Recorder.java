package dst.realnode.watch;

import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.trace.TraceWriter;
import dst.realnode.Amounts;
import dst.realnode.WrongInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a node's trace to a file by a thread of its own. What the event loop hands over is copied into a bounded number of
 * pieces; if the disk does not give them back in time, or is full, or the limit is reached, the recording stops and says so. The
 * node itself goes on.
 */
final class Recorder implements Tap {
    private static final Logger log = LoggerFactory.getLogger(Recorder.class);
    private static final int PIECE = 256 << 10;
    private static final int PIECES = 64;

    /** So long the event loop waits for a slow disk, once. */
    private static final long STALL_MILLIS = 1000;

    /** What a killed process has seen last and not handed over is no older than this. */
    private static final long LINGER_MILLIS = 20;

    private static final long END_SECONDS = 10;

    private final RunFolder folder;
    private final long limit;
    private final FileChannel file;
    private final ArrayBlockingQueue<ByteBuffer> full = new ArrayBlockingQueue<>(PIECES);
    private final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(PIECES);
    private final TraceWriter writer;
    private final Thread thread;

    /** Guarded by this. */
    private ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);

    private volatile long taken;
    private volatile @Nullable String stopped;
    private volatile boolean ended;

    private Recorder(RunFolder folder, FileChannel file, String node, long limit) {
        this.folder = folder;
        this.file = file;
        this.limit = limit;
        for (int i = 1; i < PIECES; i++) {
            free.add(ByteBuffer.allocateDirect(PIECE));
        }
        this.writer = new TraceWriter(node, this::take);
        this.thread = Thread.ofPlatform().daemon().name("recorder").unstarted(this::write);
    }

    /** In a new folder of that store. */
    static Recorder begin(Path store, WatchedNode watched, long limit) {
        RunFolder folder = RunFolder.create(store, watched);
        try {
            Recorder recorder = new Recorder(
                    folder,
                    folder.trace(watched.layer().node()),
                    watched.layer().node(),
                    limit);
            recorder.thread.start();
            return recorder;
        } catch (IOException failed) {
            throw new WrongInput("no recording can be made in " + folder.path() + ": " + failed.getMessage());
        }
    }

    Path folder() {
        return folder.path();
    }

    String status() {
        String why = stopped;
        return why != null
                ? "STOPPED: " + why + ", " + folder.path()
                : Amounts.bytes(taken) + " of at most " + Amounts.bytes(limit) + ", " + folder.path();
    }

    /** On whatever thread. */
    @Override
    public synchronized void saw(long now, Layer layer, Object value) {
        if (stopped != null || ended) {
            return;
        }
        try {
            writer.saw(now, layer, value);
        } catch (RuntimeException | AssertionError failure) {
            log.error("the recorder fell over one of its own assertions: this is an error in dst itself", failure);
            stop("dst itself failed: " + failure);
        }
    }

    /** One whole record. */
    private synchronized void take(byte[] bytes, int offset, int length) {
        if (taken + length > limit) {
            stop("its limit of " + Amounts.bytes(limit) + " is reached");
            return;
        }
        int at = offset;
        while (at < offset + length) {
            if (!piece.hasRemaining() && !exchange()) {
                stop("its disk does not keep up");
                return;
            }
            int count = Math.min(piece.remaining(), offset + length - at);
            piece.put(bytes, at, count);
            at += count;
        }
        taken += length;
    }

    private boolean exchange() {
        try {
            ByteBuffer next = free.poll(STALL_MILLIS, TimeUnit.MILLISECONDS);
            if (next == null || stopped != null) {
                return false;
            }
            full.add(piece.flip());
            piece = next;
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void stop(String why) {
        synchronized (full) {
            if (stopped != null) {
                return;
            }
            stopped = why;
        }
        log.error("the recording {} has stopped: {}; the node goes on", folder.path(), why);
        System.err.println("dst: THE RECORDING HAS STOPPED: " + why + "; the node goes on: " + folder.path());
    }

    // The writing thread.

    private void write() {
        try {
            boolean last = false;
            while (!last) {
                ByteBuffer next = full.poll(LINGER_MILLIS, TimeUnit.MILLISECONDS);
                if (next == null) {
                    boolean over = ended || stopped != null;
                    next = begun();
                    last = over && next == null;
                }
                if (next != null) {
                    while (next.hasRemaining()) {
                        file.write(next);
                    }
                    free.add(next.clear());
                }
            }
        } catch (IOException failed) {
            stop("it cannot be written: " + failed.getMessage());
        } catch (InterruptedException e) {
            stop("it was interrupted");
        }
        try (file) {
            String why = stopped;
            folder.say(why == null ? "ended in order" : "stopped: " + why);
            folder.close();
        } catch (IOException failed) {
            log.error("the recording {} does not say how it ended: {}", folder.path(), failed.getMessage());
        }
    }

    /** A piece that is not full yet, if nothing stands before it. */
    private synchronized @Nullable ByteBuffer begun() {
        if (!full.isEmpty()) {
            return full.poll();
        }
        ByteBuffer next = piece.position() == 0 ? null : free.poll();
        if (next == null) {
            return null;
        }
        ByteBuffer begun = piece.flip();
        piece = next;
        return begun;
    }

    /** Nothing is taken any more, and what was taken is in the file. The node has ended before, so that nothing is seen beside this. */
    void end() {
        synchronized (this) {
            if (stopped == null && !ended) {
                writer.end();
            }
            ended = true;
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
