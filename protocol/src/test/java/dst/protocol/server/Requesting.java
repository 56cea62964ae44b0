package dst.protocol.server;

import dst.protocol.Boot;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Unique;
import dst.protocol.wire.Checksum;
import dst.protocol.wire.CountedPages;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Makes the requests of a client that believes in this boot and this epoch. */
class Requesting {
    static final int BLOCK = 512;

    final CountedPages pages = new CountedPages(false);
    Boot boot = new Boot(1, new Unique(1, 99));
    Holder holder = Holder.NOBODY;

    Message.Request write(long id, int block, int value, int flags, Settled settled) {
        return request(id, Kind.WRITE, block, 1, flags, settled, value);
    }

    Message.Request write(long id, int block) {
        return write(id, block, (int) id, 0, Settled.NONE);
    }

    Message.Request read(long id, int block) {
        return request(id, Kind.READ, block, 1, 0, Settled.NONE, 0);
    }

    Message.Request flush(long id) {
        return request(id, Kind.FLUSH, 0, 0, 0, Settled.NONE, 0);
    }

    Message.Request request(long id, Kind kind, int block, int blocks, int flags, Settled settled, int value) {
        ByteBuf data = kind == Kind.WRITE ? bytes(blocks * BLOCK, value) : Unpooled.EMPTY_BUFFER;
        return new Message.Request(
                id,
                kind,
                flags,
                (long) block * BLOCK,
                blocks * BLOCK,
                holder.epoch(),
                boot,
                settled,
                Checksum.of(data),
                data);
    }

    ByteBuf bytes(int length, int value) {
        ByteBuf all = pages.compositeBuffer(Integer.MAX_VALUE);
        for (int left = length; left > 0; left -= CountedPages.PAGE) {
            ByteBuf page = pages.buffer(Math.min(left, CountedPages.PAGE));
            while (page.isWritable()) {
                page.writeByte(value);
            }
            ((CompositeByteBuf) all).addComponent(true, page);
        }
        return all;
    }

    /** Ids up to this one are settled, all others are not. */
    static Settled settledUpTo(long last) {
        Settled settled = Settled.NONE;
        List<Long> ids = new ArrayList<>();
        for (long id = 0; id <= last; id++) {
            ids.add(id);
        }
        if (!ids.isEmpty()) {
            settled = settled(ids);
        }
        return settled;
    }

    static Settled settled(List<Long> ids) {
        long highest = ids.getLast();
        long[] bits = new long[(int) (highest / 64) + 1];
        ids.forEach(id -> bits[(int) (id / 64)] |= 1L << (id & 63));
        return new Settled(0, bits, new long[0]);
    }
}
