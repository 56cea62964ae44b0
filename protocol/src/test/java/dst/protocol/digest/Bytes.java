package dst.protocol.digest;

import dst.protocol.wire.CountedPages;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;

/** Buffers for inputs, in pages as hosts have them; counted. */
final class Bytes {
    final CountedPages pages = new CountedPages(false);
    private final Encoder encoder = new Encoder(pages);

    ByteBuf encode(Message message) {
        ByteBuf encoded = encoder.encode(message);
        ByteBuf own = copy(encoded, encoded.readableBytes());
        encoded.release();
        return own;
    }

    /** The first bytes of it; the whole is given back. */
    ByteBuf part(ByteBuf whole, int length) {
        ByteBuf part = copy(whole, length);
        whole.release();
        return part;
    }

    ByteBuf filled(int length) {
        return copy(Unpooled.wrappedBuffer(new byte[length]), length);
    }

    private ByteBuf copy(ByteBuf from, int length) {
        CompositeByteBuf all = new CompositeByteBuf(pages, false, Integer.MAX_VALUE);
        for (int at = 0; at < length; at += CountedPages.PAGE) {
            int size = Math.min(CountedPages.PAGE, length - at);
            ByteBuf page = pages.buffer(size);
            from.getBytes(from.readerIndex() + at, page, size);
            all.addComponent(true, page);
        }
        return all;
    }
}
