package dst.protocol.nbd;

import dst.protocol.Outcome;
import dst.protocol.Problem;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Everything that can happen to one connection of an NBD server. */
public sealed interface NbdServerInput {
    /** The connection is there. This peer may ask for these exports, for the first one under the empty name too. */
    record Connected(String peer, List<NbdExport> exports) implements NbdServerInput {}

    record Received(ByteBuf bytes) implements NbdServerInput {}

    /** So many bytes, handed over by {@code Send}, have left this host's memory. */
    record Sent(long bytes) implements NbdServerInput {}

    /**
     * The peer has ended its direction: no more bytes come from it, and it may still hear. Told after everything that it said.
     */
    record HalfClosed() implements NbdServerInput {}

    /** The connection is gone. Not told of one that the machine closed. */
    record Disconnected(String reason) implements NbdServerInput {}

    /** The export asked for by {@code Open}: this connection's from now on, if the peer did not only want to know of it. */
    record Opened(NbdExport export) implements NbdServerInput {}

    /**
     * What was asked for by {@code List}: the exports that an {@code Open} would be given at this moment, and no other ones. Those that
     * were not there before may be asked for from now on.
     */
    record Listed(List<NbdExport> exports) implements NbdServerInput {}

    record OpenRefused(Problem problem, String text) implements NbdServerInput {}

    /** An operation asked for by {@code Submit} has settled; or what was asked for by {@code Map} cannot be said: then it is not Done. */
    record Completed(long tag, Outcome outcome) implements NbdServerInput {}

    /** What was asked for by {@code Map}: extents one after the other from the offset on, one at least. */
    record Mapped(long tag, List<Extent> extents) implements NbdServerInput {}

    /** So much more of the host's memory it may take, after {@code Wants}. */
    record Granted(long bytes) implements NbdServerInput {}

    /** No new request is begun; what runs is answered, and then the connection is closed. */
    record Drain() implements NbdServerInput {}

    record TimerFired() implements NbdServerInput {}
}
