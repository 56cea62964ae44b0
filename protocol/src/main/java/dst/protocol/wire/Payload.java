package dst.protocol.wire;

import dst.protocol.Machines;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** The payload that is arriving: kept as the pieces in which it arrives, or consumed and forgotten if it is too large (R1). */
final class Payload {
    /** R7: a smaller piece is copied; as it lies it would hold a whole page of the host's for a few bytes. */
    private static final int SMALL = Machines.PAGE_MIN / 4;

    private final Checksum checksum = new Checksum();
    private ByteBuf content = Unpooled.EMPTY_BUFFER;

    /** Small pieces that came one after the other, together in one page; behind the content. */
    private ByteBuf gathered = Unpooled.EMPTY_BUFFER;

    private int missing;
    private boolean kept;

    void begin(int length, boolean keep) {
        missing = length;
        kept = keep;
        checksum.begin();
    }

    /** Takes what has arrived of it; whether that was all. */
    boolean complete(Arrived arrived) {
        while (missing > 0) {
            ByteBuf piece = arrived.take(missing);
            if (piece == null) {
                return false;
            }
            missing -= piece.readableBytes();
            checksum.add(piece);
            if (kept) {
                collect(piece);
            } else {
                piece.release();
            }
        }
        return true;
    }

    /** The checksum of everything that arrived, kept or not. */
    int checksum() {
        return checksum.value();
    }

    /** How much is here. */
    int bytes() {
        return content.readableBytes() + gathered.readableBytes();
    }

    /** What was kept; it belongs to the caller. */
    ByteBuf take() {
        keepGathered();
        ByteBuf taken = content;
        content = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    void discard() {
        take().release();
    }

    void digest(StateDigest digest) {
        // What was not kept shows in the checksum.
        digest.add(missing).add(kept).add(checksum.value()).add(List.of(content, gathered));
    }

    private void collect(ByteBuf piece) {
        if (piece.readableBytes() < SMALL) {
            gather(piece);
        } else {
            keepGathered();
            keep(piece);
        }
    }

    private void gather(ByteBuf piece) {
        if (gathered.writableBytes() < piece.readableBytes()) {
            keepGathered();
            gathered = piece.alloc().buffer(Machines.PAGE_MIN);
        }
        gathered.writeBytes(piece);
        piece.release();
    }

    private void keepGathered() {
        if (gathered.isReadable()) {
            keep(gathered);
            gathered = Unpooled.EMPTY_BUFFER;
        }
    }

    private void keep(ByteBuf piece) {
        if (!content.isReadable()) {
            content = piece;
        } else if (content instanceof CompositeByteBuf pieces) {
            pieces.addFlattenedComponents(true, piece);
        } else {
            // Without a limit of its own a composite copies everything together at the sixteenth piece.
            CompositeByteBuf pieces = new CompositeByteBuf(piece.alloc(), piece.isDirect(), Integer.MAX_VALUE);
            pieces.addFlattenedComponents(true, content).addFlattenedComponents(true, piece);
            content = pieces;
        }
    }
}
