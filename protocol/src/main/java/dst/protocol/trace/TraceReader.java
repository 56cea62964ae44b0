package dst.protocol.trace;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.WholeBlocksInput;
import dst.protocol.WholeBlocksOutput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link TraceWriter} wrote: equal values, in order, a record at a time. Foreign, damaged or interrupted bytes end
 * it with one {@link Read.Damaged}, whatever they are.
 */
public final class TraceReader {
    private static final int PIECE = 1 << 20;

    private final Source source;
    private final TraceCursor cursor = new TraceCursor();
    private final ByteSum sum = new ByteSum();
    private final byte[] head = new byte[TraceWriter.RECORD_HEAD];
    private String node = "";
    private long at;
    private long time;
    private long count;
    private boolean begun;
    private boolean ended;

    public TraceReader(Source source) {
        this.source = source;
    }

    public TraceReader(byte[] bytes) {
        this(new Source() {
            private int taken;

            @Override
            public int give(byte[] into, int offset, int length) {
                int count = Math.min(length, bytes.length - taken);
                System.arraycopy(bytes, taken, into, offset, count);
                taken += count;
                return count;
            }
        });
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
        if (!begun && !ended) {
            begun = true;
            Read damaged = head();
            if (damaged != null) {
                return damaged;
            }
        }
        if (ended) {
            return null;
        }
        long start = at;
        int headBytes = source.give(head, 0, head.length);
        if (headBytes == 0) {
            cursor.fail("it has no end: whoever wrote it was killed, or it was cut");
            return damaged(start);
        }
        if (!record(headBytes)) {
            return damaged(start);
        }
        time += cursor.number();
        int kind = cursor.integer();
        if (kind == TraceWriter.END) {
            return end(start);
        }
        Object value = value(kind);
        count++;
        return wholly() ? new Read.Seen(time, node, value) : damaged(start);
    }

    private @Nullable Read end(long start) {
        long written = cursor.number();
        if (written != count) {
            cursor.fail("the end says that " + written + " values stand before it, and there are " + count);
        }
        if (!wholly()) {
            return damaged(start);
        }
        if (source.give(head, 0, 1) > 0) {
            cursor.fail("there are more bytes behind its end");
            return damaged(at);
        }
        ended = true;
        return null;
    }

    private @Nullable Read head() {
        boolean magic = source.give(head, 0, head.length) == head.length
                && load(0) == (int) (TraceWriter.MAGIC >>> 32)
                && load(4) == (int) TraceWriter.MAGIC;
        if (!magic) {
            cursor.fail("this is no trace");
            return damaged(0);
        }
        at = head.length;
        if (!record(source.give(head, 0, head.length))) {
            return damaged(head.length);
        }
        int version = cursor.integer();
        if (version != TraceWriter.VERSION) {
            cursor.fail("a trace of version " + version + "; this reads version " + TraceWriter.VERSION);
            return damaged(head.length);
        }
        node = cursor.text();
        return wholly() ? null : damaged(head.length);
    }

    /** Opens the record that begins with the head, so much of which is there, and steps over it. */
    private boolean record(int headBytes) {
        if (headBytes < head.length) {
            cursor.fail("the trace was interrupted within a record's head");
            return false;
        }
        int length = load(0);
        byte[] body = new byte[Math.clamp(length, 0, PIECE)];
        int count = source.give(body, 0, body.length);
        // No more memory than there are bytes: the length may be a damaged one.
        while (count == body.length && count < length) {
            body = Arrays.copyOf(body, (int) Math.min(length, 2L * body.length));
            count += source.give(body, count, body.length - count);
        }
        if (length < 0 || count < length) {
            cursor.fail("the trace was interrupted within a record, or is damaged: " + Integer.toUnsignedString(length)
                    + " bytes announced, " + count + " are there");
            return false;
        }
        if (sum.of(body, 0, length) != load(4)) {
            cursor.fail("a record's checksum does not match");
            return false;
        }
        cursor.open(body, length);
        at += head.length + length;
        return true;
    }

    private boolean wholly() {
        if (!cursor.atEnd()) {
            cursor.fail("a record is longer than what it holds");
        }
        return cursor.fault().isEmpty();
    }

    private Read damaged(long start) {
        ended = true;
        return new Read.Damaged(cursor.fault(), start);
    }

    private int load(int index) {
        return head[index] << 24
                | (head[index + 1] & 0xff) << 16
                | (head[index + 2] & 0xff) << 8
                | (head[index + 3] & 0xff);
    }

    private Object value(int kind) {
        TraceCursor in = cursor;
        return switch (kind) {
            case 0x100 -> new ClientInput.Started(in.unique(), in.number());
            case 0x101 -> new ClientInput.Submitted(in.number(), operation());
            case 0x102 -> new ClientInput.LinkOpened(in.number());
            case 0x103 -> new ClientInput.Received(in.number(), in.buffer());
            case 0x104 -> new ClientInput.Sent(in.number(), in.number());
            case 0x105 -> new ClientInput.LinkClosed(in.number(), in.text());
            case 0x106 -> new ClientInput.TimerFired();
            case 0x107 -> new ClientInput.Detach(in.number());
            case 0x200 -> new ClientOutput.Connect(in.number(), in.integer());
            case 0x201 -> new ClientOutput.Send(in.number(), in.buffer());
            case 0x202 -> new ClientOutput.Close(in.number(), in.closing());
            case 0x203 -> new ClientOutput.Reading(in.number(), in.flag());
            case 0x204 -> new ClientOutput.Completed(in.number(), outcome());
            case 0x205 -> new ClientOutput.Changed(in.device(), in.flag());
            case 0x206 -> new ClientOutput.Failed(in.problem(), in.text(), in.ranges());
            case 0x207 -> new ClientOutput.Detached(in.ranges());
            case 0x208 -> new ClientOutput.Noted(in.text());
            case 0x209 -> new ClientOutput.Copied(in.number());
            case 0x300 -> new ServerInput.DiskOpened(in.integer(), in.boot(), in.bootCause());
            case 0x301 -> new ServerInput.ExportOpened(in.export(), in.holder(), in.access());
            case 0x302 -> new ServerInput.LinkOpened(in.number(), in.text(), in.text());
            case 0x303 -> new ServerInput.Received(in.number(), in.buffer());
            case 0x304 -> new ServerInput.Sent(in.number(), in.number());
            case 0x305 -> new ServerInput.LinkClosed(in.number(), in.text());
            case 0x306 -> new ServerInput.DiskEnded(in.integer(), in.number(), result());
            case 0x307 -> new ServerInput.BootDrawn(in.integer(), in.boot());
            case 0x308 -> new ServerInput.Persisted(in.text(), in.holder());
            case 0x309 -> new ServerInput.RemoveExport(in.text(), in.number());
            case 0x30a -> new ServerInput.TimerFired();
            case 0x30b -> new ServerInput.Ready();
            case 0x30c -> new ServerInput.AccessChanged(in.text(), in.access());
            case 0x30d -> new ServerInput.Leave(in.number());
            case 0x400 -> new ServerOutput.Send(in.number(), in.buffer());
            case 0x401 -> new ServerOutput.Close(in.number(), in.closing());
            case 0x402 -> new ServerOutput.Reading(in.number(), in.flag());
            case 0x403 -> new ServerOutput.StartDisk(in.integer(), request());
            case 0x404 -> new ServerOutput.DrawBoot(in.integer(), in.bootCause());
            case 0x405 -> new ServerOutput.Persist(in.text(), in.holder());
            case 0x406 -> new ServerOutput.Removed(in.text(), in.flag());
            case 0x407 -> new ServerOutput.Noted(in.text());
            case 0x408 -> new ServerOutput.Left(in.flag());
            case 0x500 -> new WorldEvent.ProcessStarted();
            case 0x501 -> new WorldEvent.ProcessCrashed();
            case 0x502 -> new WorldEvent.PowerCut();
            case 0x503 -> new WorldEvent.Struck(in.text(), in.text(), in.number());
            case 0x504 -> new WorldEvent.Healed();
            case 0x505 -> new WorldEvent.MediaHolds(in.number(), in.content());
            case 0x506 -> new WorldEvent.ClockSet(in.number(), in.number(), in.number());
            case 0x507 -> new WorldEvent.UsedByOthers(in.integer());
            case 0x508 -> new WorldEvent.ProcessEnded();
            case 0x600 -> new WholeBlocksInput.Reblocked(in.integer());
            case 0x601 -> new WholeBlocksInput.Submitted(in.number(), operation());
            case 0x602 -> new WholeBlocksInput.Settled(in.number(), outcome());
            case 0x700 -> new WholeBlocksOutput.Submit(in.number(), in.number(), operation());
            case 0x701 -> new WholeBlocksOutput.Completed(in.number(), outcome());
            default -> {
                in.fail("the kind of value " + kind);
                yield new WorldEvent.Healed();
            }
        };
    }

    private Operation operation() {
        TraceCursor in = cursor;
        int kind = in.integer();
        return switch (kind) {
            case 1 -> new Operation.Read(in.number(), in.integer());
            case 2 -> new Operation.Write(in.number(), in.buffer(), in.flag());
            case 3 -> new Operation.Flush();
            case 4 -> new Operation.Trim(in.number(), in.integer());
            case 5 -> new Operation.Zero(in.number(), in.integer(), in.flag());
            default -> {
                in.fail("the operation " + kind);
                yield new Operation.Flush();
            }
        };
    }

    private Outcome outcome() {
        TraceCursor in = cursor;
        int kind = in.integer();
        return switch (kind) {
            case 1 -> new Outcome.Done(in.buffer());
            case 2 -> new Outcome.Refused(in.problem(), in.text());
            case 3 -> new Outcome.Unknown(in.problem(), in.text());
            default -> {
                in.fail("the outcome " + kind);
                yield new Outcome.Done(Unpooled.EMPTY_BUFFER);
            }
        };
    }

    private DiskRequest request() {
        TraceCursor in = cursor;
        long ticket = in.number();
        long transaction = in.number();
        int kind = in.integer();
        return switch (kind) {
            case 1 -> new DiskRequest.Read(ticket, transaction, in.number(), in.integer());
            case 2 -> new DiskRequest.Write(ticket, transaction, in.number(), in.buffer(), in.flag());
            case 3 -> new DiskRequest.Zero(ticket, transaction, in.number(), in.integer(), in.flag());
            case 4 -> new DiskRequest.Trim(ticket, transaction, in.number(), in.integer());
            case 5 -> new DiskRequest.Flush(ticket, transaction);
            case 6 -> new DiskRequest.Forget(ticket, transaction);
            default -> {
                in.fail("the disk request " + kind);
                yield new DiskRequest.Flush(ticket, transaction);
            }
        };
    }

    private DiskResult result() {
        TraceCursor in = cursor;
        int kind = in.integer();
        return switch (kind) {
            case 1 -> new DiskResult.Transferred(in.integer());
            case 2 -> new DiskResult.Data(in.buffer());
            case 3 -> new DiskResult.Failed(in.problem());
            default -> {
                in.fail("the disk result " + kind);
                yield new DiskResult.Transferred(0);
            }
        };
    }
}
