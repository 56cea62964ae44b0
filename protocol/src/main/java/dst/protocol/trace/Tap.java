package dst.protocol.trace;

/**
 * Sees each value as it crosses a boundary, before the receiver does. It must not keep a buffer, nor move its indices: it
 * hashes or copies at once.
 */
public interface Tap {
    /** Sees nothing. */
    Tap BLIND = (now, layer, value) -> {};

    /**
     * @param now the world's time in nanoseconds
     * @param layer whose boundary it is
     * @param value a {@link dst.protocol.Signal}, what passes at the joint of two machines, or a {@link WorldEvent}
     */
    void saw(long now, Layer layer, Object value);
}
