package dst.protocol.client;

import dst.protocol.Boot;
import dst.protocol.Operation;
import dst.protocol.Range;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Writing everything retained again, once in every boot (D3). It is finished in a boot when each piece has been answered in that
 * boot; a link that breaks meanwhile only interrupts it.
 */
final class Replay {
    private static final int IN_FLIGHT_MAX = 32;

    private final Retention retention;
    private final ArrayDeque<Content> left = new ArrayDeque<>();
    private Boot boot = Boot.NONE;
    private boolean finished = true;
    private long position;
    private int open;
    private long openBytes;

    Replay(Retention retention) {
        this.retention = retention;
    }

    /** A boot that has not been replayed to begins: all of it, from the start, whatever an earlier boot has answered. */
    void begin(Boot newer) {
        boot = newer;
        finished = false;
        open = 0;
        openBytes = 0;
        left.clear();
        left.addAll(retention.toReplay());
        for (Content content : left) {
            content.allSent = false;
            content.piecesOpen = 0;
            content.replayExecution = 0;
        }
        position = left.isEmpty() ? 0 : left.getFirst().offset;
    }

    /** Whether this boot has been told "replayed". */
    boolean finishedIn(Boot asked) {
        return finished && boot.equals(asked);
    }

    void finish() {
        finished = true;
    }

    /** Whether every piece is answered. */
    boolean complete() {
        return left.isEmpty() && open == 0;
    }

    boolean mayContinue(int transactionsMax) {
        return !left.isEmpty() && open < Math.min(IN_FLIGHT_MAX, transactionsMax);
    }

    /** The next piece, or null if there is none, or none that fits into what may be in flight (H3). */
    @Nullable Piece next(Terms terms) {
        while (!left.isEmpty()) {
            Content content = left.getFirst();
            Range range = retention.piece(content, position, terms.largestTransfer());
            if (range != null && open > 0 && openBytes + range.length() > terms.bytesMax()) {
                return null;
            }
            if (range != null) {
                position = range.end();
                open++;
                openBytes += range.length();
                content.piecesOpen++;
                return new Piece(content, operation(content, range));
            }
            nextContent();
        }
        return null;
    }

    private void nextContent() {
        Content done = left.removeFirst();
        position = left.isEmpty() ? 0 : left.getFirst().offset;
        done.allSent = true;
        finishContent(done);
    }

    private static Operation operation(Content content, Range range) {
        int length = (int) range.length();
        return content.isZero()
                ? new Operation.Zero(range.offset(), length, false)
                : new Operation.Write(range.offset(), content.slice(range.offset(), length), false);
    }

    void answered(Content content, int length, long execution) {
        open--;
        openBytes -= length;
        content.piecesOpen--;
        content.replayExecution = Math.max(content.replayExecution, execution);
        finishContent(content);
    }

    /** All of it is on the disk again once all of it was sent and answered. */
    private void finishContent(Content content) {
        if (content.piecesOpen == 0 && content.allSent) {
            retention.replayed(content, content.replayExecution);
        }
    }

    record Piece(Content content, Operation operation) {}

    void digest(StateDigest digest) {
        digest.add(boot).add(finished).add(position).add(open).add(openBytes).add(left.size());
        left.forEach(content -> digest.add(content.offset).add(content.execution));
    }
}
