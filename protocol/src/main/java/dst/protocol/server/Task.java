package dst.protocol.server;

import dst.protocol.DiskRequest;
import dst.protocol.Kind;
import dst.protocol.Order;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and what has become of it: held until nothing that it conflicts with is ahead, running until the disk ends all of
 * it, answered until the client has settled it (T3, T5).
 */
final class Task extends Order.Place {
    enum State {
        HELD,
        RUNNING,
        ANSWERED
    }

    final Account account;
    final Message.Request request;

    /** The link that the newest copy came on: there the answer goes. */
    ServerLink link;

    /** That link is not the one on which the request was checked (R2). */
    boolean moved;

    State state = State.HELD;
    Problem problem = Problem.NONE;
    long execution;

    /** Settled by the client: nobody waits for its end any more. */
    boolean dropped;

    /** R7: it counts, until the disk has ended it or it is given up. */
    private boolean inHand;

    /** D1: position among all that were started on this disk. */
    long started;

    private int transferred;
    private ByteBuf payload;
    private @Nullable CompositeByteBuf read;

    Task(Account account, long exportStart, Message.Request request, ServerLink link) {
        super(exportStart + request.offset(), request.length(), request.kind().changes());
        this.account = account;
        this.request = request;
        this.link = link;
        this.payload = request.payload();
    }

    /** What is left to do, for the disk: all of it, or the rest after a short transfer (R4). */
    DiskRequest rest(long ticket) {
        long offset = start() + transferred;
        int length = request.length() - transferred;
        return switch (request.kind()) {
            case READ -> new DiskRequest.Read(ticket, request.id(), offset, length);
            case WRITE -> new DiskRequest.Write(ticket, request.id(), offset, remaining(), request.durable());
            case ZERO -> new DiskRequest.Zero(ticket, request.id(), offset, length, request.durable());
            case TRIM -> new DiskRequest.Trim(ticket, request.id(), offset, length);
            case FLUSH -> new DiskRequest.Flush(ticket, request.id());
        };
    }

    private ByteBuf remaining() {
        return payload.retainedSlice(payload.readerIndex() + transferred, payload.readableBytes() - transferred);
    }

    /** Takes what the disk moved; whether that was all. */
    boolean advance(int bytes) {
        transferred += bytes;
        return transferred == request.length();
    }

    boolean advance(ByteBuf data) {
        int bytes = data.readableBytes();
        if (transferred == 0 && bytes == request.length()) {
            payload = data;
            transferred = bytes;
            return true;
        }
        if (read == null) {
            read = data.alloc().compositeBuffer(Integer.MAX_VALUE);
        }
        read.addFlattenedComponents(true, data);
        if (!advance(bytes)) {
            return false;
        }
        payload = read;
        read = null;
        return true;
    }

    void moveTo(ServerLink other) {
        link = other;
        moved = true;
    }

    void takeInHand() {
        inHand = true;
        account.take(bytes());
    }

    /** It takes nothing any more; said again, it means nothing. */
    void letGo() {
        if (inHand) {
            inHand = false;
            account.giveBack(bytes());
        }
    }

    /** How much memory it may take until the disk has ended it (R7). */
    int bytes() {
        return isRead() || request.kind() == Kind.WRITE ? request.length() : 0;
    }

    int left() {
        return request.length() - transferred;
    }

    /** What was read; it leaves this task. */
    ByteBuf takeData() {
        ByteBuf data = payload;
        payload = Unpooled.EMPTY_BUFFER;
        return data;
    }

    /** The answer stays on record, the content does not (T3). */
    void releaseContent() {
        payload.release();
        payload = Unpooled.EMPTY_BUFFER;
        if (read != null) {
            read.release();
            read = null;
        }
    }

    /** Among all tasks that may be on a disk at once. */
    long name() {
        return Prng.hash(request.id() + 31 * account.holder.epoch(), account.export);
    }

    void digest(StateDigest digest) {
        digestPlace(digest);
        request.digest(digest);
        digest.add(link.number)
                .add(link.closed)
                .add(link.principal)
                .add(state.ordinal())
                .add(problem.code())
                .add(execution)
                .add(dropped)
                .add(moved)
                .add(inHand)
                .add(started)
                .add(transferred)
                .add(read == null ? List.of(payload) : List.of(payload, read));
    }

    boolean isRead() {
        return request.kind() == Kind.READ;
    }

    boolean isFlush() {
        return request.kind() == Kind.FLUSH;
    }
}
