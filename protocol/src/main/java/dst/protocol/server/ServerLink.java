package dst.protocol.server;

import dst.protocol.Agreement;
import dst.protocol.Origin;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Keepalive;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/** One byte stream as the server sees it, and how far its handshake has come. */
final class ServerLink {
    /** A peer that does not get through its handshake by then is let go (R7). */
    static final long HANDSHAKE_NANOS = 10_000_000_000L;

    /** What may wait to be sent beside payloads: no honest client comes near it. */
    private static final long UNSENT_MAX = 1 << 16;

    final long number;
    final String peer;

    /** R6: what rules of access call the peer. */
    final String principal;

    /** R7: what it has in common with others that may be the same peer's. */
    final String origin;

    final Decoder decoder = new Decoder(Direction.TO_SERVER);
    final Keepalive keepalive = new Keepalive();
    private final Memory memory;
    private final long handshakeDeadline;
    Phase phase = new Phase.Greeting(0);

    /** R7: nothing is read from it until it has taken what it was sent, and the disk what it has sent. */
    boolean paused;

    /** R7: which of all requests was its last one; 0: it never asked for anything. */
    long asked;

    private long unsent;

    /** Bytes that have arrived and are no whole message yet, or not looked at. */
    private long arrived;

    boolean closed;

    /** Each phase has what is known in it, and no more. */
    sealed interface Phase {
        /** Waiting for the first words; the version is 0 until the peer's preamble is here. */
        record Greeting(int version) implements Phase {}

        /** The terms are proposed; waiting for the echo. */
        record Proposed(ExportState export, Message.Hello hello, Agreement agreement, boolean occupied)
                implements Phase {}

        /** The echo is here and the epoch is being changed; waiting for the disk. */
        record Granting(ExportState export, Message.Hello hello, Agreement agreement) implements Phase {}

        /** Requests flow. */
        record Live(ExportState export, Attachment attachment, Message.Hello hello, Agreement agreement)
                implements Phase {}
    }

    ServerLink(long number, String peer, String principal, Memory memory, long now) {
        this.number = number;
        this.peer = peer;
        this.principal = principal;
        this.origin = Origin.of(principal);
        this.memory = memory;
        this.handshakeDeadline = now + HANDSHAKE_NANOS;
    }

    /** The client's first words; null before they are here. */
    Message.@Nullable Hello hello() {
        return switch (phase) {
            case Phase.Greeting greeting -> null;
            case Phase.Proposed proposed -> proposed.hello();
            case Phase.Granting granting -> granting.hello();
            case Phase.Live live -> live.hello();
        };
    }

    /** What was proposed or agreed on; null before that. */
    @Nullable Agreement agreement() {
        return switch (phase) {
            case Phase.Greeting greeting -> null;
            case Phase.Proposed proposed -> proposed.agreement();
            case Phase.Granting granting -> granting.agreement();
            case Phase.Live live -> live.agreement();
        };
    }

    /** L2: whether this link has the same slot as that one. */
    boolean hasSlotOf(Message.Hello other) {
        Message.Hello own = hello();
        return own != null && own.slot() == other.slot();
    }

    /** L2: whether this link has the same slot as that one, and is as new or newer. */
    boolean isAsNewAs(Message.Hello other) {
        Message.Hello own = hello();
        return own != null && own.slot() == other.slot() && own.generation() >= other.generation();
    }

    /** What this link has something to do with; null before it has said so. */
    @Nullable ExportState export() {
        return switch (phase) {
            case Phase.Greeting greeting -> null;
            case Phase.Proposed proposed -> proposed.export();
            case Phase.Granting granting -> granting.export();
            case Phase.Live live -> live.export();
        };
    }

    /** Empty before it has said so. */
    String exportName() {
        ExportState export = export();
        return export == null ? "" : export.export.name();
    }

    /** R7: its place; an export that is not shared has links of one holder alone, or of one taker. */
    Stake<ServerLink> stake(boolean onlyOfExport) {
        ExportState export = export();
        boolean holds = onlyOfExport && export != null && !export.shared();
        boolean busy =
                !(phase instanceof Phase.Live live) || live.attachment().account.tasks() > 0;
        return new Stake<>(this, origin, exportName(), holds, busy, asked);
    }

    /** L2, H5: whether this one ends as that one is granted: its slot has a newer link, or its export another holder. */
    boolean endsWith(ExportState export, Message.Hello newer) {
        Message.Hello own = hello();
        if (own == null || isInHandshake() || export() != export) {
            return false;
        }
        return own.token().equals(newer.token()) ? own.slot() == newer.slot() : !export.shared();
    }

    /** Whether this link has something to do with the export. */
    boolean concerns(ExportState export) {
        return export() == export;
    }

    /**
     * R7: whether this peer has more in the server's hands than the terms allow for, with as much again for operations that it
     * has given up and the disk has not; or more than is left for all others. The rest waits with the peer; nothing is refused or
     * dropped for it. What has arrived of the next message does not count: it has to become whole.
     */
    boolean isOverloaded() {
        if (phase instanceof Phase.Live live) {
            Account account = live.attachment().account;
            Terms terms = live.agreement().terms();
            long most = 2L * terms.bytesMax();
            return account.bytes() > most
                    || account.tasks() > 2 * terms.transactionsMax()
                    || unsent > most + UNSENT_MAX
                    || memory.isTooMuch(account.bytes() + unsent);
        }
        return unsent > UNSENT_MAX || memory.isTooMuch(unsent);
    }

    void handedOver(int bytes) {
        unsent += bytes;
        memory.take(bytes);
    }

    /** L1: who is not listened to, and who still has something to take, is alive as long as it takes what it is sent. */
    void sent(long bytes, long now) {
        long taken = Math.min(unsent, bytes);
        unsent -= taken;
        memory.giveBack(taken);
        if (paused) {
            keepalive.heard(now);
        } else if (unsent > 0) {
            keepalive.took(now);
        }
    }

    /** R7: counts what the decoder holds now. */
    void countArrived() {
        long held = decoder.held();
        memory.take(held - arrived);
        arrived = held;
    }

    /** Whether the peer has to say something before anything can come of it. */
    boolean isInHandshake() {
        return phase instanceof Phase.Greeting || phase instanceof Phase.Proposed;
    }

    boolean handshakeIsLate(long now) {
        return now >= handshakeDeadline && isInHandshake();
    }

    long deadline() {
        return isInHandshake() ? Math.min(handshakeDeadline, keepalive.deadline()) : keepalive.deadline();
    }

    void end() {
        closed = true;
        decoder.discard();
        memory.giveBack(unsent + arrived);
        unsent = 0;
        arrived = 0;
    }

    void digest(StateDigest digest) {
        digest.add(number)
                .add(peer)
                .add(principal)
                .add(origin)
                .add(closed)
                .add(paused)
                .add(asked)
                .add(unsent)
                .add(arrived)
                .add(handshakeDeadline)
                .add(phase.getClass().getSimpleName())
                .add(String.valueOf(hello()))
                .add(String.valueOf(agreement()));
        switch (phase) {
            case Phase.Greeting greeting -> digest.add(greeting.version());
            case Phase.Proposed proposed ->
                digest.add(proposed.export().export.name()).add(proposed.occupied());
            case Phase.Granting granting -> digest.add(granting.export().export.name());
            // The attachment tells the numbers of its links.
            case Phase.Live live ->
                digest.add(live.export().export.name())
                        .add(live.attachment().links.indexOf(this));
        }
        keepalive.digest(digest);
        decoder.digest(digest);
    }
}
