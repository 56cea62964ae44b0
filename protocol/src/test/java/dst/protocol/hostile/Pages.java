package dst.protocol.hostile;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;

/**
 * Memory in single pages. It knows how many are out, and counts each as a whole one: what a peer drips by the byte holds pages
 * all the same. Nothing larger than a page is handed out.
 */
public final class Pages extends AbstractByteBufAllocator {
    public static final int PAGE = 512;

    private int live;

    public Pages() {
        super(false);
    }

    public int live() {
        return live;
    }

    public long bytes() {
        return (long) live * PAGE;
    }

    /** The bytes as a host would hand them over: in one page each at most, or together in a composite. */
    public ByteBuf of(byte[] array, int from, int length) {
        if (length <= PAGE) {
            return buffer(Math.max(1, length)).writeBytes(array, from, length);
        }
        CompositeByteBuf all = new CompositeByteBuf(this, false, Integer.MAX_VALUE);
        for (int at = from; at < from + length; at += PAGE) {
            int part = Math.min(PAGE, from + length - at);
            all.addComponent(true, buffer(part).writeBytes(array, at, part));
        }
        return all;
    }

    @Override
    protected ByteBuf newHeapBuffer(int capacity, int capacityMax) {
        if (capacity > PAGE) {
            throw new AssertionError("asked for " + capacity + " bytes at once");
        }
        live++;
        return new UnpooledHeapByteBuf(this, capacity, capacityMax) {
            @Override
            protected void deallocate() {
                live--;
                super.deallocate();
            }
        };
    }

    @Override
    protected ByteBuf newDirectBuffer(int capacity, int capacityMax) {
        throw new AssertionError("no machine needs direct memory here");
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
