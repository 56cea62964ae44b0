package dst.nbd.attach;

import dst.nbd.port.NbdExport;
import dst.protocol.Control;
import dst.protocol.Signal;
import java.util.List;

/** What a client whose device is given to programs that speak NBD is told of those and tells them, beside the client's own ports. */
public interface AttachControl {
    /**
     * An NBD connection is there, on a link that the host never gives again. Of what its exports say about the device nothing is
     * believed but what this connection may do at most: the client knows better.
     *
     * @param origin what its peer has in common with others that are the same one's, as far as anybody can tell (R7)
     */
    record Came(String origin, long link, String peer, List<NbdExport> exports) implements Control.Told {}

    /** What happens to one NBD connection after that. */
    record Heard(long connection, Signal signal) implements Control.Told {}

    /** Bytes, backpressure and the end of a connection; what it asks of its export and of memory stays inside. */
    record Says(long connection, Signal signal) implements Control.Tells {}

    /** R7: this NBD connection gives way to another one, at once, whatever it has not taken yet. */
    record Dropped(long connection, String words) implements Control.Tells {}
}
