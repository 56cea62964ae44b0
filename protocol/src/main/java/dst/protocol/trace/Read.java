package dst.protocol.trace;

/** What the next bytes of a trace were: a value that was seen, or proof that the trace cannot be read any further. */
public sealed interface Read {
    /** At this time this value crossed the boundary of this machine. */
    record Seen(long now, Layer layer, Object value) implements Read {}

    /** The trace ends here, before its time: what is wrong, and at which byte. Everything before it is good. */
    record Damaged(String what, long at) implements Read {}
}
