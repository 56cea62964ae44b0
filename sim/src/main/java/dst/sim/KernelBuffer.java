package dst.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;

/**
 * The limit of what two kernels hold of one direction of a link: what a process sends beyond it stays in that process's memory
 * until the peer's process has received something.
 */
final class KernelBuffer {
    private final int capacity;
    private final ArrayDeque<ByteBuf> unsent = new ArrayDeque<>();
    private int held;

    KernelBuffer(int capacity) {
        this.capacity = capacity;
    }

    /** Whether the kernel has taken everything that the process has sent. */
    boolean hasAll() {
        return unsent.isEmpty();
    }

    void send(ByteBuf bytes) {
        unsent.add(bytes);
    }

    /** The peer's process has received so many bytes, or they are lost. */
    void left(long bytes) {
        held -= (int) bytes;
    }

    /** The kernels take what they have room for; how many bytes that is. */
    int fill(Transit transit, long now) {
        int before = held;
        while (!unsent.isEmpty() && held < capacity) {
            ByteBuf next = unsent.getFirst();
            int length = Math.min(capacity - held, next.readableBytes());
            // The process's memory is free again as soon as this is taken.
            transit.append(Unpooled.buffer(length, length).writeBytes(next, length), now);
            held += length;
            if (!next.isReadable()) {
                unsent.removeFirst().release();
            }
        }
        return held - before;
    }

    /** The process is gone, or the link: what the kernel had not taken is gone too. */
    void drop() {
        unsent.forEach(ByteBuf::release);
        unsent.clear();
    }
}
