package dst.protocol;

import io.netty.buffer.ByteBufAllocator;

/** Makes the two sides: the honest ones, or ones with a bug planted in one of them. */
public interface Machines {
    /** The allocator is asked for single pages at most: no more than {@link #PAGE_MIN} bytes at once. */
    Machine<ClientInput, ClientOutput> client(ClientSettings settings, ByteBufAllocator pages);

    Machine<ServerInput, ServerOutput> server(ByteBufAllocator pages);

    /** The smallest page a host may have; no machine asks for a larger piece of memory than this. */
    int PAGE_MIN = 512;
}
