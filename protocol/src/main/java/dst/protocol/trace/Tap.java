package dst.protocol.trace;

/**
 * Sees each value as it crosses a boundary, before the receiver does. It must not keep a buffer, nor move its indices: it
 * hashes or copies at once.
 */
public interface Tap {
    /** Sees nothing. */
    Tap BLIND = (now, node, value) -> {};

    /**
     * @param now the world's time in nanoseconds
     * @param node the machine's name: {@code client}, {@code server}
     * @param value a ClientInput, ClientOutput, ServerInput or ServerOutput, or a {@link WorldEvent}
     */
    void saw(long now, String node, Object value);
}
