package dst.protocol;

import io.netty.buffer.ByteBuf;

/** Everything that can happen to a server. */
public sealed interface ServerInput {
    /**
     * A disk is there, locked, nothing of an earlier boot can still reach it (H4), and its boot has begun. Its cache is forgotten:
     * reads return what the media hold, for an earlier process may not have lived to hear that a flush failed (D5).
     */
    record DiskOpened(int disk, Boot boot, BootCause cause) implements ServerInput {}

    /** An export of an open disk, with what is durable about it, and who may use it. */
    record ExportOpened(Export export, Holder holder, Access access) implements ServerInput {}

    /** From now on, also on links that live, this is who may do what (R6). */
    record AccessChanged(String export, Access access) implements ServerInput {}

    /** Every export that this server has is set up: from now on, what is not here does not exist (H4). */
    record Ready() implements ServerInput {}

    /** The peer is for people; the principal is what rules of access call it. */
    record LinkOpened(long link, String peer, String principal) implements ServerInput {}

    record Received(long link, ByteBuf bytes) implements ServerInput {}

    record Sent(long link, long bytes) implements ServerInput {}

    /** The link is gone; not told of links that the machine closed. */
    record LinkClosed(long link, String reason) implements ServerInput {}

    record DiskEnded(int disk, long ticket, DiskResult result) implements ServerInput {}

    /** The new boot asked for by {@code DrawBoot}; its counter is durable. */
    record BootDrawn(int disk, Boot boot) implements ServerInput {}

    /** The holder handed over by {@code Persist} is durable. */
    record Persisted(String export, Holder holder) implements ServerInput {}

    /** Take the export away: flush, tell the client, and end by then at the latest (L5). */
    record RemoveExport(String export, long deadlineNanos) implements ServerInput {}

    /**
     * Go away, to come back: nothing new is begun, what runs ends and is flushed, and whoever is attached is told that the exports
     * stay; by then at the latest (L6).
     */
    record Leave(long deadlineNanos) implements ServerInput {}

    record TimerFired() implements ServerInput {}
}
