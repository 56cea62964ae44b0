package dst.protocol.attach;

import dst.protocol.Signal;
import dst.protocol.nbd.NbdServerInput;

/** Everything that can happen to a client whose device is given to programs that speak NBD. */
public sealed interface AttachInput {
    /**
     * An NBD connection is there, under a number that the host never gives again. Of what its exports say about the device nothing is
     * believed but what this connection may do at most: the client knows better.
     *
     * @param origin what its peer has in common with others that are the same one's, as far as anybody can tell (R7)
     */
    record Came(long connection, String origin, NbdServerInput.Connected connected) implements AttachInput {}

    /** What happens to one NBD connection after that. */
    record Nbd(long connection, NbdServerInput input) implements AttachInput {}

    /** What happens to the client; nothing is submitted to it from outside. */
    record Client(Signal input) implements AttachInput {}

    /** The deadline has come: of the client, of a connection, or of several. */
    record TimerFired() implements AttachInput {}
}
