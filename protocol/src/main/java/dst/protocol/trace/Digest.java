package dst.protocol.trace;

import dst.protocol.Prng;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rolling digest of every boundary value: time, machine, type, each field and all bytes. Two runs that ever differ have
 * different digests from there on; equal runs have equal ones in every JVM.
 */
public final class Digest implements Tap {
    private final Rolling rolling = new Rolling();
    private final Map<Layer, Long> layerHashes = new LinkedHashMap<>();
    private long values;

    /** The machine of the value before, which is mostly that of the next one too. */
    private @Nullable Layer last;

    private long lastHash;

    /** The digest of everything seen so far. */
    public long value() {
        return Prng.mix(rolling.state);
    }

    /** How many values were seen. */
    public long values() {
        return values;
    }

    @Override
    public void saw(long now, Layer layer, Object value) {
        values++;
        rolling.put(now);
        if (!layer.equals(last)) {
            last = layer;
            Long known = layerHashes.get(layer);
            lastHash = known == null ? layerHashes.computeIfAbsent(layer, Digest::hash) : known;
        }
        rolling.put(lastHash);
        rolling.type(value.getClass()).put(value, rolling);
    }

    private static long hash(Layer layer) {
        return Prng.hash(Prng.hash(Prng.hash(0, layer.node()), layer.kind()) + layer.instance(), layer.kind());
    }

    /** One number for all fields so far. */
    private static final class Rolling implements Fields {
        private static final long SPREAD = 0x9E3779B97F4A7C15L;
        private static final long STIR = 0xBF58476D1CE4E5B9L;

        private final ByteSum sum = new ByteSum();
        private long state = SPREAD;

        @Override
        public Shape type(Class<?> type) {
            Shape shape = Shape.of(type);
            put(shape.hash());
            return shape;
        }

        /** For a given state each value leads to another state, so one changed field is never lost. */
        @Override
        public void put(long value) {
            state = Long.rotateLeft(state ^ value * SPREAD, 31) * STIR;
        }

        @Override
        public void put(String text) {
            put(text.length());
            for (int i = 0; i < text.length(); i++) {
                put(text.charAt(i));
            }
        }

        @Override
        public void put(byte[] content) {
            put(content.length);
            put(sum.of(content));
        }

        @Override
        public void put(ByteBuf content) {
            put(content.readableBytes());
            put(sum.of(content));
        }
    }
}
