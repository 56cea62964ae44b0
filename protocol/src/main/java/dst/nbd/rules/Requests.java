package dst.nbd.rules;

import dst.nbd.port.NbdExport;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.referee.Charge;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one peer has asked for and was not answered, and what the device was asked for that. */
final class Requests implements Conversation.Listener {
    final Conversation conversation = new Conversation(this);
    private final Accused accused;
    private final Charge once;
    private final Charge done;
    private final Charge data;
    private final Charge permitted;
    private final Charge memory;
    private final List<Asked> open = new ArrayList<>();
    private final LongObjectHashMap<Piece> pieces = new LongObjectHashMap<>();
    private @Nullable NbdExport export;

    /** It asks for memory; otherwise there is no limit to what is under way. */
    private boolean asks;

    private long granted;
    private long underWay;

    /** What the device was asked for; of is null where it is not seen for which request. */
    private record Piece(@Nullable Asked of, Kind kind, long bytes) {
        /** Zeros that are written take none. */
        long memory() {
            return of != null && of.carries() ? bytes : 0;
        }
    }

    Requests(Accused accused) {
        this.accused = accused;
        // Of what is found at one time the first of these is told.
        this.permitted = accused.of(Rules.R6);
        this.memory = accused.of(Rules.R7);
        this.data = accused.of(Rules.R5);
        this.once = accused.of(Rules.G5);
        this.done = accused.of(Rules.T4);
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

    @Override
    public void asked(int command, int flags, long cookie, long offset, long length) {
        open.add(new Asked(cookie, command, flags, offset, length, once.now()));
    }

    /** Where it goes is judged here, and what is read later shows what it was. */
    @Override
    public boolean wantsWhatIsWritten() {
        return false;
    }

    @Override
    public void written(int sum) {}

    /** The device is asked for something. */
    void asks(long tag, Operation operation) {
        checkPermission(operation);
        data.seen();
        Asked of = of(operation);
        Piece piece = new Piece(of, operation.kind(), operation.length());
        pieces.put(tag, piece);
        underWay += piece.memory();
        if (asks) {
            memory.seen();
        }
        if (asks && underWay > granted) {
            accused.broke(memory, "has ", underWay, " bytes under way, and was granted ", granted);
        }
        if (of == null) {
            accused.broke(
                    data,
                    "asks its device for the ",
                    access(operation),
                    ", which is no part of what its peer had asked for");
        } else if (operation.kind() == Kind.FLUSH) {
            of.flushAsked = true;
        } else {
            of.asked += operation.length();
            if (of.wantsDurable() && !operation.durable() && !of.doubtful) {
                accused.broke(
                        done, "asks its device for the ", access(operation), " as if it need not be durable", of.at);
            }
        }
    }

    private void checkPermission(Operation operation) {
        NbdExport given = export;
        long end = operation.offset() + operation.length();
        boolean isPermitted = given != null
                && (operation.kind() == Kind.FLUSH
                        || given.device().permission().permits(operation.kind()))
                && end <= given.device().size();
        permitted.seen();
        if (!isPermitted) {
            accused.broke(
                    permitted, "asks its device for the ", access(operation), ", which its export does not permit");
        }
    }

    private static Sentence.Access access(Operation operation) {
        return new Sentence.Access(0, operation.kind(), new Range(operation.offset(), operation.length()));
    }

    /** For which request that is. Where several fit that are not alike none of them is judged. */
    private @Nullable Asked of(Operation operation) {
        Asked first = null;
        boolean doubtful = false;
        for (Asked one : open) {
            if (one.fits(operation)) {
                doubtful |= first != null && !first.isLike(one);
                first = first == null ? one : first;
            }
        }
        if (doubtful) {
            for (Asked one : open) {
                one.doubtful |= one.fits(operation);
            }
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
    private @Nullable Asked find(long cookie) {
        Asked found = null;
        for (Asked one : open) {
            if (one.cookie == cookie && (found == null || (one.isDone() && !found.isDone()))) {
                found = one;
            }
        }
        return found;
    }

    @Override
    public long isRead(long cookie) {
        Asked request = find(cookie);
        return request != null && request.command == Asked.READ ? request.length : 0;
    }

    @Override
    public void came(long cookie, long place, long length, int sum) {
        Asked request = find(cookie);
        if (request != null && request.isDone() && !request.doubtful && !request.isWhatWasRead(length, sum)) {
            accused.broke(
                    data,
                    "gives other data for the READ of the cookie ",
                    cookie,
                    " than its device gave for it",
                    request.at);
        }
    }

    /** What its device gave it gives as it is. */
    @Override
    public void cameAsHole(long cookie, long place, long length) {}

    @Override
    public void failed(long cookie) {
        Asked request = find(cookie);
        if (request != null) {
            request.failed = true;
        }
    }

    @Override
    public void answered(long cookie) {
        Asked request = find(cookie);
        once.seen();
        done.seen();
        if (request == null) {
            accused.broke(once, "answers under the cookie ", cookie, ", under which nothing is open");
            return;
        }
        open.remove(request);
        if (!request.failed && request.needsTheDevice() && !request.isDone() && !request.doubtful) {
            accused.broke(
                    done,
                    "answers the request of the cookie ",
                    cookie,
                    " as done before its device has done all of it",
                    request.at);
        }
    }
}
