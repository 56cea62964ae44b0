package dst.protocol.attach;

import dst.protocol.Signal;
import dst.protocol.nbd.NbdServerOutput;

/** Everything that a client whose device is given to programs that speak NBD wants done. */
public sealed interface AttachOutput {
    /** Bytes, backpressure and the end of a connection; what it asks of its export and of memory stays inside. */
    record Nbd(long connection, NbdServerOutput output) implements AttachOutput {}

    /** R7: this NBD connection gives way to another one, at once, whatever it has not taken yet. */
    record Drop(long connection, String words) implements AttachOutput {}

    /** Links, and what became of the device; how operations settle stays inside. */
    record Client(Signal output) implements AttachOutput {}
}
