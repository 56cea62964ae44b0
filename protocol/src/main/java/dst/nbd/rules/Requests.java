package dst.nbd.rules;

import dst.nbd.port.NbdExport;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one peer has asked for and was not answered, and what the device was asked for that. */
final class Requests {
    private final Breach breach;
    private final List<Asked> open = new ArrayList<>();
    private final LongObjectHashMap<Piece> pieces = new LongObjectHashMap<>();
    private @Nullable NbdExport export;

    /** It asks for memory; otherwise there is no limit to what is under way. */
    private boolean asks;

    private long granted;
    private long underWay;

    /** Something that must not be, in words. */
    interface Breach {
        void of(Rules rule, Object... words);
    }

    /** What the device was asked for; of is null where it is not seen for which request. */
    private record Piece(@Nullable Asked of, Kind kind, long bytes) {
        /** Zeros that are written take none. */
        long memory() {
            return of != null && of.carries() ? bytes : 0;
        }
    }

    Requests(Breach breach) {
        this.breach = breach;
    }

    void opened(NbdExport given) {
        export = given;
    }

    void wants() {
        asks = true;
    }

    void granted(long bytes) {
        granted += bytes;
    }

    void received(Asked request) {
        open.add(request);
    }

    /** The device is asked for something. */
    void asks(long tag, Operation operation) {
        checkPermission(operation);
        Asked of = of(operation);
        Piece piece = new Piece(of, operation.kind(), operation.length());
        pieces.put(tag, piece);
        underWay += piece.memory();
        if (asks && underWay > granted) {
            breach.of(Rules.R7, "has ", underWay, " bytes under way, and was granted ", granted);
        }
        if (of == null) {
            breach.of(
                    Rules.R5,
                    "asks its device for the ",
                    access(operation),
                    ", which is no part of what its peer had asked for");
        } else if (operation.kind() == Kind.FLUSH) {
            of.flushAsked = true;
        } else {
            of.asked += operation.length();
            if (of.wantsDurable() && !operation.durable() && !of.doubtful) {
                breach.of(Rules.T4, "asks its device for the ", access(operation), " as if it need not be durable");
            }
        }
    }

    private void checkPermission(Operation operation) {
        NbdExport given = export;
        long end = operation.offset() + operation.length();
        boolean permitted = given != null
                && (operation.kind() == Kind.FLUSH
                        || given.device().permission().permits(operation.kind()))
                && end <= given.device().size();
        if (!permitted) {
            breach.of(Rules.R6, "asks its device for the ", access(operation), ", which its export does not permit");
        }
    }

    private static Sentence.Access access(Operation operation) {
        return new Sentence.Access(0, operation.kind(), new Range(operation.offset(), operation.length()));
    }

    /** For which request that is. Where several fit that are not alike none of them is judged. */
    private @Nullable Asked of(Operation operation) {
        List<Asked> fitting = open.stream().filter(one -> one.fits(operation)).toList();
        if (fitting.isEmpty()) {
            return null;
        }
        Asked first = fitting.getFirst();
        if (!fitting.stream().allMatch(first::isLike)) {
            fitting.forEach(one -> one.doubtful = true);
        }
        return first;
    }

    /** That came of it. Of what has failed nothing is done, and its request stays so. */
    void heard(long tag, Outcome outcome) {
        Piece piece = pieces.remove(tag);
        if (piece == null) {
            return;
        }
        underWay -= piece.memory();
        Asked of = piece.of();
        if (of != null && outcome instanceof Outcome.Done(ByteBuf data)) {
            if (piece.kind() == Kind.FLUSH) {
                of.flushed();
            } else {
                of.done(piece.bytes(), data);
            }
        }
    }

    /** The request of that cookie that is answered now; of several the first that is done. Null if there is none. */
    @Nullable Asked find(long cookie) {
        Asked found = null;
        for (Asked one : open) {
            if (one.cookie == cookie && (found == null || (one.isDone() && !found.isDone()))) {
                found = one;
            }
        }
        return found;
    }

    /** It is answered; with success unless there was an error. */
    void answered(long cookie, boolean success) {
        Asked request = find(cookie);
        if (request == null) {
            breach.of(Rules.G5, "answers under the cookie ", cookie, ", under which nothing is open");
            return;
        }
        open.remove(request);
        if (success && request.needsTheDevice() && !request.isDone() && !request.doubtful) {
            breach.of(
                    Rules.T4,
                    "answers the request of the cookie ",
                    cookie,
                    " as done before its device has done all of it");
        }
    }

    /** The content of a READ, before it is answered with that. */
    void read(Asked request, ByteBuf bytes, int index, int count) {
        if (request.isDone() && !request.doubtful && !request.isWhatWasRead(bytes, index, count)) {
            breach.of(
                    Rules.R5,
                    "gives other data for the READ of the cookie ",
                    request.cookie,
                    " than its device gave for it");
        }
    }
}
