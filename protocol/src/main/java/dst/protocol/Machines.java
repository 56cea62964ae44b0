package dst.protocol;

import io.netty.buffer.ByteBufAllocator;

/** Makes the two sides: the honest ones, or ones with a bug planted in one of them. */
public interface Machines {
    /** The allocator is asked for single pages at most: no more than {@link #PAGE_MIN} bytes at once. */
    Machine client(ClientSettings settings, ByteBufAllocator pages);

    Machine server(ServerSettings settings, ByteBufAllocator pages);

    /** Of a kind of node, by its name; whoever knows more kinds makes those as well. */
    default Machine machine(String kind, Record settings, ByteBufAllocator pages) {
        return switch (settings) {
            case ClientSettings client -> client(client, pages);
            case ServerSettings server -> server(server, pages);
            default -> throw new IllegalArgumentException("there is no kind of node " + kind + " among these machines");
        };
    }

    /** Whom it is that a machine of that kind makes guilty. */
    default Side side(String kind) {
        return Side.OPEN;
    }

    /** The machines of another program than this one, by its name in plans: an older version, or one that is up to no good. */
    default Machines variant(String name) {
        if (!name.equals(PRESENT)) {
            throw new IllegalArgumentException("there is no variant " + name + " of the machines here");
        }
        return this;
    }

    /** The program as it is. */
    String PRESENT = "present";

    /** The smallest page a host may have; no machine asks for a larger piece of memory than this. */
    int PAGE_MIN = 512;
}
