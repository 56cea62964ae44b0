package dst.realnode.disk;

import dst.protocol.DiskRequest;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log what a disk refuses, each kind of it once a minute: a disk that fails does so thousands of times. */
final class Troubles {
    private static final Logger LOG = LoggerFactory.getLogger(RealDisk.class);
    private static final long QUIET_NANOS = 60_000_000_000L;

    private final String disk;
    private final Map<String, Long> told = new ConcurrentHashMap<>();

    Troubles(String disk) {
        this.disk = disk;
    }

    void tell(DiskRequest request, long result) {
        String kind = request.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        if (due(kind + result)) {
            LOG.warn("disk {}: {}{}: {}", disk, kind, place(request), Errno.words(result));
        }
    }

    void tell(String what) {
        if (due(what)) {
            LOG.warn("disk {}: {}", disk, what);
        }
    }

    private boolean due(String kind) {
        long now = System.nanoTime();
        Long last = told.get(kind);
        if (last != null && now - last < QUIET_NANOS) {
            return false;
        }
        told.put(kind, now);
        return true;
    }

    private static String place(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read(long _, long _, long offset, int length) -> " of " + length + " bytes at " + offset;
            case DiskRequest.Write(long _, long _, long offset, ByteBuf data, boolean _) ->
                " of " + data.readableBytes() + " bytes at " + offset;
            case DiskRequest.Zero(long _, long _, long offset, int length, boolean _) ->
                " of " + length + " bytes at " + offset;
            case DiskRequest.Trim(long _, long _, long offset, int length) -> " of " + length + " bytes at " + offset;
            case DiskRequest.Flush _, DiskRequest.Forget _ -> "";
        };
    }
}
