package dst.reports.check;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Unique;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Stamp;
import dst.protocol.trace.WorldEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Tells a history event by event, one millisecond apart. Blocks have 512 bytes and go by their number. */
final class Script {
    static final int BLOCK = 512;

    private final History history = new History();
    private long now;

    Script() {
        start(false);
    }

    /** A new life; its predecessor's replay may be missing. */
    Script start() {
        return start(true);
    }

    Script start(boolean owed) {
        client(new Control.Started(new Unique(1, 1), 1));
        return client(new BlockPort.Changed(new Device(Unique.NONE, 1 << 20, BLOCK, Permission.BOTH), owed));
    }

    Script write(long tag, int block, int blocks) {
        return client(
                new BlockPort.Submit(tag, new Operation.Write((long) block * BLOCK, data(tag, block, blocks), false)));
    }

    Script writeDurably(long tag, int block) {
        return client(new BlockPort.Submit(tag, new Operation.Write((long) block * BLOCK, data(tag, block, 1), true)));
    }

    Script read(long tag, int block, int blocks) {
        return client(new BlockPort.Submit(tag, new Operation.Read((long) block * BLOCK, blocks * BLOCK)));
    }

    Script trim(long tag, int block) {
        return client(new BlockPort.Submit(tag, new Operation.Trim((long) block * BLOCK, BLOCK)));
    }

    Script flush(long tag) {
        return client(new BlockPort.Submit(tag, new Operation.Flush()));
    }

    Script done(long tag) {
        return completed(tag, new Outcome.Done(Unpooled.EMPTY_BUFFER));
    }

    /** A read's end: for each block from the first on the tag of the operation that wrote it, 0 for zeros. */
    Script found(long tag, int block, long... writers) {
        ByteBuf data = Unpooled.buffer();
        for (int i = 0; i < writers.length; i++) {
            data.writeBytes(data(writers[i], block + i, 1));
        }
        return completed(tag, new Outcome.Done(data));
    }

    Script refused(long tag) {
        return completed(tag, new Outcome.Refused(Problem.NOT_PERMITTED, ""));
    }

    Script unknown(long tag) {
        return completed(tag, new Outcome.Unknown(Problem.TIMED_OUT, ""));
    }

    Script completed(long tag, Outcome outcome) {
        return client(new BlockPort.Completed(tag, outcome));
    }

    Script powerCut() {
        return server(new WorldEvent.PowerCut());
    }

    Script crash() {
        return client(new WorldEvent.ProcessCrashed());
    }

    Script detached(Range... lost) {
        return client(new ClientControl.Detached(List.of(lost)));
    }

    Script mediaHold(int block, long writer) {
        byte[] content = new byte[BLOCK];
        data(writer, block, 1).readBytes(content);
        return server(new WorldEvent.MediaHolds(0, (long) block * BLOCK, content));
    }

    Script client(Object value) {
        history.saw(now += 1_000_000, Layer.client("client"), value);
        return this;
    }

    Script server(Object value) {
        history.saw(now += 1_000_000, Layer.server("server"), value);
        return this;
    }

    Checked check() {
        return history.check();
    }

    static ByteBuf data(long tag, int block, int blocks) {
        ByteBuf data = Unpooled.buffer();
        for (int i = 0; i < blocks; i++) {
            if (tag == 0) {
                data.writeZero(BLOCK);
            } else {
                Stamp.write(data, 1, tag, (long) (block + i) * BLOCK, BLOCK);
            }
        }
        return data;
    }
}
