package dst.protocol.nbd;

import dst.protocol.Closing;
import dst.protocol.Outcome;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Everything that one connection of an NBD client wants done. */
public sealed interface NbdClientOutput {
    record Send(ByteBuf bytes) implements NbdClientOutput {}

    /** The connection is over, whoever ended it: what was submitted and not answered has settled as Unknown. */
    record Close(Closing closing) implements NbdClientOutput {}

    record Reading(boolean wanted) implements NbdClientOutput {}

    /** The server gave the export: operations may be submitted. Its device has no identity, for NBD knows none. */
    record Attached(NbdExport export) implements NbdClientOutput {}

    record Completed(long tag, Outcome outcome) implements NbdClientOutput {}

    record Mapped(long tag, List<Extent> extents) implements NbdClientOutput {}

    /** For a person to read. */
    record Noted(String text) implements NbdClientOutput {}
}
