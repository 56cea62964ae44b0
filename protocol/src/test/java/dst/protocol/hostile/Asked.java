package dst.protocol.hostile;

import io.netty.buffer.ByteBuf;

/** The last requests that a client sent, read from the bytes: what a hostile server answers, well or not. */
final class Asked {
    private static final int MOST = 16;
    private static final int REQUEST = 6;
    private static final Request NONE = new Request(1, 1, 512);

    private final Request[] requests = new Request[MOST];
    private int count;
    private long highest;
    private long executions;

    record Request(long id, int kind, int length) {}

    void clear() {
        count = 0;
        highest = 0;
        executions = 0;
    }

    /** Looks at one message as the client sends it. */
    void saw(ByteBuf message) {
        int from = message.readerIndex();
        if (message.readableBytes() < Draft.FRAME_BYTES + 68 || message.getByte(from + 4) != REQUEST) {
            return;
        }
        int head = from + Draft.FRAME_BYTES;
        Request request = new Request(message.getLong(head), message.getShort(head + 8), message.getInt(head + 12));
        requests[count++ % MOST] = request;
        highest = Math.max(highest, request.id());
    }

    Request any(Odds odds) {
        int known = Math.min(count, MOST);
        return known == 0 ? NONE : requests[odds.below(known)];
    }

    Request newest() {
        return count == 0 ? NONE : requests[(count - 1) % MOST];
    }

    /** An id that was not given yet, and not soon. */
    long never() {
        return highest + 1_000_000;
    }

    long nextExecution() {
        return ++executions;
    }

    void executed(long upTo) {
        executions = upTo;
    }
}
