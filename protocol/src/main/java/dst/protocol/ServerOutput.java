package dst.protocol;

import io.netty.buffer.ByteBuf;

/** Everything that a server wants done. */
public sealed interface ServerOutput {
    record Send(long link, ByteBuf bytes) implements ServerOutput {}

    record Close(long link, Closing closing) implements ServerOutput {}

    record Reading(long link, boolean wanted) implements ServerOutput {}

    /** Hand this to the disk; answered by {@code DiskEnded}. */
    record StartDisk(int disk, DiskRequest request) implements ServerOutput {}

    /** The disk's boot ended for this cause: draw the next one and make its counter durable; answered by {@code BootDrawn}. */
    record DrawBoot(int disk, BootCause cause) implements ServerOutput {}

    /** Make this durable; answered by {@code Persisted}. */
    record Persist(String export, Holder holder) implements ServerOutput {}

    /** Nothing of this export runs any more; its disk may be let go (L5). Clean: everything was flushed and said so. */
    record Removed(String export, boolean clean) implements ServerOutput {}

    /** The process may end (L6). Clean: everything that was acknowledged is durable, and that is on record. */
    record Left(boolean clean) implements ServerOutput {}

    /** For a person to read. */
    record Noted(String text) implements ServerOutput {}
}
