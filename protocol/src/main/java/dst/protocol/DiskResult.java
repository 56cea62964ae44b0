package dst.protocol;

import io.netty.buffer.ByteBuf;

/** How a disk operation ended. What has ended has no later effect. */
public sealed interface DiskResult {
    /** So many bytes were written, zeroed or trimmed: all, or fewer (R4). A flush and a forget transfer 0. */
    record Transferred(int bytes) implements DiskResult {}

    /** What was read: all, or fewer bytes (R4). Belongs to the receiver. */
    record Data(ByteBuf data) implements DiskResult {}

    /** The disk's error. A failed write may have changed any part of its range. */
    record Failed(Problem problem) implements DiskResult {}
}
