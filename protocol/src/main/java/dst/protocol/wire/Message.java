package dst.protocol.wire;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;

/** Everything that the two sides say to each other. A payload belongs to whoever has the message. */
public sealed interface Message extends Decoded {
    /** First on every link, from both sides, in a layout that never changes (H1). */
    record Preamble(int versionMin, int versionMax) implements Message {}

    /**
     * The client's first words: who it is, which export it wants, what it offers, and what it knows (H3). A slot is a place
     * for one link; a link of a higher generation supersedes one of the same slot. Held is the epoch that the client holds, or
     * {@link Holder#NOBODY}; known is the identity that it insists on, or {@link Unique#NONE}.
     */
    record Hello(String export, Unique token, int slot, long generation, Terms offer, Holder held, Unique known)
            implements Message {
        public void digest(StateDigest digest) {
            digest.add(export)
                    .add(token)
                    .add(slot)
                    .add(generation)
                    .add(offer)
                    .add(held)
                    .add(known);
        }
    }

    /**
     * The server's: what it proposes, the boot that its disk is in and what that began for, and the epoch that is current.
     * Occupied: another client holds the export and has a live link (H5).
     */
    record Welcome(Agreement agreement, Boot boot, BootCause cause, long epoch, boolean occupied) implements Message {
        public Welcome(Agreement agreement, Boot boot, BootCause cause, long epoch) {
            this(agreement, boot, cause, epoch, false);
        }

        public void digest(StateDigest digest) {
            digest.add(agreement).add(boot).add(cause.code()).add(epoch).add(occupied);
        }
    }

    /**
     * The server's no, at any time; the link ends after it. Commit: of a server that goes away, on a link that lives, up to which
     * execution everything is durable in the boot of its grant (L6); 0 if nothing is said of it.
     */
    record Refuse(Problem problem, String text, long commit) implements Message {
        public Refuse(Problem problem, String text) {
            this(problem, text, 0);
        }
    }

    /** The client's echo, and the epoch that it ends by attaching, or joins if it holds it already (H5). */
    record Attach(Agreement agreement, long epoch, boolean joins) implements Message {}

    /** The server's echo and grant. Owed: the last holder's replay may be missing in this boot. */
    record Attached(Agreement agreement, Holder holder, Boot boot, boolean owed) implements Message {}

    /** One operation (T1 to T4). The payload is a write's data, empty for everything else. */
    record Request(
            long id,
            Kind kind,
            int flags,
            long offset,
            int length,
            long epoch,
            Boot boot,
            Settled settled,
            int payloadChecksum,
            ByteBuf payload)
            implements Message {
        public static final int DURABLE = 1;
        public static final int RESEND = 2;
        public static final int REPLAY = 4;
        public static final int ALL_FLAGS = DURABLE | RESEND | REPLAY;

        /** But for the payload, of which there is the checksum. */
        public void digest(StateDigest digest) {
            digest.add(id)
                    .add(kind.code())
                    .add(flags)
                    .add(offset)
                    .add(length)
                    .add(epoch)
                    .add(boot)
                    .add(payloadChecksum);
            settled.digest(digest);
        }

        public boolean durable() {
            return (flags & DURABLE) != 0;
        }

        public boolean resend() {
            return (flags & RESEND) != 0;
        }

        public boolean replay() {
            return (flags & REPLAY) != 0;
        }

        /** Whether the payload was larger than allowed: it was consumed and is not here (R1, R2). */
        public boolean payloadSkipped() {
            return kind == Kind.WRITE && payload.readableBytes() != length;
        }

        /** Whether this is another copy of the same operation (T2). */
        public boolean sameContent(Request other) {
            return kind == other.kind
                    && offset == other.offset
                    && length == other.length
                    && durable() == other.durable()
                    && payloadChecksum == other.payloadChecksum;
        }
    }

    /** What became of one operation. Execution and commit number: D2; execution 0 if none was drawn. */
    record Answer(long id, Problem problem, long epoch, Boot boot, long execution, long commit, ByteBuf payload)
            implements Message {}

    /** Keepalive: to be answered by the same nonce (L1). */
    record Ping(long nonce) implements Message {}

    record Pong(long nonce) implements Message {}

    /** The client's: in this boot everything retained has been written again (D3). */
    record Replayed(long epoch, Boot boot) implements Message {}

    /**
     * The last word of either side. A server says up to which execution everything is durable in its boot; a client says
     * zero. Clean: the client has nothing retained, or the server has flushed (L5).
     */
    record Goodbye(boolean clean, long commit, Boot boot, String text) implements Message {}
}
