package dst.realnode.serve;

import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server's orderly end, within its time. NBD has no word for it, so its connections end first: each is answered what it has asked
 * for. Clients of the protocol go on until then; what all of them did is flushed once, and they are told that the exports stay (L6).
 */
final class Draining {
    private static final long SECOND = 1_000_000_000L;

    private final OfferedExports exports;
    private final ServerHost server;
    private final List<Channel> nbd;
    private final List<Channel> protocol;

    Draining(OfferedExports exports, ServerHost server, List<Channel> nbd, List<Channel> protocol) {
        this.exports = exports;
        this.server = server;
        this.nbd = nbd;
        this.protocol = protocol;
    }

    /** How much of the time those have who end before the last flush. */
    static long forOthers(long nanos) {
        return nanos - nanos / 4;
    }

    /** Waits. */
    End run(long nanos) throws InterruptedException {
        long start = System.nanoTime();
        long failedBefore = server.failedFlushes();
        nbd.forEach(listener -> listener.close().awaitUninterruptibly());
        boolean answered = isTold(exports.drain(), forOthers(nanos));
        if (!answered) {
            exports.cutAll();
        }
        protocol.forEach(listener -> listener.close().awaitUninterruptibly());
        long rest = Math.max(0, nanos - (System.nanoTime() - start));
        CompletableFuture<Boolean> clean = new CompletableFuture<>();
        server.onLoop(() -> server.leave(rest).thenAccept(clean::complete));
        boolean left = isTold(clean, rest + SECOND);
        if (left && answered) {
            return End.IN_ORDER;
        }
        if (server.failedFlushes() != failedBefore) {
            return End.FLUSH_FAILED;
        }
        return answered && System.nanoTime() - start < nanos ? End.OWED : End.LATE;
    }

    /** Whether that was told within the time, and is true. */
    private static boolean isTold(CompletableFuture<Boolean> told, long nanos) throws InterruptedException {
        try {
            return told.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException _) {
            return false;
        }
    }
}
