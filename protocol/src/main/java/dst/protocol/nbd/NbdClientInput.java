package dst.protocol.nbd;

import dst.protocol.Operation;
import io.netty.buffer.ByteBuf;

/** Everything that can happen to one connection of an NBD client. */
public sealed interface NbdClientInput {
    record Connected() implements NbdClientInput {}

    record Received(ByteBuf bytes) implements NbdClientInput {}

    record Sent(long bytes) implements NbdClientInput {}

    /** The connection is gone, or could not be opened. */
    record Disconnected(String reason) implements NbdClientInput {}

    /** Only after {@code Attached}, and within what it said. */
    record Submitted(long tag, Operation operation) implements NbdClientInput {}

    /** Where is something allocated? Answered by {@code Mapped}, or by {@code Completed} if the server does not say. */
    record Ask(long tag, long offset, int length) implements NbdClientInput {}

    /** Say goodbye as soon as nothing runs. */
    record Detach() implements NbdClientInput {}

    record TimerFired() implements NbdClientInput {}
}
