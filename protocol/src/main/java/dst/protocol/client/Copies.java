package dst.protocol.client;

import dst.protocol.ClientSettings;
import dst.protocol.Kind;
import dst.protocol.Machines;
import dst.protocol.Overlap;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;

/**
 * The policy <em>copy</em> (T5): a write that has to wait for one that it overlaps gives its submitter's buffer back and waits in
 * the client's own memory. It settles no sooner for that, and its content stays the same to the byte (T6).
 */
final class Copies {
    private final ByteBufAllocator pages;
    private final long bytesMax;
    private long bytes;

    Copies(ClientSettings settings, ByteBufAllocator pages) {
        this.pages = pages;
        this.bytesMax =
                settings.policy().overlap() == Overlap.COPY ? settings.policy().copiedBytesMax() : 0;
    }

    /** Copies what this one carries, if there is room; beyond the limit it waits with its submitter. */
    boolean take(Transaction transaction) {
        if (transaction.kind != Kind.WRITE || transaction.length == 0 || transaction.length > bytesMax - bytes) {
            return false;
        }
        bytes += transaction.length;
        transaction.copyTo(copyOf(transaction.content()));
        return true;
    }

    /** In pieces of the smallest page: no host has to have larger ones (G7). */
    private ByteBuf copyOf(ByteBuf data) {
        CompositeByteBuf pieces = new CompositeByteBuf(pages, false, Integer.MAX_VALUE);
        int at = data.readerIndex();
        int end = data.writerIndex();
        while (at < end) {
            int length = Math.min(Machines.PAGE_MIN, end - at);
            pieces.addComponent(true, pages.buffer(length).writeBytes(data, at, length));
            at += length;
        }
        return pieces;
    }

    /** It has settled: what it carried is let go, or is retained and counts there (D4). */
    void letGo(Transaction transaction) {
        if (transaction.isCopied()) {
            bytes -= transaction.length;
        }
    }

    void digest(StateDigest digest) {
        digest.add(bytes);
    }
}
