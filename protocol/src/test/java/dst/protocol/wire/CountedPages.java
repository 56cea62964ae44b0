package dst.protocol.wire;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;

/** Hands out single pages, heap or direct, refuses anything larger, and knows how many were not given back. */
public final class CountedPages extends AbstractByteBufAllocator {
    public static final int PAGE = 512;

    private int live;

    public CountedPages(boolean direct) {
        super(direct);
    }

    public int live() {
        return live;
    }

    @Override
    protected ByteBuf newHeapBuffer(int capacity, int capacityMax) {
        count(capacity);
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
        count(capacity);
        return new UnpooledDirectByteBuf(this, capacity, capacityMax) {
            @Override
            protected void deallocate() {
                live--;
                super.deallocate();
            }
        };
    }

    private void count(int capacity) {
        if (capacity > PAGE) {
            throw new AssertionError("asked for " + capacity + " bytes at once");
        }
        live++;
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
