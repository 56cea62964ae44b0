package dst.protocol;

import io.netty.buffer.ByteBuf;

/** Bytes to peers and from them, over links that open and break. */
public interface LinkPort {
    /** By whoever stands above. */
    sealed interface Request extends Signal.Output {}

    /** By whoever stands below. */
    sealed interface Event extends Signal.Input {}

    /** Open a link under this number, by the way that belongs to this slot; answered by {@code Opened} or {@code Closed}. */
    record Connect(long link, int slot) implements Request {}

    record Send(long link, ByteBuf bytes) implements Request {}

    /** Nothing more is sent or wanted on this link. */
    record Close(long link, Closing closing) implements Request {}

    /** Whether to be given what arrives on this link (backpressure). */
    record Reading(long link, boolean wanted) implements Request {}

    /** The link asked for by {@code Connect} is open. */
    record Opened(long link) implements Event {}

    /** A peer has opened a link. What the peer is called is for people; the principal is what rules of access call it. */
    record Accepted(long link, String peer, String principal) implements Event {}

    /** Bytes came in on a link, any split. */
    record Received(long link, ByteBuf bytes) implements Event {}

    /** So many bytes, handed over by {@code Send}, have left this host's memory. */
    record Sent(long link, long bytes) implements Event {}

    /** The link is gone, or could not be opened; nothing more comes from it. Not told of links that were closed from above. */
    record Closed(long link, String reason) implements Event {}
}
