package dst.realnode.disk;

import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Whole requests: a kernel moves fewer bytes than it was asked to where a cache has only the beginning, and where an error follows,
 * which only the rest's own try tells. Nobody in front of a disk has to care.
 */
final class Whole {
    private Whole() {}

    /** Whether so much less was done than was asked for. */
    static boolean lacks(DiskRequest request, DiskResult result) {
        return switch (result) {
            case DiskResult.Transferred(int bytes) -> bytes < length(request);
            case DiskResult.Data(ByteBuf data) -> data.readableBytes() < length(request);
            case DiskResult.Failed _ -> false;
        };
    }

    /** All of it, or what is wrong with it. The request's own buffer stays the caller's. */
    static DiskResult of(RealDisk disk, DiskRequest request) {
        DiskResult result = disk.atLeisure(request);
        while (lacks(request, result)) {
            int done = result instanceof DiskResult.Data(ByteBuf data)
                    ? data.readableBytes()
                    : ((DiskResult.Transferred) result).bytes();
            if (done == 0) {
                return result;
            }
            result = joined(result, disk.atLeisure(rest(request, done)));
        }
        return result;
    }

    private static int length(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read it -> it.length();
            case DiskRequest.Write it -> it.data().readableBytes();
            case DiskRequest.Zero it -> it.length();
            case DiskRequest.Trim it -> it.length();
            case DiskRequest.Flush _, DiskRequest.Forget _ -> 0;
        };
    }

    private static DiskRequest rest(DiskRequest request, int done) {
        long ticket = request.ticket();
        long transaction = request.transaction();
        return switch (request) {
            case DiskRequest.Read it ->
                new DiskRequest.Read(ticket, transaction, it.offset() + done, it.length() - done);
            case DiskRequest.Write it -> {
                ByteBuf data = it.data();
                ByteBuf left = data.slice(data.readerIndex() + done, data.readableBytes() - done);
                yield new DiskRequest.Write(ticket, transaction, it.offset() + done, left, it.durable());
            }
            case DiskRequest.Zero it ->
                new DiskRequest.Zero(ticket, transaction, it.offset() + done, it.length() - done, it.durable());
            case DiskRequest.Trim it ->
                new DiskRequest.Trim(ticket, transaction, it.offset() + done, it.length() - done);
            case DiskRequest.Flush _, DiskRequest.Forget _ -> request;
        };
    }

    private static DiskResult joined(DiskResult before, DiskResult rest) {
        return switch (rest) {
            case DiskResult.Failed failed -> {
                if (before instanceof DiskResult.Data(ByteBuf data)) {
                    data.release();
                }
                yield failed;
            }
            case DiskResult.Transferred(int bytes) ->
                new DiskResult.Transferred(((DiskResult.Transferred) before).bytes() + bytes);
            case DiskResult.Data(ByteBuf data) -> {
                CompositeByteBuf both = Unpooled.compositeBuffer(Integer.MAX_VALUE);
                both.addFlattenedComponents(true, ((DiskResult.Data) before).data());
                yield new DiskResult.Data(both.addFlattenedComponents(true, data));
            }
        };
    }
}
