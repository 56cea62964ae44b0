package dst.nbd.rules;

import dst.nbd.port.NbdExport;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.referee.Charge;
import dst.protocol.trace.ByteSum;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was submitted to an NBD client and has not settled, and what it has sent for that. Which command is for which of several operations
 * that are alike nobody sees; so it is asked whether there is one for each.
 */
final class Commands implements Conversation.Listener {
    private static final int QUESTION = 7;

    final Conversation conversation = new Conversation(this);
    private final Accused accused;
    private final Charge once;
    private final Charge done;
    private final Charge data;
    private final Charge refused;
    private final Charge permitted;
    private final ByteSum sums = new ByteSum();
    private final LongObjectHashMap<Submitted> submitted = new LongObjectHashMap<>();
    private final LongObjectHashMap<Sent> sent = new LongObjectHashMap<>();
    private final Map<Place, Alike> alike = new LinkedHashMap<>();
    private @Nullable NbdExport export;

    /** The command whose content passes. */
    private @Nullable Sent writing;

    /** What is to be done where. */
    private record Place(int command, boolean durable, long offset, long length) {}

    /** An operation that has not settled; of a write the checksum of its content. */
    private record Submitted(Place place, int sum, Crossing at) {}

    /** Operations of one place, and the commands that were sent for them and were taken by none that has settled. */
    private static final class Alike {
        /** Those for which no command was sent, by their contents. */
        final List<Integer> unsent = new ArrayList<>();

        final List<Sent> sent = new ArrayList<>();

        boolean isNothing() {
            return unsent.isEmpty() && sent.isEmpty();
        }
    }

    /** A command, and what its server has said of it. */
    private static final class Sent {
        final Place place;
        final List<Part> parts = new ArrayList<>();
        int sum;
        boolean failed;
        boolean answered;

        Sent(Place place) {
            this.place = place;
        }
    }

    /** A part of what is read, by its place in that: its checksum, or that it is zeros. */
    private record Part(long from, long length, int sum, boolean hole) {}

    Commands(Accused accused) {
        this.accused = accused;
        this.once = accused.of(Rules.G5);
        this.done = accused.of(Rules.T4);
        this.data = accused.of(Rules.R5);
        this.refused = accused.of(Rules.T8);
        this.permitted = accused.of(Rules.R6);
    }

    boolean isSettled() {
        return submitted.isEmpty();
    }

    void attached(NbdExport given) {
        export = given;
    }

    void submitted(long tag, Operation operation) {
        int sum = operation instanceof Operation.Write write ? sums.of(write.data()) : 0;
        Place place = new Place(command(operation.kind()), operation.durable(), operation.offset(), operation.length());
        submitted(tag, place, sum);
    }

    /** Where is something allocated? */
    void asked(long tag, long offset, long length) {
        submitted(tag, new Place(QUESTION, false, offset, length), 0);
    }

    private void submitted(long tag, Place place, int sum) {
        submitted.put(tag, new Submitted(place, sum, once.now()));
        alike.computeIfAbsent(place, _ -> new Alike()).unsent.add(sum);
    }

    private static int command(Kind kind) {
        return switch (kind) {
            case READ -> Asked.READ;
            case WRITE -> Asked.WRITE;
            case FLUSH -> Asked.FLUSH;
            case TRIM -> Asked.TRIM;
            case ZERO -> Asked.WRITE_ZEROES;
        };
    }

    // What it says to its server, and its server to it.

    @Override
    public void asked(int command, int flags, long cookie, long offset, long length) {
        Place place = new Place(command, (flags & Asked.FUA) != 0, offset, length);
        Sent one = new Sent(place);
        data.seen();
        checkPermission(place);
        Place wanted = new Place(command, true, offset, length);
        if (!alike.containsKey(place) && !place.durable() && alike.containsKey(wanted)) {
            accused.broke(done, "asks its server for the ", words(place), " as if it need not be durable");
            one = new Sent(wanted);
        }
        if (sent.put(cookie, one) != null) {
            accused.broke(once, "asks under the cookie ", cookie, " while something else is open under it");
        }
        if (command == Asked.WRITE) {
            writing = one;
        } else {
            sent(one);
        }
    }

    @Override
    public boolean wantsWhatIsWritten() {
        return true;
    }

    @Override
    public void written(int sum) {
        Sent one = writing;
        writing = null;
        if (one != null) {
            one.sum = sum;
            sent(one);
        }
    }

    private void sent(Sent one) {
        Alike others = alike.get(one.place);
        if (others == null || others.unsent.isEmpty()) {
            accused.broke(data, "asks its server for the ", words(one.place), ", which nobody submitted");
            return;
        }
        if (!others.unsent.remove((Integer) one.sum)) {
            accused.broke(data, "sends other data for the ", words(one.place), " than were submitted");
            one.sum = others.unsent.removeFirst();
        }
        others.sent.add(one);
    }

    private void checkPermission(Place place) {
        NbdExport given = export;
        boolean changes = place.command() == Asked.WRITE
                || place.command() == Asked.TRIM
                || place.command() == Asked.WRITE_ZEROES;
        permitted.seen();
        if (given == null
                || (changes && !given.device().permission().writes())
                || place.offset() + place.length() > given.device().size()) {
            accused.broke(permitted, "asks its server for the ", words(place), ", which its export does not permit");
        }
    }

    @Override
    public long isRead(long cookie) {
        Sent one = sent.get(cookie);
        return one != null && one.place.command() == Asked.READ ? one.place.length() : 0;
    }

    @Override
    public void came(long cookie, long place, long length, int sum) {
        Sent one = sent.get(cookie);
        if (one != null) {
            one.parts.add(new Part(place < 0 ? 0 : place - one.place.offset(), length, sum, false));
        }
    }

    @Override
    public void cameAsHole(long cookie, long place, long length) {
        Sent one = sent.get(cookie);
        if (one != null) {
            one.parts.add(new Part(place - one.place.offset(), length, 0, true));
        }
    }

    @Override
    public void failed(long cookie) {
        Sent one = sent.get(cookie);
        if (one != null) {
            one.failed = true;
        }
    }

    @Override
    public void answered(long cookie) {
        Sent one = sent.remove(cookie);
        if (one != null) {
            one.answered = true;
        }
    }

    // What it tells its submitter.

    void mapped(long tag) {
        settled(tag, null, false);
    }

    /** Lost: what its server said is no NBD, so that nothing is known of answers. */
    void completed(long tag, Outcome outcome, boolean lost) {
        settled(tag, outcome, lost);
    }

    private void settled(long tag, @Nullable Outcome outcome, boolean lost) {
        Submitted operation = submitted.remove(tag);
        once.seen();
        if (operation == null) {
            accused.broke(once, "settles operation ", new Sentence.Operation(tag), ", which is not open");
            return;
        }
        Place place = operation.place();
        Alike others = alike.get(place);
        if (others == null) {
            return;
        }
        if (outcome == null || outcome instanceof Outcome.Done) {
            done(tag, operation, others, outcome, lost);
        } else {
            notDone(tag, operation, others, outcome instanceof Outcome.Refused && !lost);
        }
        if (others.isNothing()) {
            alike.remove(place);
        }
    }

    private void done(long tag, Submitted operation, Alike others, @Nullable Outcome outcome, boolean lost) {
        done.seen();
        Sent best = null;
        for (Sent one : others.sent) {
            if (one.answered && !one.failed && one.sum == operation.sum()) {
                best = one;
                if (!(outcome instanceof Outcome.Done(ByteBuf read)) || isWhatCame(one, read)) {
                    others.sent.remove(one);
                    return;
                }
            }
        }
        if (lost) {
            return;
        }
        if (best == null) {
            accused.broke(
                    done,
                    "tells that operation ",
                    new Sentence.Operation(tag),
                    " is done, and its server did not say so",
                    operation.at());
            forget(operation, others);
        } else {
            accused.broke(
                    data,
                    "gives other data for operation ",
                    new Sentence.Operation(tag),
                    " than its server gave for it",
                    operation.at());
            others.sent.remove(best);
        }
    }

    private boolean isWhatCame(Sent one, ByteBuf read) {
        long length = one.place.command() == Asked.READ ? one.place.length() : 0;
        if (read.readableBytes() != length) {
            return false;
        }
        for (Part part : one.parts) {
            int from = read.readerIndex() + (int) part.from();
            boolean within = part.from() >= 0 && part.from() + part.length() <= length;
            if (!within || !isPart(part, read, from)) {
                return false;
            }
        }
        return true;
    }

    private boolean isPart(Part part, ByteBuf read, int from) {
        return part.hole()
                ? read.forEachByte(from, (int) part.length(), one -> one == 0) < 0
                : sums.of(read, from, (int) part.length()) == part.sum();
    }

    /** Of several it is the one of which that may be said. */
    private void notDone(long tag, Submitted operation, Alike others, boolean isRefused) {
        refused.seen();
        Sent failed = null;
        Sent open = null;
        for (Sent one : others.sent) {
            boolean same = one.sum == operation.sum();
            failed = same && one.failed ? one : failed;
            open = same && !one.failed ? one : open;
        }
        if (failed != null) {
            others.sent.remove(failed);
        } else if (others.unsent.remove((Integer) operation.sum())) {
            return;
        } else if (open != null) {
            others.sent.remove(open);
            boolean changes = operation.place().command() != Asked.READ
                    && operation.place().command() != QUESTION;
            if (isRefused && changes) {
                accused.broke(
                        refused,
                        "tells that operation ",
                        new Sentence.Operation(tag),
                        " is refused, and its server may have done it",
                        operation.at());
            }
        }
    }

    /** It is broken already: nothing more is to come of it. */
    private static void forget(Submitted operation, Alike others) {
        for (Sent one : others.sent) {
            if (one.sum == operation.sum()) {
                others.sent.remove(one);
                return;
            }
        }
        others.unsent.remove((Integer) operation.sum());
    }

    private static Sentence words(Place place) {
        Range range = new Range(place.offset(), place.length());
        return switch (place.command()) {
            case Asked.READ -> Sentence.of(new Sentence.Access(0, Kind.READ, range));
            case Asked.WRITE -> Sentence.of(new Sentence.Access(0, Kind.WRITE, range));
            case Asked.FLUSH -> Sentence.of(new Sentence.Access(0, Kind.FLUSH, range));
            case Asked.TRIM -> Sentence.of(new Sentence.Access(0, Kind.TRIM, range));
            case Asked.WRITE_ZEROES -> Sentence.of(new Sentence.Access(0, Kind.ZERO, range));
            default -> Sentence.of("command ", place.command(), " at ", new Sentence.Place(range));
        };
    }
}
