package dst.realnode.disk;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Where buffers lie in memory, and copying between addresses. Who asks for an address keeps the buffer alive while he uses it. */
final class Addresses {
    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Addresses() {}

    /** The address of a part of a buffer that is native memory in one piece. */
    static long of(ByteBuf buffer, int index, int length) {
        if (buffer.hasMemoryAddress()) {
            return buffer.memoryAddress() + index;
        }
        return of(buffer.nioBuffer(index, length));
    }

    /** The address of what is left in a direct buffer. */
    static long of(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer).address();
    }

    /** Whether the buffer is native memory in one piece. */
    static boolean hasOne(ByteBuf buffer) {
        return buffer.hasMemoryAddress() || (buffer.isDirect() && buffer.nioBufferCount() == 1);
    }

    static void copy(long from, long to, long length) {
        MemorySegment.copy(ALL, from, ALL, to, length);
    }

    /** Copies what can be read of a buffer, whatever it is made of. */
    static void copy(ByteBuf from, long to) {
        int length = from.readableBytes();
        if (hasOne(from)) {
            copy(of(from, from.readerIndex(), length), to, length);
        } else {
            from.getBytes(from.readerIndex(), ALL.asSlice(to, length).asByteBuffer());
        }
    }

    static void fill(long address, long length) {
        if (length > 0) {
            ALL.asSlice(address, length).fill((byte) 0);
        }
    }
}
