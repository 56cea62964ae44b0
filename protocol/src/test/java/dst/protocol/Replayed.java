package dst.protocol;

import dst.protocol.trace.Digest;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Read;
import dst.protocol.trace.Tap;
import dst.protocol.trace.TraceReader;
import dst.protocol.trace.TraceWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A recording of one machine's boundary, and what a fresh machine says to the recorded inputs. */
public final class Replayed implements Tap {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TraceWriter writer;
    private final Digest digest = new Digest();

    public Replayed(String node) {
        writer = new TraceWriter(node, bytes::write);
    }

    @Override
    public void saw(long now, Layer layer, Object value) {
        writer.saw(now, layer, value);
        digest.saw(now, layer, value);
    }

    /** The digest of all inputs and outputs as they were. */
    public long recorded() {
        return digest.value();
    }

    /** What was recorded. */
    public TraceReader reader() {
        writer.end();
        return new TraceReader(bytes.toByteArray());
    }

    /** The digest of the recorded inputs and what this machine makes of them; it has to be a fresh one. */
    public long replayedBy(Machine machine) {
        Digest again = new Digest();
        TraceReader reader = reader();
        for (Read read = reader.next(); read != null; read = reader.next()) {
            if (!(read instanceof Read.Seen(long now, Layer layer, Object value))) {
                throw new AssertionError(read.toString());
            }
            if (value instanceof Signal.Input signal) {
                again.saw(now, layer, value);
                List<Signal> outputs = new ArrayList<>();
                machine.step(now, signal, outputs);
                for (Signal output : outputs) {
                    again.saw(now, layer, output);
                    Signal.release(output);
                }
            }
        }
        machine.discard();
        return again.value();
    }
}
