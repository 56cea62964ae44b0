package dst.sim;

import dst.protocol.Sentence;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one process: single pages of its host's size and nothing larger, so that no code can assume more memory in one
 * piece (G7). It knows how many pages are out; used pages come back with their old bytes in them, as evidence of whoever sends
 * what it did not write (R5).
 */
final class Pages extends AbstractByteBufAllocator {
    private final Memory memory;
    private final LongSupplier clock;
    private @Nullable Page oldest;
    private @Nullable Page newest;
    private int live;
    private int peak;
    private @Nullable Runnable shortage;

    Pages(Memory memory, LongSupplier clock) {
        super(false);
        this.memory = memory;
        this.clock = clock;
    }

    /**
     * The pages of a host that are free; they outlive its processes. A page of which little is used has a small array behind it,
     * so that a world with large pages costs no more than one with small ones.
     */
    static final class Memory {
        private static final int SMALLEST = 64;

        private final int pageSize;
        private final List<ArrayList<byte[]>> free = new ArrayList<>();

        Memory(int pageSize) {
            if (pageSize < 512 || pageSize > 65_536) {
                throw new IllegalArgumentException("a page has 512 to 65536 bytes, not " + pageSize);
            }
            this.pageSize = pageSize;
            for (int i = 0; i <= place(pageSize); i++) {
                free.add(new ArrayList<>());
            }
        }

        private byte[] take(int used) {
            int place = place(used);
            ArrayList<byte[]> fitting = free.get(place);
            return fitting.isEmpty() ? new byte[Math.min(SMALLEST << place, pageSize)] : fitting.removeLast();
        }

        private void giveBack(byte[] array) {
            free.get(place(array.length)).add(array);
        }

        /** 0 for up to {@link #SMALLEST} bytes, then one more for each doubling. */
        private static int place(int bytes) {
            return bytes <= SMALLEST ? 0 : 26 - Integer.numberOfLeadingZeros(bytes - 1);
        }
    }

    /** The next page that is asked for is not there: this is told instead, once, and may throw {@link Exhausted}. */
    void exhaust(Runnable callback) {
        shortage = callback;
    }

    /** There is no memory: unwinds whoever asked for it. An error, so that nobody takes it for something to go on after. */
    static final class Exhausted extends Error {
        private static final long serialVersionUID = 1;

        Exhausted() {
            super("no memory", null, false, false);
        }
    }

    int pageSize() {
        return memory.pageSize;
    }

    /** How many pages are out. */
    int live() {
        return live;
    }

    /** When that page was taken which has been out for the longest time; now if none is out. */
    long oldestTakenAt() {
        return oldest == null ? clock.getAsLong() : oldest.takenAt;
    }

    /** That what is out never came back from there. */
    Sentence leaked(Sentence where) {
        return Sentence.of(
                "memory never came back from ",
                where,
                " (pages: ",
                live(),
                "); the first of it was taken at ",
                new Sentence.Time(oldestTakenAt()));
    }

    /** How many bytes were out in pages at most. */
    long peakBytes() {
        return (long) peak * memory.pageSize;
    }

    /** Room for so many bytes, in as many pages as that takes, empty as yet. */
    ByteBuf room(int length) {
        int pageSize = memory.pageSize;
        if (length <= pageSize) {
            return heapBuffer(length);
        }
        CompositeByteBuf room = compositeHeapBuffer(Integer.MAX_VALUE);
        for (int left = length; left > 0; left -= pageSize) {
            int part = Math.min(left, pageSize);
            room.addComponent(false, heapBuffer(part).writerIndex(part));
        }
        return room;
    }

    /** Growing within a page costs nothing, so it takes the whole page at once. */
    @Override
    public int calculateNewCapacity(int minNewCapacity, int maxCapacity) {
        checkFits(memory.pageSize, minNewCapacity);
        return Math.min(memory.pageSize, maxCapacity);
    }

    @Override
    public CompositeByteBuf compositeHeapBuffer(int maxNumComponents) {
        return new CompositeByteBuf(this, false, maxNumComponents);
    }

    @Override
    public CompositeByteBuf compositeDirectBuffer(int maxNumComponents) {
        return compositeHeapBuffer(maxNumComponents);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        request();
        return new Page(this, initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        request();
        return new Page(this, initialCapacity, maxCapacity);
    }

    private void request() {
        Runnable told = shortage;
        if (told != null) {
            shortage = null;
            told.run();
        }
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }

    private static void checkFits(int pageSize, int bytes) {
        if (bytes > pageSize) {
            throw new IllegalStateException(
                    bytes + " bytes of memory were asked for in one piece, and a page has " + pageSize);
        }
    }

    /** One page, of which {@code capacity} bytes are used; it can grow up to the page. */
    private static final class Page extends UnpooledHeapByteBuf {
        private final Pages owner;
        private final long takenAt;
        private int capacity;
        private @Nullable Page before;
        private @Nullable Page after;

        Page(Pages owner, int capacity, int maxCapacity) {
            super(owner, capacity, maxCapacity);
            this.owner = owner;
            this.takenAt = owner.clock.getAsLong();
            this.capacity = capacity;
            before = owner.newest;
            if (before == null) {
                owner.oldest = this;
            } else {
                before.after = this;
            }
            owner.newest = this;
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            Page older = before;
            Page newer = after;
            if (older == null) {
                owner.oldest = newer;
            } else {
                older.after = newer;
            }
            if (newer == null) {
                owner.newest = older;
            } else {
                newer.before = older;
            }
        }

        @Override
        protected byte[] allocateArray(int initialCapacity) {
            Pages pages = (Pages) alloc();
            checkFits(pages.memory.pageSize, initialCapacity);
            if (++pages.live > pages.peak) {
                pages.peak = pages.live;
            }
            return pages.memory.take(initialCapacity);
        }

        @Override
        protected void freeArray(byte[] array) {
            owner.live--;
            owner.memory.giveBack(array);
        }

        @Override
        public int capacity() {
            return capacity;
        }

        @Override
        public ByteBuf capacity(int newCapacity) {
            checkNewCapacity(newCapacity);
            checkFits(owner.memory.pageSize, newCapacity);
            if (newCapacity > array().length) {
                super.capacity(newCapacity);
            }
            capacity = newCapacity;
            if (newCapacity < writerIndex()) {
                setIndex(Math.min(readerIndex(), newCapacity), newCapacity);
            }
            return this;
        }
    }
}
