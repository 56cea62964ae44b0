package dst.nbd;

import dst.nbd.port.Extent;
import dst.protocol.Closing;
import dst.protocol.Outcome;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.LongObjectHashMap;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The second part of a connection as a server has it: commands come in, and each is answered once, whenever it is done. */
final class Requests {
    /** So many commands may run. The rest waits with the peer; nothing is refused or dropped for it. */
    static final int REQUESTS_MAX = 1024;

    /** So many bytes may be in the server's hands: of what runs and of what is not sent yet. */
    static final long BYTES_MAX = 64L << 20;

    /** A payload of more is not even skipped. */
    static final int SKIPPED_MAX = 2 * NbdServer.PAYLOAD_MAX;

    /** More extents in one reply nobody gets. */
    static final int EXTENTS_MAX = 1024;

    /** No more is asked about at once than this; a peer that wants to know more asks again. */
    private static final long MAP_MAX = 1L << 30;

    private final Replies replies;
    private final Checks checks;
    private final Room room;
    private final boolean structured;
    private final Pieces pieces;
    private final LongObjectHashMap<Request> running = new LongObjectHashMap<>();
    private final Payload payload;
    private long tags;
    private long bytes;
    private boolean draining;
    private boolean leaving;

    /** The WRITE whose content is arriving, and what is wrong with it. */
    private @Nullable Request arriving;

    private int refusal;
    private @Nullable Closing ending;

    Requests(Replies replies, ByteBufAllocator pages, Checks checks, Room room) {
        this.replies = replies;
        this.checks = checks;
        this.room = room;
        this.structured = checks.structured();
        this.pieces = Pieces.of(checks.export());
        this.payload = new Payload(pages);
    }

    /** Why the conversation is over, as soon as nothing runs any more; null if it is not. */
    @Nullable Closing ending() {
        if (ending == null && leaving) {
            boolean all = isIdle() && replies.unsent() == 0;
            return all ? Closing.of(Closing.Cause.DONE, "the peer said goodbye") : null;
        }
        if (ending == null && isIdle() && draining) {
            return Closing.of(Closing.Cause.DONE, "drained");
        }
        return ending;
    }

    boolean isIdle() {
        return running.isEmpty();
    }

    boolean isOverloaded() {
        return running.size() >= REQUESTS_MAX || bytes + replies.unsent() >= BYTES_MAX;
    }

    boolean isUsed() {
        return tags > 0;
    }

    long bytesRunning() {
        return bytes + (long) running.size() * Room.OF_REQUEST;
    }

    /** What has to be granted for it: a payload that arrives counts as a whole from its beginning on. */
    long roomInHand() {
        return (arriving == null ? 0 : roomFor(arriving, refusal)) + bytesRunning() + replies.unsent();
    }

    private static long roomFor(Request request, int error) {
        return error == Errors.NONE ? request.bytes() + Room.OF_REQUEST : 0;
    }

    /** The peer asks for nothing more; it still hears what becomes of what it asked for. */
    void leave() {
        leaving = true;
        arriving = null;
        payload.discard();
    }

    boolean isLeaving() {
        return leaving;
    }

    /** New commands are refused from now on. */
    void drain() {
        draining = true;
    }

    /** Takes one command, or what has arrived of its content; false: more has to arrive. */
    boolean next(Inbox inbox) {
        if (leaving) {
            inbox.discard();
            return false;
        }
        Request write = arriving;
        if (write != null) {
            return payload.complete(inbox) && arrived(write);
        }
        ByteBuf head = inbox.head(Nbd.REQUEST_BYTES);
        if (head == null) {
            return false;
        }
        int at = head.readerIndex();
        int magic = head.getInt(at);
        int flags = head.getShort(at + 4) & 0xFFFF;
        Command command = Command.of(head.getShort(at + 6) & 0xFFFF);
        Request request = new Request(
                head.getLong(at + 8), command, flags, head.getLong(at + 16), head.getInt(at + 24) & 0xFFFF_FFFFL);
        int error = draining ? Errors.ESHUTDOWN : checks.errorOf(request);
        if (magic == Nbd.REQUEST_MAGIC && !room.covers(roomInHand(), roomFor(request, error), replies)) {
            return false;
        }
        inbox.skip(Nbd.REQUEST_BYTES);
        if (magic != Nbd.REQUEST_MAGIC) {
            return end("request magic", "no request begins where one should");
        }
        return begin(request, error, inbox);
    }

    private boolean end(String rule, String text) {
        ending = Closing.peerWrong(rule, text);
        return false;
    }

    private boolean begin(Request request, int error, Inbox inbox) {
        if (request.command == Command.DISC) {
            leave();
            return true;
        }
        if (!request.command.brings) {
            start(request, error);
            return true;
        }
        if (request.length > SKIPPED_MAX) {
            return end("payload length", "a " + request.command + " of " + request.length + " bytes");
        }
        payload.begin(request.length, error == Errors.NONE);
        if (payload.complete(inbox)) {
            request.carry(payload.take());
            start(request, error);
            return true;
        }
        arriving = request;
        refusal = error;
        return false;
    }

    private boolean arrived(Request write) {
        arriving = null;
        write.carry(payload.take());
        start(write, refusal);
        refusal = Errors.NONE;
        return true;
    }

    private void start(Request request, int error) {
        if (error != Errors.NONE) {
            answerError(request, error, checks.wordsOf(error));
        } else if (request.command.isAnsweredAtOnce()) {
            replies.simple(request.cookie, Errors.NONE);
        } else if (request.command.way == Command.Way.MAP) {
            long most = Math.min(request.length, MAP_MAX);
            replies.map(run(request), request.offset, (int) most);
        } else {
            replies.submit(run(request), request.next(pieces));
        }
    }

    private long run(Request request) {
        long tag = ++tags;
        running.put(tag, request);
        bytes += request.bytes();
        return tag;
    }

    private Request ended(long tag) {
        Request request = running.remove(tag);
        if (request == null) {
            throw new IllegalStateException("nothing runs under the tag " + tag);
        }
        bytes -= request.bytes();
        return request;
    }

    void completed(long tag, Outcome outcome) {
        Request request = ended(tag);
        if (!(outcome instanceof Outcome.Done done)) {
            String words =
                    outcome instanceof Outcome.Refused refused ? refused.text() : ((Outcome.Unknown) outcome).text();
            int error = Errors.of(request.command, outcome);
            answerError(request, request.isPartlyDone() ? Errors.halfWay(error) : error, words);
            return;
        }
        request.came(done.data());
        if (request.isLast()) {
            answer(request);
        } else {
            replies.submit(run(request), request.next(pieces));
        }
    }

    private void answer(Request request) {
        if (!request.command.fetches) {
            replies.simple(request.cookie, Errors.NONE);
            return;
        }
        ByteBuf data = request.takeData();
        if (data.readableBytes() != request.length) {
            throw new IllegalStateException(data.readableBytes() + " bytes read, of " + request.length);
        }
        if (structured) {
            replies.chunkOfData(request.cookie, request.offset, data);
        } else {
            replies.data(request.cookie, data);
        }
    }

    private void answerError(Request request, int error, String words) {
        request.discard();
        if (structured && request.command.reads) {
            replies.chunkOfError(request.cookie, error, words);
        } else {
            replies.simple(request.cookie, error);
        }
    }

    void mapped(long tag, List<Extent> extents) {
        Request request = ended(tag);
        List<Extent> said = StatusReply.within(request, extents);
        replies.chunk(request.cookie, Nbd.CHUNK_STATUS, 4 + 8 * said.size());
        replies.number(Options.ALLOCATION_ID);
        for (Extent extent : said) {
            replies.number((int) extent.length());
            replies.number((extent.hole() ? Nbd.HOLE : 0) | (extent.zero() ? Nbd.ZERO : 0));
        }
    }

    void discard() {
        payload.discard();
        arriving = null;
        for (Request request : running.values()) {
            request.discard();
        }
        running.clear();
        bytes = 0;
    }

    void digest(StateDigest digest) {
        checks.digest(digest);
        payload.digest(digest);
        digest.add(structured)
                .add(pieces.largest())
                .add(pieces.boundary())
                .add(tags)
                .add(bytes)
                .add(draining)
                .add(leaving)
                .add(refusal)
                .add(String.valueOf(ending))
                .add(arriving != null);
        if (arriving != null) {
            arriving.digest(digest);
        }
        long[] all = running.keySet().stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(all);
        for (long tag : all) {
            digest.add(tag);
            running.get(tag).digest(digest);
        }
    }
}
