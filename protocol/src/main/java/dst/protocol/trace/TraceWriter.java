package dst.protocol.trace;

/**
 * Writes what crosses one node's boundary, and what passes at its joints, so that {@link TraceReader} gives equal values back. A trace is
 * a head (magic, version, node), records and an end; each is its length, its CRC32C, and the body: time since the last one, type, which
 * machine, fields. A trace without its end was interrupted, or cut.
 */
public final class TraceWriter implements Tap {
    /** The first eight bytes: {@code DSTTRACE}. */
    static final long MAGIC = 0x4453545452414345L;

    static final int VERSION = 5;

    /** Stands in place of a type in the last record, which says how many stand before it. */
    static final int END = 0;

    /** Length and checksum before each body. */
    static final int RECORD_HEAD = 8;

    private final String node;
    private final Sink sink;
    private final TraceFields fields = new TraceFields();
    private final ByteSum sum = new ByteSum();
    private long before;
    private long count;
    private boolean ended;

    /** Values of other nodes are passed over. */
    public TraceWriter(String node, Sink sink) {
        this.node = node;
        this.sink = sink;
        byte[] magic = new byte[Long.BYTES];
        store(magic, 0, (int) (MAGIC >>> 32));
        store(magic, 4, (int) MAGIC);
        sink.take(magic, 0, magic.length);
        fields.put(VERSION);
        fields.put(node);
        handOver();
    }

    @Override
    public void saw(long now, Layer layer, Object value) {
        if (!layer.node().equals(node)) {
            return;
        }
        if (ended) {
            throw new IllegalStateException("the trace has ended");
        }
        fields.put(now - before);
        before = now;
        Shape shape = fields.type(value.getClass());
        fields.layer(layer);
        shape.put(value, fields);
        handOver();
        count++;
    }

    /** Nothing was seen after what was written. */
    public void end() {
        if (!ended) {
            ended = true;
            fields.put(0);
            fields.put(END);
            fields.put(count);
            handOver();
        }
    }

    private void handOver() {
        byte[] record = fields.bytes();
        int length = fields.end() - RECORD_HEAD;
        store(record, 0, length);
        store(record, 4, sum.of(record, RECORD_HEAD, length));
        sink.take(record, 0, fields.end());
        fields.clear();
    }

    private static void store(byte[] bytes, int index, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[index + i] = (byte) (value >>> (24 - 8 * i));
        }
    }
}
