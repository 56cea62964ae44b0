package dst.protocol;

import io.netty.buffer.ByteBuf;

/** Everything that can happen to a client. */
public sealed interface ClientInput {
    /** The process has started; the host drew a token that nobody else has, and a seed for jitter. */
    record Started(Unique token, long seed) implements ClientInput {}

    /**
     * An operation to be done; the tag is the submitter's name for it, unique among those not settled. It waits in the machine for
     * its turn, in the submitter's buffer: how many wait is the submitter's own limit. What the machine adds of its own, copies and
     * retained content, has limits in the settings (T5, D4).
     */
    record Submitted(long tag, Operation operation) implements ClientInput {}

    /** The link asked for by {@code Connect} is open. */
    record LinkOpened(long link) implements ClientInput {}

    /** Bytes came in on a link, any split. */
    record Received(long link, ByteBuf bytes) implements ClientInput {}

    /** So many bytes, handed over by {@code Send}, have left this host's memory. */
    record Sent(long link, long bytes) implements ClientInput {}

    /** The link is gone, or could not be opened; nothing more comes from it. Not told of links that the machine closed. */
    record LinkClosed(long link, String reason) implements ClientInput {}

    /** The deadline has come. */
    record TimerFired() implements ClientInput {}

    /** Flush, say goodbye and end; what is pending when the deadline comes settles as Unknown (L5). */
    record Detach(long deadlineNanos) implements ClientInput {}
}
