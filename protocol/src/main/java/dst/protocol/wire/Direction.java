package dst.protocol.wire;

/** Which way the bytes of a link go; each message is sent one way only, or both (H1). */
public enum Direction {
    TO_SERVER,
    TO_CLIENT
}
