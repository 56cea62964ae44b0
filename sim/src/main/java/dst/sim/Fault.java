package dst.sim;

import dst.protocol.Permission;

/** One fault of a plan: when it strikes and what it does. Data; the world carries it out and reports it when it has struck. */
public record Fault(When when, Strike strike) {
    /** The kind of fault as plans and reports name it, for example {@code power-cut}. */
    public String kind() {
        return Strikes.kind(strike);
    }

    /** Lasts until healed. */
    public static final long FOR_GOOD = Long.MAX_VALUE;

    /** When it strikes. */
    public sealed interface When {
        /** At this time. */
        record At(long nanos) implements When {}

        /** As the n-th frame-carrying piece (1 the first) is sent in that direction, over all links of the run. */
        record AtMessage(Direction direction, long nth) implements When {}

        /** As the n-th disk write is submitted, before it takes effect. */
        record AtDiskWrite(long nth) implements When {}

        /** As a server asks for the n-th thing to be made durable beside the disk (holder, boot), before it is. */
        record AtRecord(long nth) implements When {}
    }

    public enum Direction {
        TO_SERVER,
        TO_CLIENT,
        BOTH
    }

    /** A host; one that the plan does not have is missed. */
    public enum Node {
        CLIENT("client"),
        CLIENT_2("client-2"),
        CLIENT_3("client-3"),
        SERVER("server"),
        SERVER_2("server-2");

        private final String words;

        Node(String words) {
            this.words = words;
        }

        /** What traces and reports call it. */
        public String words() {
            return words;
        }
    }

    /** What it does. */
    public sealed interface Strike {
        // The network.

        /** The connection is reset: both ends hear of it, in their time. */
        record Cut() implements Strike {}

        /** Nothing passes and nobody is told (half-open); the connections of that time never recover. */
        record BlackHole(Direction direction, long nanos) implements Strike {}

        /** What is sent stays on the way for so long, then flows on in order. */
        record Stall(Direction direction, long nanos) implements Strike {}

        /** Each piece takes that much longer, for a while. */
        record Delay(long extraNanos, long nanos) implements Strike {}

        /** No more bytes per second than this, for a while. */
        record Slow(long bytesPerSecond, long nanos) implements Strike {}

        /** No piece larger than this arrives at once, for a while. */
        record Split(int bytesMax, long nanos) implements Strike {}

        /** Connects are refused, for a while. */
        record Refuse(long nanos) implements Strike {}

        /** One bit of the next piece in that direction flips, past the TCP checksum. */
        record Flip(Direction direction) implements Strike {}

        /** Reset for the client alone; what it had sent reaches the server that much later, on the old connection. */
        record CutLate(long nanos) implements Strike {}

        /**
         * A NAT on the way forgets: every connection of that moment goes silent both ways for good and nobody is told, while new
         * connects pass at once.
         */
        record Rebind() implements Strike {}

        // One of the paths; the others go on.

        /** The connections on that path are reset. */
        record CutPath(int path) implements Strike {}

        /** Nothing passes on that path and nobody is told (half-open); its connections of that time never recover. */
        record HolePath(int path, Direction direction, long nanos) implements Strike {}

        /** Each piece on that path takes that much longer, for a while. */
        record DelayPath(int path, long extraNanos, long nanos) implements Strike {}

        // A host.

        /** The process ends at once and starts again after a while, or never ({@link #FOR_GOOD}). */
        record Crash(Node node, long restartNanos) implements Strike {}

        /**
         * The node's next request for memory finds none, be it in the middle of a machine's step: the process ends there and then,
         * and nothing of that step is carried out. It starts again after a while.
         */
        record MemoryExhausted(Node node, long restartNanos) implements Strike {}

        /** The host of the disk loses power, and every server with it: unflushed blocks survive or not, one by one. */
        record PowerCut(long restartNanos) implements Strike {}

        /** The process stands still; what arrives waits. */
        record Pause(Node node, long nanos) implements Strike {}

        /** The host's clock jumps forward. */
        record ClockJump(Node node, long nanos) implements Strike {}

        /** The host's clock runs fast (or slow, negative) by so many parts per million from now on. */
        record ClockDrift(Node node, int ppm) implements Strike {}

        /** The host's clock stands still, and its timers with it, for a while; the process goes on with what arrives. */
        record StopClock(Node node, long nanos) implements Strike {}

        // The disk.

        /** Every disk operation takes that much longer, for a while. */
        record DiskSlow(long extraNanos, long nanos) implements Strike {}

        /** The next disk write takes that long. */
        record DiskStall(long nanos) implements Strike {}

        /** The next so many reads fail ({@code times} may be {@link Integer#MAX_VALUE}: until healed). */
        record ReadError(int times) implements Strike {}

        record WriteError(int times) implements Strike {}

        record FlushError(int times) implements Strike {}

        /** The next so many transfers of more than one block move only a part. */
        record ShortTransfer(int times) implements Strike {}

        /** No transfer moves more than so many bytes (whole blocks, at least one), for a while: the others move a part (R4). */
        record DiskLimit(int bytesMax, long nanos) implements Strike {}

        /** Writes fail for want of space, for a while. */
        record DiskFull(long nanos) implements Strike {}

        /** Flushes and durable writes are answered well and do nothing, for a while. The protocol cannot survive this. */
        record LyingFlush(long nanos) implements Strike {}

        /** The next write lands one block too far. The protocol cannot survive this. */
        record Misdirect() implements Strike {}

        /** The next write is answered well and dropped. The protocol cannot survive this. */
        record LostWrite() implements Strike {}

        /** The block at this offset rots on the media and in the cache. The protocol cannot survive this. */
        record BitRot(long offset) implements Strike {}

        /**
         * The server's next start finds what the media held at an earlier flush, on what says that it is the same disk: a restored
         * backup. The protocol cannot survive this. Not if two servers have the disk.
         */
        record OlderDisk() implements Strike {}

        /**
         * The server's next start finds what it had stored beside the disk (holder, boot counter) as it was at an earlier time,
         * and the disk as it is. The protocol cannot survive this.
         */
        record OlderState() implements Strike {}

        /**
         * The next power cut tears an unflushed write and with it a neighbouring block that was on the media and had no part in
         * it. The protocol cannot survive this.
         */
        record TornNeighbour() implements Strike {}

        // The configuration of the first export, from a server's next start on.

        record Resize(long size) implements Strike {}

        record Permit(Permission permission) implements Strike {}

        /** It is read-only for all from then on, and shared. */
        record Share() implements Strike {}

        /** The disk has blocks of another size, and so have all exports; what it holds stays. Not if two servers have the disk. */
        record BlockSize(int bytes) implements Strike {}

        /** It is offered at other limits: transactions and bytes in flight, and the largest transfer. */
        record Limits(int transactions, int bytes, int largestTransfer) implements Strike {}

        /** The server offers another set of checksums ({@code 0}: none that a client knows), until healed. */
        record Checksums(int offered) implements Strike {}

        /** The server offers another set of ciphers ({@code 0}: none that a client knows), until healed. */
        record Ciphers(int offered) implements Strike {}

        /** Another, empty disk with another identity. The device cannot come back. Not if two servers have the disk. */
        record ReplaceDisk() implements Strike {}

        // An operator.

        /**
         * What that client may do with its export is this at once, also on links that live (R6); what it was again after a while,
         * at the healing at the latest, or never ({@link #FOR_GOOD}).
         */
        record Access(Node client, Permission permission, long nanos) implements Strike {}

        /**
         * That server is told to go away within so many nanoseconds of its own clock; as soon as it has, its process starts again
         * after a while, or never ({@link #FOR_GOOD}) (L6).
         */
        record Restart(Node server, long deadlineNanos, long restartNanos) implements Strike {}

        /** The first export is removed, with a deadline (L5). */
        record RemoveExport(long deadlineNanos) implements Strike {}

        /** That client is detached, with a deadline (L5). */
        record Detach(Node client, long deadlineNanos) implements Strike {}
    }
}
