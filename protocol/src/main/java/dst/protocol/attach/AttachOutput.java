package dst.protocol.attach;

import dst.protocol.ClientOutput;
import dst.protocol.nbd.NbdServerOutput;

/** Everything that a client whose device is given to programs that speak NBD wants done. */
public sealed interface AttachOutput {
    /** Bytes, backpressure and the end of a connection; what it asks of its export stays inside. */
    record Nbd(long connection, NbdServerOutput output) implements AttachOutput {}

    /** Links, and what became of the device; how operations settle stays inside. */
    record Client(ClientOutput output) implements AttachOutput {}
}
