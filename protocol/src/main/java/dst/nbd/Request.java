package dst.nbd;

import dst.protocol.Operation;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** A command that was taken on and not answered yet. It is done in pieces of what its export transfers at once, one after the other. */
final class Request {
    /** Zeros that are written go in pieces of this: a disk may have to copy them. */
    private static final int ZEROES_AT_ONCE = 1 << 20;

    final long cookie;
    final Command command;
    final int flags;
    final long offset;
    final long length;

    /** How much was submitted. */
    private long submitted;

    /** Whether the last piece was submitted. */
    private boolean last;

    /** Whether a piece is done. */
    private boolean begun;

    /** A write's content that was not submitted yet, or a read's that has come. */
    private ByteBuf data = Unpooled.EMPTY_BUFFER;

    Request(long cookie, Command command, int flags, long offset, long length) {
        this.cookie = cookie;
        this.command = command;
        this.flags = flags;
        this.offset = offset;
        this.length = length;
    }

    /** Its content has arrived. */
    void carry(ByteBuf payload) {
        data = payload;
    }

    /** What it takes of the memory that a connection may have. */
    long bytes() {
        return command.carries() ? length : 0;
    }

    /** Whether a part of it may have had its effect although another one failed. */
    boolean isPartlyDone() {
        return begun && !command.reads;
    }

    boolean isLast() {
        return last;
    }

    boolean durable() {
        return (flags & Nbd.FUA) != 0;
    }

    /** Whether zeros have to be written as content. */
    boolean wantsNoHole() {
        return command == Command.WRITE_ZEROES && (flags & Nbd.NO_HOLE) != 0;
    }

    /** What is to be done next. */
    Operation next(Pieces pieces) {
        long at = offset + submitted;
        if (submitted == length && command.ranged) {
            last = true;
            return new Operation.Flush();
        }
        int part = (wantsNoHole() ? pieces.atMost(ZEROES_AT_ONCE) : pieces).from(at, length - submitted);
        submitted += part;
        // A TRIM knows no durable: a flush behind it makes it so.
        last = submitted == length && !(command == Command.TRIM && durable());
        return command.operation(this, at, part);
    }

    /** So much of what was not submitted yet. */
    ByteBuf content(int part) {
        if (part < data.readableBytes()) {
            return data.readRetainedSlice(part);
        }
        return takeData();
    }

    /** A piece is done; of a read it is the content that comes back. */
    void came(ByteBuf piece) {
        begun = true;
        if (command.fetches) {
            data = Payload.join(data, piece);
        } else {
            piece.release();
        }
    }

    /** What was read, all of it; it belongs to the caller. */
    ByteBuf takeData() {
        ByteBuf taken = data;
        data = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    void discard() {
        takeData().release();
    }

    void digest(StateDigest digest) {
        digest.add(cookie)
                .add(command.number)
                .add(flags)
                .add(offset)
                .add(length)
                .add(submitted)
                .add(last)
                .add(begun)
                .add(List.of(data));
    }
}
