package dst.reports;

import dst.protocol.trace.Stamp;
import io.netty.buffer.ByteBuf;

/** What the first block of some data says of itself, if it is shown: which operation wrote it; 0 if nobody did. */
public record Content(boolean shown, long writer) {
    static final Content HIDDEN = new Content(false, 0);

    static Content of(ByteBuf data) {
        return data.readableBytes() < Stamp.BYTES ? HIDDEN : new Content(true, data.getLong(data.readerIndex() + 8));
    }

    static Content by(long writer) {
        return new Content(true, writer);
    }

    /** As people read it. */
    String words() {
        return writer == 0 ? "zeros" : "operation " + writer;
    }
}
