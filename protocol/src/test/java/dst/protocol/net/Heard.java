package dst.protocol.net;

import io.netty.buffer.ByteBuf;

/** What an end of a link is told. */
public sealed interface Heard {
    record Opened() implements Heard {}

    record Received(ByteBuf bytes) implements Heard {}

    record Sent(long bytes) implements Heard {}

    record Closed(String reason) implements Heard {}

    record TimerFired() implements Heard {}
}
