package dst.protocol.wire;

import static dst.protocol.wire.Attribute.CAUSE;
import static dst.protocol.wire.Attribute.CLEAN;
import static dst.protocol.wire.Attribute.COMMIT;
import static dst.protocol.wire.Attribute.DURABLE;
import static dst.protocol.wire.Attribute.EPOCH;
import static dst.protocol.wire.Attribute.EXPORT;
import static dst.protocol.wire.Attribute.GENERATION;
import static dst.protocol.wire.Attribute.HELD;
import static dst.protocol.wire.Attribute.HOLDER;
import static dst.protocol.wire.Attribute.JOINS;
import static dst.protocol.wire.Attribute.KNOWN;
import static dst.protocol.wire.Attribute.OCCUPIED;
import static dst.protocol.wire.Attribute.OWED;
import static dst.protocol.wire.Attribute.PROBLEM;
import static dst.protocol.wire.Attribute.SLOT;
import static dst.protocol.wire.Attribute.TEXT;
import static dst.protocol.wire.Attribute.TOKEN;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** Everything that the two sides say to each other. A payload belongs to whoever has the message. */
public sealed interface Message extends Decoded {
    /** What it carries behind its head. */
    default ByteBuf payload() {
        return Unpooled.EMPTY_BUFFER;
    }

    /** What stands in a frame: each kind has its row in {@link Type}, and writes its head itself. */
    sealed interface Framed extends Message {
        /** Writes the head, from the buffer's position on. */
        void write(ByteBuffer head);

        /** The same with its payload, which has come after its head. */
        default Framed with(ByteBuf payload) {
            return this;
        }
    }

    /** First on every link, from both sides, in a layout that never changes (H1). */
    record Preamble(int versionMin, int versionMax) implements Message {}

    /**
     * The client's first words: who it is, which export it wants, what it offers, and what it knows (H3). A slot is a place
     * for one link; a link of a higher generation supersedes one of the same slot. Held is the epoch that the client holds, or
     * {@link Holder#NOBODY}; known is the identity that it insists on, or {@link Unique#NONE}.
     */
    record Hello(String export, Unique token, int slot, long generation, Terms offer, Holder held, Unique known)
            implements Framed {
        static Hello read(Fields in) {
            return new Hello(
                    in.text(EXPORT),
                    in.unique(TOKEN),
                    in.intOf(SLOT),
                    in.number(GENERATION),
                    in.terms(),
                    in.holder(HELD),
                    in.unique(KNOWN));
        }

        @Override
        public void write(ByteBuffer head) {
            AttributeWriter.of(head)
                    .text(EXPORT, export)
                    .unique(TOKEN, token)
                    .number(SLOT, slot)
                    .number(GENERATION, generation)
                    .terms(offer)
                    .holder(HELD, held)
                    .unique(KNOWN, known);
        }

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
    record Welcome(Agreement agreement, Boot boot, BootCause cause, long epoch, boolean occupied) implements Framed {
        public Welcome(Agreement agreement, Boot boot, BootCause cause, long epoch) {
            this(agreement, boot, cause, epoch, false);
        }

        static Welcome read(Fields in) {
            return new Welcome(
                    in.agreement(),
                    in.boot(),
                    BootCause.of(in.shortOf(CAUSE)),
                    in.number(EPOCH),
                    in.flagIfSent(OCCUPIED));
        }

        @Override
        public void write(ByteBuffer head) {
            AttributeWriter.of(head)
                    .agreement(agreement)
                    .boot(boot)
                    .number(CAUSE, cause.code())
                    .number(EPOCH, epoch)
                    .flagIfSet(OCCUPIED, occupied);
        }

        public void digest(StateDigest digest) {
            digest.add(agreement).add(boot).add(cause.code()).add(epoch).add(occupied);
        }
    }

    /**
     * The server's no, at any time; the link ends after it. Commit: of a server that goes away, on a link that lives, up to which
     * execution everything is durable in the boot of its grant (L6); 0 if nothing is said of it.
     */
    record Refuse(Problem problem, String text, long commit) implements Framed {
        public Refuse(Problem problem, String text) {
            this(problem, text, 0);
        }

        static Refuse read(Fields in) {
            return new Refuse(Problem.of(in.shortOf(PROBLEM)), in.text(TEXT), in.numberIfSent(DURABLE));
        }

        @Override
        public void write(ByteBuffer head) {
            AttributeWriter.of(head)
                    .number(PROBLEM, problem.code())
                    .text(TEXT, text)
                    .numberIfAny(DURABLE, commit);
        }
    }

    /** The client's echo, and the epoch that it ends by attaching, or joins if it holds it already (H5). */
    record Attach(Agreement agreement, long epoch, boolean joins) implements Framed {
        static Attach read(Fields in) {
            return new Attach(in.agreement(), in.number(EPOCH), in.flag(JOINS));
        }

        @Override
        public void write(ByteBuffer head) {
            AttributeWriter.of(head).agreement(agreement).number(EPOCH, epoch).flag(JOINS, joins);
        }
    }

    /** The server's echo and grant. Owed: the last holder's replay may be missing in this boot. */
    record Attached(Agreement agreement, Holder holder, Boot boot, boolean owed) implements Framed {
        static Attached read(Fields in) {
            return new Attached(in.agreement(), in.holder(HOLDER), in.boot(), in.flag(OWED));
        }

        @Override
        public void write(ByteBuffer head) {
            AttributeWriter.of(head)
                    .agreement(agreement)
                    .holder(HOLDER, holder)
                    .boot(boot)
                    .flag(OWED, owed);
        }
    }

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
            implements Framed {
        public static final int DURABLE = 1;
        public static final int RESEND = 2;
        public static final int REPLAY = 4;

        /** What is asked for besides: these flags belong to the content (T2). */
        private static final int ASKED = DURABLE;

        static final int ALL_FLAGS = ASKED | RESEND | REPLAY;

        /** What an operation asks for besides. */
        public static int asks(Operation operation) {
            return operation.durable() ? DURABLE : 0;
        }

        /** Whether all its flags are known and make sense for its kind (R2). */
        public boolean flagsMakeSense() {
            int sensible = kind.leavesContent() ? ALL_FLAGS : ALL_FLAGS & ~DURABLE;
            return (flags & ~sensible) == 0;
        }

        public int asks() {
            return flags & ASKED;
        }

        @Override
        public void write(ByteBuffer head) {
            HeadWriter.request(head, this);
        }

        @Override
        public Request with(ByteBuf data) {
            return new Request(id, kind, flags, offset, length, epoch, boot, settled, payloadChecksum, data);
        }

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
                    && asks() == other.asks()
                    && payloadChecksum == other.payloadChecksum;
        }
    }

    /** What became of one operation. Execution and commit number: D2; execution 0 if none was drawn. */
    record Answer(long id, Problem problem, long epoch, Boot boot, long execution, long commit, ByteBuf payload)
            implements Framed {
        @Override
        public void write(ByteBuffer head) {
            HeadWriter.answer(head, this);
        }

        @Override
        public Answer with(ByteBuf data) {
            return new Answer(id, problem, epoch, boot, execution, commit, data);
        }
    }

    /** Keepalive: to be answered by the same nonce (L1). */
    record Ping(long nonce) implements Framed {
        static Decoded read(HeadReader in) {
            return in.hasBytes(Long.BYTES) ? new Ping(in.number(0)) : in.wrongLength("a ping");
        }

        @Override
        public void write(ByteBuffer head) {
            head.putLong(nonce);
        }
    }

    record Pong(long nonce) implements Framed {
        static Decoded read(HeadReader in) {
            return in.hasBytes(Long.BYTES) ? new Pong(in.number(0)) : in.wrongLength("a pong");
        }

        @Override
        public void write(ByteBuffer head) {
            head.putLong(nonce);
        }
    }

    /** The client's: in this boot everything retained has been written again (D3). */
    record Replayed(long epoch, Boot boot) implements Framed {
        static Replayed read(Fields in) {
            return new Replayed(in.number(EPOCH), in.boot());
        }

        @Override
        public void write(ByteBuffer head) {
            AttributeWriter.of(head).number(EPOCH, epoch).boot(boot);
        }
    }

    /**
     * The last word of either side. A server says up to which execution everything is durable in its boot; a client says
     * zero. Clean: the client has nothing retained, or the server has flushed (L5).
     */
    record Goodbye(boolean clean, long commit, Boot boot, String text) implements Framed {
        static Goodbye read(Fields in) {
            return new Goodbye(in.flag(CLEAN), in.number(COMMIT), in.boot(), in.text(TEXT));
        }

        @Override
        public void write(ByteBuffer head) {
            AttributeWriter.of(head)
                    .flag(CLEAN, clean)
                    .number(COMMIT, commit)
                    .boot(boot)
                    .text(TEXT, text);
        }
    }
}
