package dst.protocol.trace;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link TraceWriter} wrote: equal values, in order, a record at a time. Foreign, damaged or interrupted bytes end
 * it with one {@link Read.Damaged}, whatever they are.
 */
public final class TraceReader {
    private static final int PIECE = 1 << 20;

    private final Source source;
    private final TraceCursor cursor;
    private final ByteSum sum = new ByteSum();
    private final byte[] head = new byte[TraceWriter.RECORD_HEAD];
    private String node = "";
    private long at;
    /** Where what is being read begins. */
    private long from;

    private long time;
    private long count;
    private boolean begun;
    private boolean ended;

    public TraceReader(Source source) {
        this(source, Vocabulary.PRESENT);
    }

    /** Nothing but what is in this vocabulary is made of the bytes. */
    public TraceReader(Source source, Vocabulary vocabulary) {
        this.source = source;
        this.cursor = new TraceCursor(vocabulary);
    }

    public TraceReader(byte[] bytes) {
        this(bytes, Vocabulary.PRESENT);
    }

    public TraceReader(byte[] bytes, Vocabulary vocabulary) {
        this(
                new Source() {
                    private int taken;

                    @Override
                    public int give(byte[] into, int offset, int length) {
                        int count = Math.min(length, bytes.length - taken);
                        System.arraycopy(bytes, taken, into, offset, count);
                        taken += count;
                        return count;
                    }
                },
                vocabulary);
    }

    /** Copies what is readable. */
    public TraceReader(ByteBuf bytes) {
        this(ByteBufUtil.getBytes(bytes));
    }

    /** Whose boundary it is; empty until the first {@link #next()}. */
    public String node() {
        return node;
    }

    /** The next value, or why there is none; null at the end. */
    public @Nullable Read next() {
        if (ended) {
            return null;
        }
        try {
            if (!begun) {
                begun = true;
                head();
            }
            return value();
        } catch (IllegalArgumentException damage) {
            ended = true;
            return new Read.Damaged(String.valueOf(damage.getMessage()), from);
        }
    }

    private void head() {
        boolean magic = source.give(head, 0, head.length) == head.length
                && load(0) == (int) (TraceWriter.MAGIC >>> 32)
                && load(4) == (int) TraceWriter.MAGIC;
        if (!magic) {
            throw new IllegalArgumentException("this is no trace");
        }
        at = head.length;
        from = at;
        record(source.give(head, 0, head.length));
        int version = cursor.integer();
        if (version != TraceWriter.VERSION) {
            throw new IllegalArgumentException(
                    "a trace of version " + version + "; this reads version " + TraceWriter.VERSION);
        }
        node = cursor.text();
        cursor.close();
    }

    private @Nullable Read value() {
        from = at;
        int headBytes = source.give(head, 0, head.length);
        if (headBytes == 0) {
            throw new IllegalArgumentException("it has no end: whoever wrote it was killed, or it was cut");
        }
        record(headBytes);
        time += cursor.number();
        Shape shape = cursor.typeOrEnd();
        if (shape == null) {
            end();
            return null;
        }
        Layer layer = cursor.layer(node);
        Object value = shape.read(cursor);
        cursor.close();
        count++;
        return new Read.Seen(time, layer, value);
    }

    private void end() {
        long written = cursor.number();
        if (written != count) {
            throw new IllegalArgumentException(
                    "the end says that " + written + " values stand before it, and there are " + count);
        }
        cursor.close();
        from = at;
        if (source.give(head, 0, 1) > 0) {
            throw new IllegalArgumentException("there are more bytes behind its end");
        }
        ended = true;
    }

    /** Opens the record that begins with the head, so much of which is there, and steps over it. */
    private void record(int headBytes) {
        if (headBytes < head.length) {
            throw new IllegalArgumentException("the trace was interrupted within a record's head");
        }
        int length = load(0);
        byte[] body = new byte[Math.clamp(length, 0, PIECE)];
        int given = source.give(body, 0, body.length);
        // No more memory than there are bytes: the length may be a damaged one.
        while (given == body.length && given < length) {
            body = Arrays.copyOf(body, (int) Math.min(length, 2L * body.length));
            given += source.give(body, given, body.length - given);
        }
        if (length < 0 || given < length) {
            throw new IllegalArgumentException("the trace was interrupted within a record, or is damaged: "
                    + Integer.toUnsignedString(length) + " bytes announced, " + given + " are there");
        }
        if (sum.of(body, 0, length) != load(4)) {
            throw new IllegalArgumentException("a record's checksum does not match");
        }
        cursor.open(body, length);
        at += head.length + length;
    }

    private int load(int index) {
        return head[index] << 24
                | (head[index + 1] & 0xff) << 16
                | (head[index + 2] & 0xff) << 8
                | (head[index + 3] & 0xff);
    }
}
