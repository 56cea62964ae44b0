package dst.protocol.trace;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link TraceWriter} wrote: equal values, in order. Foreign, damaged or interrupted bytes end it with one
 * {@link Read.Damaged}, whatever they are. Buffers in what it gives lie in the given bytes.
 */
public final class TraceReader {
    private final byte[] bytes;
    private final TraceCursor cursor;
    private final ByteSum sum = new ByteSum();
    private String node = "";
    private int at;
    private long time;
    private boolean begun;
    private boolean ended;

    public TraceReader(byte[] bytes) {
        this.bytes = bytes;
        this.cursor = new TraceCursor(bytes);
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
        if (ended || at == bytes.length) {
            return null;
        }
        int start = at;
        if (!record()) {
            return damaged(start);
        }
        time += cursor.number();
        Object value = value(cursor.integer());
        return wholly() ? new Read.Seen(time, node, value) : damaged(start);
    }

    private @Nullable Read head() {
        if (bytes.length < 8 || load(0) != (int) (TraceWriter.MAGIC >>> 32) || load(4) != (int) TraceWriter.MAGIC) {
            cursor.fail("this is no trace");
            return damaged(0);
        }
        at = 8;
        if (!record()) {
            return damaged(8);
        }
        int version = cursor.integer();
        if (version != TraceWriter.VERSION) {
            cursor.fail("a trace of version " + version + "; this reads version " + TraceWriter.VERSION);
            return damaged(8);
        }
        node = cursor.text();
        return wholly() ? null : damaged(8);
    }

    /** Opens the record that begins here and steps over it. */
    private boolean record() {
        int left = bytes.length - at - TraceWriter.RECORD_HEAD;
        if (left < 0) {
            cursor.fail("the trace was interrupted within a record's head");
            return false;
        }
        int length = load(at);
        if (length < 0 || length > left) {
            cursor.fail("the trace was interrupted within a record, or is damaged: " + Integer.toUnsignedString(length)
                    + " bytes announced, " + left + " are there");
            return false;
        }
        int start = at + TraceWriter.RECORD_HEAD;
        if (sum.of(bytes, start, length) != load(at + 4)) {
            cursor.fail("a record's checksum does not match");
            return false;
        }
        cursor.open(start, length);
        at = start + length;
        return true;
    }

    private boolean wholly() {
        if (!cursor.atEnd()) {
            cursor.fail("a record is longer than what it holds");
        }
        return cursor.fault().isEmpty();
    }

    private Read damaged(int start) {
        ended = true;
        return new Read.Damaged(cursor.fault(), start);
    }

    private int load(int index) {
        return bytes[index] << 24
                | (bytes[index + 1] & 0xff) << 16
                | (bytes[index + 2] & 0xff) << 8
                | (bytes[index + 3] & 0xff);
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
            case 0x400 -> new ServerOutput.Send(in.number(), in.buffer());
            case 0x401 -> new ServerOutput.Close(in.number(), in.closing());
            case 0x402 -> new ServerOutput.Reading(in.number(), in.flag());
            case 0x403 -> new ServerOutput.StartDisk(in.integer(), request());
            case 0x404 -> new ServerOutput.DrawBoot(in.integer(), in.bootCause());
            case 0x405 -> new ServerOutput.Persist(in.text(), in.holder());
            case 0x406 -> new ServerOutput.Removed(in.text(), in.flag());
            case 0x407 -> new ServerOutput.Noted(in.text());
            case 0x500 -> new WorldEvent.ProcessStarted();
            case 0x501 -> new WorldEvent.ProcessCrashed();
            case 0x502 -> new WorldEvent.PowerCut();
            case 0x503 -> new WorldEvent.Struck(in.text(), in.text());
            case 0x504 -> new WorldEvent.Healed();
            case 0x505 -> new WorldEvent.MediaHolds(in.number(), in.content());
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
