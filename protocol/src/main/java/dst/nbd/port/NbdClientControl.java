package dst.nbd.port;

import dst.protocol.Control;
import java.util.List;

/** What one connection of an NBD client is told and tells beside its ports: the blocks that it offers, and its link. */
public interface NbdClientControl {
    /** Of machine: see {@link dst.protocol.trace.Layer}. */
    String KIND = "nbd-client";

    /** The export to ask for, once the link is open; an empty name means what the server takes it for. Comes first. */
    record Use(String export) implements Control.Told {}

    /** Where is something allocated? Answered by {@code Mapped}, or by {@code Completed} if the server does not say. */
    record Map(long tag, long offset, int length) implements Control.Told {}

    /** Say goodbye as soon as nothing runs. */
    record Detach() implements Control.Told {}

    /** The server gave the export: operations may be submitted. Its device has no identity, for NBD knows none. */
    record Attached(NbdExport export) implements Control.Tells {}

    record Mapped(long tag, List<Extent> extents) implements Control.Tells {}
}
