package dst.nbd;

import dst.protocol.Machines;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** The payload that is arriving: kept as the pieces in which it arrives, or consumed and forgotten if nobody wants it. */
final class Payload {
    /** A smaller piece is copied; as it lies it would hold a whole page of the host's for a few bytes. */
    private static final int SMALL = Machines.PAGE_MIN / 4;

    private final ByteBufAllocator pages;
    private ByteBuf content = Unpooled.EMPTY_BUFFER;

    /** Small pieces that came one after the other, together in one page; behind the content. */
    private ByteBuf gathered = Unpooled.EMPTY_BUFFER;

    private long missing;
    private boolean kept;

    Payload(ByteBufAllocator pages) {
        this.pages = pages;
    }

    /** What is not kept may be of any length. */
    void begin(long length, boolean keep) {
        missing = length;
        kept = keep;
    }

    /** Takes what has arrived of it; whether that was all. */
    boolean complete(Inbox inbox) {
        if (!kept) {
            missing -= inbox.skip(missing);
            return missing == 0;
        }
        while (missing > 0) {
            ByteBuf piece = inbox.take((int) missing);
            if (piece == null) {
                return false;
            }
            missing -= piece.readableBytes();
            if (piece.readableBytes() < SMALL) {
                gather(piece);
            } else {
                keepGathered();
                content = join(content, piece);
            }
        }
        return true;
    }

    /** What was kept; it belongs to the caller. */
    ByteBuf take() {
        keepGathered();
        ByteBuf taken = content;
        content = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    /** Both, one behind the other, as one buffer. */
    static ByteBuf join(ByteBuf front, ByteBuf back) {
        if (!front.isReadable()) {
            front.release();
            return back;
        }
        if (front instanceof CompositeByteBuf pieces && isOurs(pieces)) {
            return pieces.addFlattenedComponents(true, back);
        }
        // Without a limit of its own a composite copies everything together at the sixteenth piece.
        CompositeByteBuf pieces = new CompositeByteBuf(front.alloc(), front.isDirect(), Integer.MAX_VALUE);
        return pieces.addFlattenedComponents(true, front).addFlattenedComponents(true, back);
    }

    /** Whether a piece may be added behind it. */
    private static boolean isOurs(CompositeByteBuf pieces) {
        return pieces.maxNumComponents() == Integer.MAX_VALUE
                && pieces.writerIndex() == pieces.capacity()
                && pieces.refCnt() == 1;
    }

    void discard() {
        take().release();
        missing = 0;
    }

    void digest(StateDigest digest) {
        digest.add(missing).add(kept).add(List.of(content, gathered));
    }

    private void gather(ByteBuf piece) {
        int length = piece.readableBytes();
        if (gathered.writableBytes() < length) {
            keepGathered();
            gathered = pages.buffer((int) Math.min(Machines.PAGE_MIN, length + missing));
        }
        gathered.writeBytes(piece);
        piece.release();
    }

    private void keepGathered() {
        if (gathered.isReadable()) {
            content = join(content, gathered);
            gathered = Unpooled.EMPTY_BUFFER;
        }
    }
}
