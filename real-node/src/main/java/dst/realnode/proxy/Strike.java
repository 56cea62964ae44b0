package dst.realnode.proxy;

/** What befalls the connections of a proxy; named as in the simulator's plans. */
public sealed interface Strike {
    enum Direction {
        TO_SERVER,
        TO_CLIENT,
        BOTH;

        boolean hits(Direction lane) {
            return this == BOTH || this == lane;
        }
    }

    /** The connections are reset: both ends hear of it. */
    record Cut() implements Strike {}

    /** Reset for the client alone; what it had sent reaches the server that much later, on the old connection: the ghost. */
    record CutLate(long nanos) implements Strike {}

    /** Nothing passes and nobody is told; the connections of that time never recover. */
    record BlackHole(Direction direction, long nanos) implements Strike {}

    /** The connections of this moment go silent for good, new ones pass at once. */
    record Rebind() implements Strike {}

    /** What is sent stays on the way for so long, then flows on in order. */
    record Stall(Direction direction, long nanos) implements Strike {}

    /** Everything takes that much longer, for a while. */
    record Delay(long extraNanos, long nanos) implements Strike {}

    /** No more bytes a second than this, for a while. */
    record Slow(long bytesPerSecond, long nanos) implements Strike {}

    /** No piece is larger than this, for a while. */
    record Split(int bytesMax, long nanos) implements Strike {}

    /** New connections are refused, for a while. */
    record Refuse(long nanos) implements Strike {}

    /** One bit of what passes next in that direction flips. */
    record Flip(Direction direction) implements Strike {}
}
