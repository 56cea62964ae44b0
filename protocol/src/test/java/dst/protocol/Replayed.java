package dst.protocol;

import dst.protocol.trace.Digest;
import dst.protocol.trace.Read;
import dst.protocol.trace.Tap;
import dst.protocol.trace.TraceReader;
import dst.protocol.trace.TraceWriter;
import io.netty.buffer.ByteBuf;
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
    public void saw(long now, String node, Object value) {
        writer.saw(now, node, value);
        digest.saw(now, node, value);
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
    public <I, O> long replayedBy(Machine<I, O> machine, Class<I> inputs) {
        Digest again = new Digest();
        TraceReader reader = reader();
        for (Read read = reader.next(); read != null; read = reader.next()) {
            if (!(read instanceof Read.Seen(long now, String node, Object value))) {
                throw new AssertionError(read.toString());
            }
            if (inputs.isInstance(value)) {
                again.saw(now, node, value);
                List<O> outputs = new ArrayList<>();
                machine.step(now, inputs.cast(value), outputs);
                for (O output : outputs) {
                    again.saw(now, node, output);
                    release(output);
                }
            }
        }
        machine.discard();
        return again.value();
    }

    private static void release(Object output) {
        switch (output) {
            case ServerOutput.Send(long link, ByteBuf sent) -> sent.release();
            case ServerOutput.StartDisk(int disk, DiskRequest.Write write) ->
                write.data().release();
            case ClientOutput.Send(long link, ByteBuf sent) -> sent.release();
            case ClientOutput.Completed(long tag, Outcome.Done done) ->
                done.data().release();
            default -> {}
        }
    }
}
