package dst.nbd;

import dst.nbd.port.Extent;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A command that was sent and not answered yet, and what has come of its answer. */
final class Flight {
    /** A server that sends a read in crumbs is let go before they take more than the read itself. */
    private static final int PIECES_FREE = 64;

    private static final int PIECE_MEAN = 512;

    final long tag;
    final Command command;
    final long offset;
    final int length;

    /** A read's content by its place in it; none overlaps another. */
    private final TreeMap<Integer, ByteBuf> pieces = new TreeMap<>();

    private int covered;
    private final List<Extent> extents = new ArrayList<>();

    /** The first error that was told; 0: none. */
    int error;

    String words = "";

    Flight(long tag, Command command, long offset, int length) {
        this.tag = tag;
        this.command = command;
        this.offset = offset;
        this.length = length;
    }

    boolean isRead() {
        return command == Command.READ;
    }

    boolean isQuestion() {
        return command == Command.BLOCK_STATUS;
    }

    void fail(int number, String text) {
        if (error == Errors.NONE) {
            error = number;
            words = text;
        }
    }

    /** Whether so much from there on is part of what was asked for and has not come yet, and is no crumb too many. */
    boolean misses(long from, long count) {
        long at = from - offset;
        if (from < offset || count <= 0 || at > length - count || pieces.size() > PIECES_FREE + length / PIECE_MEAN) {
            return false;
        }
        Map.Entry<Integer, ByteBuf> before = pieces.floorEntry((int) at);
        Integer behind = pieces.ceilingKey((int) at);
        return (before == null || before.getKey() + before.getValue().readableBytes() <= at)
                && (behind == null || behind >= at + count);
    }

    /** Whether that place is one that was asked about. */
    boolean contains(long place) {
        return place >= offset && place - offset < length;
    }

    void came(long from, ByteBuf data) {
        covered += data.readableBytes();
        pieces.put((int) (from - offset), data);
    }

    /** A hole of any length takes no memory. */
    void cameAsHole(long from, int count) {
        came(from, Zeroes.of(count));
    }

    boolean isCovered() {
        return covered == length;
    }

    /** All of it in its order; it belongs to the caller. */
    ByteBuf takeData() {
        ByteBuf all = Unpooled.EMPTY_BUFFER;
        for (ByteBuf piece : pieces.values()) {
            all = Payload.join(all, piece);
        }
        pieces.clear();
        return all;
    }

    List<Extent> extents() {
        return extents;
    }

    void discard() {
        takeData().release();
    }

    void digest(StateDigest digest) {
        digest.add(tag)
                .add(command.number)
                .add(offset)
                .add(length)
                .add(covered)
                .add(error)
                .add(words)
                .add(extents.toString())
                .add(pieces.size());
        pieces.forEach((at, piece) -> digest.add(at).add(List.of(piece)));
    }
}
