package dst.protocol.net;

import io.netty.buffer.ByteBuf;

/** What an end of a link wants done. */
public sealed interface Said {
    record Send(ByteBuf bytes) implements Said {}

    record Reading(boolean wanted) implements Said {}

    record Close() implements Said {}
}
