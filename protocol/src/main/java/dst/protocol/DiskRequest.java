package dst.protocol;

import io.netty.buffer.ByteBuf;

/**
 * What a server asks of a disk. Offsets are the disk's own. Each ends in exactly one {@link DiskResult}; until then it runs.
 * The ticket names this disk operation; the transaction says on whose behalf it runs (0: the server's own).
 */
public sealed interface DiskRequest {
    long ticket();

    long transaction();

    /** Answered by at most {@code length} bytes of data, never none. */
    record Read(long ticket, long transaction, long offset, int length) implements DiskRequest {}

    /** Durable: ends only when it is on the media (FUA). The data belongs to the disk until it ends. */
    record Write(long ticket, long transaction, long offset, ByteBuf data, boolean durable) implements DiskRequest {}

    record Zero(long ticket, long transaction, long offset, int length, boolean durable) implements DiskRequest {}

    record Trim(long ticket, long transaction, long offset, int length) implements DiskRequest {}

    /** Every write that ended before this was submitted is durable when it ends well. */
    record Flush(long ticket, long transaction) implements DiskRequest {}

    /** Forget the volatile cache: from its good end on, reads return what the media hold (D5). */
    record Forget(long ticket, long transaction) implements DiskRequest {}
}
