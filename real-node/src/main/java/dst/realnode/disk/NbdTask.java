package dst.realnode.disk;

import dst.nbd.port.NbdExport;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Operation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a foreign server, in operations that this one knows, one after the other. What it does not know is made
 * of what it does: a durable write is a write and a flush, zeros are written; not to trim is what a TRIM allows (D6).
 */
final class NbdTask {
    /** Zeros that are written go in pieces of this. */
    private static final int ZEROS = 1 << 20;

    private static final ByteBuf ZERO = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(ZEROS).writeZero(ZEROS).asReadOnly());

    final DiskRequest request;
    private final NbdExport export;
    private int done;
    private int submitted;
    private boolean flushDue;
    private @Nullable CompositeByteBuf read;

    NbdTask(DiskRequest request, NbdExport export) {
        this.request = request;
        this.export = export;
        this.flushDue = switch (request) {
            case DiskRequest.Write write -> write.durable() && !knowsDurable();
            case DiskRequest.Zero zero -> zero.durable() && !knowsDurable();
            case DiskRequest.Flush _, DiskRequest.Forget _ -> export.has(NbdExport.FLUSH);
            case DiskRequest.Read _, DiskRequest.Trim _ -> false;
        };
    }

    private boolean knowsDurable() {
        return export.has(NbdExport.FUA);
    }

    /** What is to be done next; null: all of it is done. */
    @Nullable Operation next() {
        Operation next = switch (request) {
            case DiskRequest.Read(long _, long _, long offset, int length) -> {
                submitted = Math.min(length - done, largest());
                yield submitted == 0 ? null : new Operation.Read(offset + done, submitted);
            }
            case DiskRequest.Write(long _, long _, long offset, ByteBuf data, boolean durable) -> {
                submitted = Math.min(data.readableBytes() - done, largest());
                yield submitted == 0
                        ? null
                        : new Operation.Write(
                                offset + done,
                                data.retainedSlice(data.readerIndex() + done, submitted),
                                durable && knowsDurable());
            }
            case DiskRequest.Zero(long _, long _, long offset, int length, boolean durable) ->
                zero(offset, length - done, durable && knowsDurable());
            case DiskRequest.Trim(long _, long _, long offset, int length) -> {
                submitted = length - done;
                if (!export.has(NbdExport.TRIM)) {
                    done = length;
                    submitted = 0;
                }
                yield submitted == 0 ? null : new Operation.Trim(offset + done, submitted);
            }
            case DiskRequest.Flush _, DiskRequest.Forget _ -> null;
        };
        if (next == null && flushDue) {
            flushDue = false;
            submitted = 0;
            return new Operation.Flush();
        }
        return next;
    }

    private @Nullable Operation zero(long offset, int left, boolean durable) {
        if (export.has(NbdExport.ZERO)) {
            submitted = left;
            return left == 0 ? null : new Operation.Zero(offset + done, left, durable);
        }
        submitted = Math.min(left, Math.min(ZEROS, largest()));
        return submitted == 0 ? null : new Operation.Write(offset + done, ZERO.slice(0, submitted), durable);
    }

    private int largest() {
        return export.largestTransfer() & -export.minimumBlock();
    }

    /** What was asked for next is done; of a read the content belongs to this task. */
    void came(ByteBuf data) {
        done += submitted;
        if (request instanceof DiskRequest.Read) {
            CompositeByteBuf all = read == null ? Unpooled.compositeBuffer(Integer.MAX_VALUE) : read;
            read = all.addFlattenedComponents(true, data);
        } else {
            data.release();
        }
    }

    /** All of it is done. */
    DiskResult result() {
        CompositeByteBuf all = read;
        return all == null ? new DiskResult.Transferred(done) : new DiskResult.Data(all);
    }

    /** It will not be done. */
    void discard() {
        CompositeByteBuf all = read;
        if (all != null) {
            all.release();
            read = null;
        }
    }

    /** Whether its failure may mean that what was thought to be durable, or would have been, is not (D5). */
    boolean isDurable() {
        return switch (request) {
            case DiskRequest.Write write -> write.durable();
            case DiskRequest.Zero zero -> zero.durable();
            case DiskRequest.Flush _, DiskRequest.Forget _ -> true;
            case DiskRequest.Read _, DiskRequest.Trim _ -> false;
        };
    }
}
