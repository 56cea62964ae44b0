package dst.protocol.server;

import dst.protocol.Agreement;
import dst.protocol.Machine;
import dst.protocol.StateDigest;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Keepalive;
import dst.protocol.wire.Message;

/** One byte stream as the server sees it, and how far its handshake has come. */
final class Link {
    /** A peer that does not get through its handshake by then is let go (R7). */
    static final long HANDSHAKE_NANOS = 10_000_000_000L;

    final long number;
    final String peer;
    final Decoder decoder = new Decoder(Direction.TO_SERVER);
    final Keepalive keepalive = new Keepalive();
    private final long handshakeDeadline;
    Phase phase = new Phase.Greeting(0);
    boolean closed;

    /** Each phase has what is known in it, and no more. */
    sealed interface Phase {
        /** Waiting for the first words; the version is 0 until the peer's preamble is here. */
        record Greeting(int version) implements Phase {}

        /** The terms are proposed; waiting for the echo. */
        record Proposed(ExportState export, Message.Hello hello, Agreement agreement) implements Phase {}

        /** The echo is here and the epoch is being changed; waiting for the disk. */
        record Granting(ExportState export, Message.Hello hello, Agreement agreement) implements Phase {}

        /** Requests flow. */
        record Live(Attachment attachment, Message.Hello hello, Agreement agreement) implements Phase {}
    }

    Link(long number, String peer, long now) {
        this.number = number;
        this.peer = peer;
        this.handshakeDeadline = now + HANDSHAKE_NANOS;
    }

    /** Whether this link has something to do with the export. */
    boolean concerns(ExportState export) {
        return switch (phase) {
            case Phase.Greeting greeting -> false;
            case Phase.Proposed proposed -> proposed.export() == export;
            case Phase.Granting granting -> granting.export() == export;
            case Phase.Live live -> live.attachment().export == export;
        };
    }

    boolean handshakeIsLate(long now) {
        return now >= handshakeDeadline && (phase instanceof Phase.Greeting || phase instanceof Phase.Proposed);
    }

    long deadline() {
        return switch (phase) {
            case Phase.Greeting greeting -> handshakeDeadline;
            case Phase.Proposed proposed -> Math.min(handshakeDeadline, keepalive.deadline());
            case Phase.Granting granting -> keepalive.deadline();
            case Phase.Live live -> keepalive.deadline();
        };
    }

    void end() {
        closed = true;
        decoder.discard();
    }

    void digest(StateDigest digest) {
        digest.add(number).add(phase.getClass().getSimpleName()).add(deadline() == Machine.NEVER ? 0 : deadline());
    }
}
