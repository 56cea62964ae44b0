package dst.nbd.port;

import dst.protocol.Control;
import dst.protocol.Problem;
import java.util.List;

/** What one connection of an NBD server is told and tells beside its ports: its link, and the one device that it asks. */
public interface NbdServerControl {
    /** Of machine: see {@link dst.protocol.trace.Layer}. */
    String KIND = "nbd-server";

    /**
     * A peer has opened the link. It may ask for these exports, for the first one under the empty name too. Comes first.
     *
     * @param payloadMax no READ or WRITE may be larger: a power of two
     */
    record Accepted(long link, String peer, List<NbdExport> exports, int payloadMax) implements Control.Told {}

    /**
     * The peer has ended its direction: no more bytes come from it, and it may still hear. Told after everything that it said.
     */
    record HalfClosed() implements Control.Told {}

    /** The export asked for by {@code Open}: this connection's from now on, if the peer did not only want to know of it. */
    record Opened(NbdExport export) implements Control.Told {}

    /**
     * What was asked for by {@code ListExports}: the exports that an {@code Open} would be given at this moment, and no other ones. Those
     * that were not there before may be asked for from now on.
     */
    record Listed(List<NbdExport> exports) implements Control.Told {}

    record OpenRefused(Problem problem, String text) implements Control.Told {}

    /**
     * What was asked for by {@code Map}: extents one after the other from the offset on, one at least. If it cannot be said, the tag is
     * completed as an operation is, and not as Done.
     */
    record Mapped(long tag, List<Extent> extents) implements Control.Told {}

    /** So much more of the host's memory it may take, after {@code Wants}. */
    record Granted(long bytes) implements Control.Told {}

    /** No new request is begun; what runs is answered, and then the connection is closed. */
    record Drain() implements Control.Told {}

    /**
     * The peer wants to use this export, or to know of it first; answered by {@code Opened} or {@code OpenRefused}. It may come
     * several times on a connection, one after the other: the export of the last answer before the first Submit is the one that
     * is used, as the device that is asked.
     */
    record Open(String export) implements Control.Tells {}

    /** The peer wants to know which exports it would be given; answered by {@code Listed}. */
    record ListExports() implements Control.Tells {}

    /** Where is something allocated? Answered by {@code Mapped}. The tag is one of those that operations have. */
    record Map(long tag, long offset, int length) implements Control.Tells {}

    /**
     * The next request needs so much more of the host's memory than was granted; answered by {@code Granted} as soon as there is so
     * much. It replaces what was said before; 0: nothing more is wanted.
     */
    record Wants(long bytes) implements Control.Tells {}

    /** So much of what was granted is not needed any more. What is left of it after {@code Close} the host knows. */
    record GivesBack(long bytes) implements Control.Tells {}
}
