package dst.protocol.referee;

import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whoever changes a part of a block writes all of it, and nobody's bytes are lost by that: what stands around the part is what the block
 * was last read to hold (R5), nobody else changes the block from that reading to the end of the writing (T5), and it is done, and as
 * durable as it was asked to be, when all of it is (T4).
 */
final class Edges {
    private final Charge t4;
    private final Charge t5;
    private final Charge r5;

    /** By the numbers that they have at the joint. */
    private final LongObjectHashMap<Change> changes = new LongObjectHashMap<>();

    /** What the device was asked for and has not ended. */
    private final LongObjectHashMap<Part> running = new LongObjectHashMap<>();

    private int blockSize = 1;

    /** An operation of any bytes, and what has been asked of the device for it. */
    private static final class Change {
        final Programs.Piece piece;
        final int blockSize;
        final List<Edge> edges = new ArrayList<>(2);
        byte[] content = {};

        /** How many bytes of it were changed, durably if that was wanted, or read. */
        long done;

        Change(Programs.Piece piece, int blockSize) {
            this.piece = piece;
            this.blockSize = blockSize;
        }

        long begin() {
            return piece.operation.offset;
        }

        long end() {
            return piece.operation.offset + piece.operation.length;
        }

        boolean covers(long offset, long end) {
            return begin() <= offset && end <= end();
        }

        /** The bytes of its own in that range. */
        long within(long offset, long end) {
            return Math.max(0, Math.min(end, end()) - Math.max(offset, begin()));
        }

        /** Of a ZERO it is zero. */
        byte byteAt(long place) {
            return content.length == 0 ? 0 : content[(int) (place - begin())];
        }

        @Nullable Edge edge(long offset) {
            for (Edge edge : edges) {
                if (edge.offset == offset) {
                    return edge;
                }
            }
            return null;
        }
    }

    /** A block of which a part is to be changed, as it was read. */
    private static final class Edge {
        final long offset;
        byte @Nullable [] held;
        Crossing heldSeen = Crossing.NONE;

        /** Somebody else changed it since it was asked for. */
        @Nullable Part changedBy;

        Edge(long offset) {
            this.offset = offset;
        }
    }

    private record Part(Change of, Operation operation, Crossing seen) implements Sentence.Subject {
        long begin() {
            return operation.offset();
        }

        long end() {
            return operation.offset() + operation.length();
        }

        boolean touches(long offset, long blockSize) {
            return begin() < offset + blockSize && offset < end();
        }

        @Override
        public Sentence named() {
            return Sentence.of(
                    seen,
                    new Sentence.Access(0, operation.kind(), new Range(begin(), operation.length())),
                    " for operation ",
                    new Sentence.Operation(of.piece.name()));
        }
    }

    Edges(Charges charges) {
        this.t4 = charges.charge(Rules.T4, Side.CLIENT);
        this.t5 = charges.charge(Rules.T5, Side.CLIENT);
        this.r5 = charges.charge(Rules.R5, Side.CLIENT);
    }

    void began() {
        changes.clear();
        running.clear();
        blockSize = 1;
    }

    void reblocked(int size) {
        blockSize = size;
    }

    void entered(long number, Programs.Piece piece, Operation operation) {
        Change change = new Change(piece, blockSize);
        boolean whole = ((operation.offset() | operation.length()) & (blockSize - 1)) == 0;
        if (operation instanceof Operation.Write write && !whole) {
            change.content = ByteBufUtil.getBytes(write.data());
        }
        changes.put(number, change);
    }

    void submitted(long now, long ticket, long number, Operation operation) {
        Change change = changes.get(number);
        if (change == null) {
            r5.broken(
                    now,
                    "the client was given a ",
                    new Sentence.Access(0, operation.kind(), new Range(operation.offset(), operation.length())),
                    " at ",
                    new Sentence.Time(now),
                    " for nobody");
            return;
        }
        Part part = new Part(change, operation, t5.now());
        running.put(ticket, part);
        if (operation.kind().changes()) {
            changes(now, part);
        } else if (operation.kind() == Kind.READ && change.piece.operation.kind != Kind.READ) {
            Edge edge = new Edge(operation.offset());
            for (Part other : running.values()) {
                if (other.of != change
                        && other.operation.kind().changes()
                        && other.touches(edge.offset, change.blockSize)) {
                    edge.changedBy = other;
                }
            }
            change.edges.add(edge);
        }
    }

    /** What is a part of a block as it stands goes nowhere without the rest of the block. */
    private void changes(long now, Part part) {
        Change own = part.of;
        if (part.operation instanceof Operation.Write write) {
            for (long at = part.begin(); at < part.end(); at += own.blockSize) {
                if (!own.covers(at, at + own.blockSize)) {
                    writes(now, part, at, write.data());
                }
            }
        } else if (!own.covers(part.begin(), part.end())) {
            r5.broken(
                    now,
                    "the client sent a ",
                    part,
                    " at ",
                    new Sentence.Time(now),
                    ", which was not asked for all of that");
        }
        for (Change other : changes.values()) {
            if (other != own) {
                disturbs(now, part, other);
            }
        }
    }

    /** A change comes between another one's reading and the end of its writing. */
    private void disturbs(long now, Part part, Change other) {
        for (Edge edge : other.edges) {
            if (part.touches(edge.offset, other.blockSize)) {
                edge.changedBy = part;
            }
        }
        if (!other.edges.isEmpty()) {
            for (Part open : running.values()) {
                Edge edge = open.of == other && open.operation.kind().changes() ? edgeOf(open, part) : null;
                if (edge != null) {
                    t5.broken(
                            now,
                            "the client sent the ",
                            part,
                            " at ",
                            new Sentence.Time(now),
                            " while the ",
                            open,
                            ", which writes the block at ",
                            new Sentence.Place(new Range(edge.offset, other.blockSize)),
                            " around a part of it, was open");
                }
            }
        }
    }

    private static @Nullable Edge edgeOf(Part open, Part disturbing) {
        for (Edge edge : open.of.edges) {
            if (open.touches(edge.offset, 1) && disturbing.touches(edge.offset, open.of.blockSize)) {
                return edge;
            }
        }
        return null;
    }

    private void writes(long now, Part part, long block, ByteBuf data) {
        Change own = part.of;
        Edge edge = own.edge(block);
        byte[] held = edge == null ? null : edge.held;
        t5.seen();
        if (edge == null || held == null) {
            r5.broken(
                    now,
                    "the client wrote the whole block at ",
                    new Sentence.Place(new Range(block, own.blockSize)),
                    " at ",
                    new Sentence.Time(now),
                    " for a part of it (operation ",
                    new Sentence.Operation(own.piece.name()),
                    ") without having read what else is in it");
            return;
        }
        Part between = edge.changedBy;
        if (between != null) {
            t5.broken(
                    now,
                    edge.heldSeen,
                    "the client wrote the whole block at ",
                    new Sentence.Place(new Range(block, own.blockSize)),
                    " at ",
                    new Sentence.Time(now),
                    " for a part of it (operation ",
                    new Sentence.Operation(own.piece.name()),
                    ") as it had been before the ",
                    between);
        }
        r5.seen();
        int at = data.readerIndex() + (int) (block - part.begin());
        for (int i = 0; i < own.blockSize; i++) {
            long place = block + i;
            boolean isOwn = own.covers(place, place + 1);
            byte due = isOwn ? own.byteAt(place) : held[i];
            if (data.getByte(at + i) != due) {
                r5.broken(
                        now,
                        edge.heldSeen,
                        "the client wrote the whole block at ",
                        new Sentence.Place(new Range(block, own.blockSize)),
                        " at ",
                        new Sentence.Time(now),
                        " for a part of it (operation ",
                        new Sentence.Operation(own.piece.name()),
                        "), and its byte ",
                        i,
                        " is not what ",
                        (isOwn ? "was to be written there" : "had been read there"));
                return;
            }
        }
    }

    void settled(long ticket, Outcome outcome) {
        Part part = running.remove(ticket);
        if (part == null || !(outcome instanceof Outcome.Done(ByteBuf data))) {
            return;
        }
        Change own = part.of;
        Edge edge = part.operation.kind() == Kind.READ ? own.edge(part.begin()) : null;
        if (edge != null) {
            edge.heldSeen = r5.now();
            edge.held = Arrays.copyOf(ByteBufUtil.getBytes(data), own.blockSize);
        } else if (part.operation.durable() || !own.piece.operation.durable) {
            own.done += own.within(part.begin(), part.end());
        }
    }

    void left(long now, long number, Outcome outcome) {
        Change change = changes.remove(number);
        // A TRIM is a hint, and a part of a block is none.
        if (change == null || !(outcome instanceof Outcome.Done) || change.piece.operation.kind == Kind.TRIM) {
            return;
        }
        t4.seen();
        Submission whole = change.piece.operation;
        if (change.done < whole.length) {
            t4.broken(
                    now,
                    "the client said at ",
                    new Sentence.Time(now),
                    " that operation ",
                    new Sentence.Operation(change.piece.name()),
                    " was done, and of its ",
                    whole.length,
                    " bytes it had ",
                    change.done,
                    (whole.durable ? " made durable" : ""));
        }
    }
}
