package dst.protocol.trace;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.WholeBlocksInput;
import dst.protocol.WholeBlocksOutput;

/**
 * Writes what crosses one node's boundary, and what passes at its joints, so that {@link TraceReader} gives equal values back. A trace is a head (magic,
 * version, node), records and an end; each is its length, its CRC32C, and the body: time since the last one, kind, fields. The
 * numbers of kinds are never reused. A trace without its end was interrupted, or cut.
 */
public final class TraceWriter implements Tap {
    /** The first eight bytes: {@code DSTTRACE}. */
    static final long MAGIC = 0x4453545452414345L;

    static final int VERSION = 4;

    /** The kind of the last record, which says how many stand before it. */
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
        fields.put(VERSION).put(node);
        handOver();
    }

    @Override
    public void saw(long now, String node, Object value) {
        if (!node.equals(this.node)) {
            return;
        }
        if (ended) {
            throw new IllegalStateException("the trace has ended");
        }
        fields.put(now - before);
        before = now;
        switch (value) {
            case ClientInput input -> input(input);
            case ClientOutput output -> output(output);
            case ServerInput input -> input(input);
            case ServerOutput output -> output(output);
            case WholeBlocksInput input -> input(input);
            case WholeBlocksOutput output -> output(output);
            case WorldEvent event -> event(event);
            default -> throw new IllegalArgumentException("no boundary value: " + value);
        }
        handOver();
        count++;
    }

    /** Nothing was seen after what was written. */
    public void end() {
        if (!ended) {
            ended = true;
            fields.put(0);
            kind(END).put(count);
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

    private void input(ClientInput input) {
        switch (input) {
            case ClientInput.Started it -> kind(0x100).put(it.token()).put(it.seed());
            case ClientInput.Submitted it -> operation(kind(0x101).put(it.tag()), it.operation());
            case ClientInput.LinkOpened it -> kind(0x102).put(it.link());
            case ClientInput.Received it -> kind(0x103).put(it.link()).put(it.bytes());
            case ClientInput.Sent it -> kind(0x104).put(it.link()).put(it.bytes());
            case ClientInput.LinkClosed it -> kind(0x105).put(it.link()).put(it.reason());
            case ClientInput.TimerFired it -> kind(0x106);
            case ClientInput.Detach it -> kind(0x107).put(it.deadlineNanos());
        }
    }

    private void output(ClientOutput output) {
        switch (output) {
            case ClientOutput.Connect it -> kind(0x200).put(it.link()).put(it.slot());
            case ClientOutput.Send it -> kind(0x201).put(it.link()).put(it.bytes());
            case ClientOutput.Close it -> kind(0x202).put(it.link()).put(it.closing());
            case ClientOutput.Reading it -> kind(0x203).put(it.link()).put(it.wanted());
            case ClientOutput.Completed it -> outcome(kind(0x204).put(it.tag()), it.outcome());
            case ClientOutput.Changed it -> kind(0x205).put(it.device()).put(it.owed());
            case ClientOutput.Failed it ->
                kind(0x206).put(it.problem().code()).put(it.text()).put(it.lost());
            case ClientOutput.Detached it -> kind(0x207).put(it.lost());
            case ClientOutput.Noted it -> kind(0x208).put(it.text());
            case ClientOutput.Copied it -> kind(0x209).put(it.tag());
        }
    }

    private void input(ServerInput input) {
        switch (input) {
            case ServerInput.DiskOpened it ->
                kind(0x300).put(it.disk()).put(it.boot()).put(it.cause().code());
            case ServerInput.ExportOpened it ->
                kind(0x301).put(it.export()).put(it.holder()).put(it.access());
            case ServerInput.LinkOpened it ->
                kind(0x302).put(it.link()).put(it.peer()).put(it.principal());
            case ServerInput.Received it -> kind(0x303).put(it.link()).put(it.bytes());
            case ServerInput.Sent it -> kind(0x304).put(it.link()).put(it.bytes());
            case ServerInput.LinkClosed it -> kind(0x305).put(it.link()).put(it.reason());
            case ServerInput.DiskEnded it -> result(kind(0x306).put(it.disk()).put(it.ticket()), it.result());
            case ServerInput.BootDrawn it -> kind(0x307).put(it.disk()).put(it.boot());
            case ServerInput.Persisted it -> kind(0x308).put(it.export()).put(it.holder());
            case ServerInput.RemoveExport it -> kind(0x309).put(it.export()).put(it.deadlineNanos());
            case ServerInput.TimerFired it -> kind(0x30a);
            case ServerInput.Ready it -> kind(0x30b);
            case ServerInput.Leave it -> kind(0x30d).put(it.deadlineNanos());
            case ServerInput.AccessChanged it -> kind(0x30c).put(it.export()).put(it.access());
        }
    }

    private void output(ServerOutput output) {
        switch (output) {
            case ServerOutput.Send it -> kind(0x400).put(it.link()).put(it.bytes());
            case ServerOutput.Close it -> kind(0x401).put(it.link()).put(it.closing());
            case ServerOutput.Reading it -> kind(0x402).put(it.link()).put(it.wanted());
            case ServerOutput.StartDisk it -> request(kind(0x403).put(it.disk()), it.request());
            case ServerOutput.DrawBoot it ->
                kind(0x404).put(it.disk()).put(it.cause().code());
            case ServerOutput.Persist it -> kind(0x405).put(it.export()).put(it.holder());
            case ServerOutput.Removed it -> kind(0x406).put(it.export()).put(it.clean());
            case ServerOutput.Left it -> kind(0x408).put(it.clean());
            case ServerOutput.Noted it -> kind(0x407).put(it.text());
        }
    }

    private void input(WholeBlocksInput input) {
        switch (input) {
            case WholeBlocksInput.Reblocked it -> kind(0x600).put(it.blockSize());
            case WholeBlocksInput.Submitted it -> operation(kind(0x601).put(it.tag()), it.operation());
            case WholeBlocksInput.Settled it -> outcome(kind(0x602).put(it.ticket()), it.outcome());
        }
    }

    private void output(WholeBlocksOutput output) {
        switch (output) {
            case WholeBlocksOutput.Submit it ->
                operation(kind(0x700).put(it.ticket()).put(it.tag()), it.operation());
            case WholeBlocksOutput.Completed it -> outcome(kind(0x701).put(it.tag()), it.outcome());
        }
    }

    private void event(WorldEvent event) {
        switch (event) {
            case WorldEvent.ProcessStarted it -> kind(0x500);
            case WorldEvent.ProcessCrashed it -> kind(0x501);
            case WorldEvent.PowerCut it -> kind(0x502);
            case WorldEvent.Struck it ->
                kind(0x503).put(it.fault()).put(it.what()).put(it.until());
            case WorldEvent.Healed it -> kind(0x504);
            case WorldEvent.MediaHolds it -> kind(0x505).put(it.offset()).put(it.content());
            case WorldEvent.ClockSet it ->
                kind(0x506).put(it.sinceWorld()).put(it.sinceHost()).put(it.ppm());
            case WorldEvent.ProcessEnded it -> kind(0x508);
            case WorldEvent.UsedByOthers it -> kind(0x507).put(it.disk());
        }
    }

    private static void operation(TraceFields out, Operation operation) {
        switch (operation) {
            case Operation.Read it -> out.put(1).put(it.offset()).put(it.length());
            case Operation.Write it ->
                out.put(2).put(it.offset()).put(it.data()).put(it.durable());
            case Operation.Flush it -> out.put(3);
            case Operation.Trim it -> out.put(4).put(it.offset()).put(it.length());
            case Operation.Zero it ->
                out.put(5).put(it.offset()).put(it.length()).put(it.durable());
        }
    }

    private static void outcome(TraceFields out, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done it -> out.put(1).put(it.data());
            case Outcome.Refused it -> out.put(2).put(it.problem().code()).put(it.text());
            case Outcome.Unknown it -> out.put(3).put(it.problem().code()).put(it.text());
        }
    }

    private static void request(TraceFields out, DiskRequest request) {
        out.put(request.ticket()).put(request.transaction());
        switch (request) {
            case DiskRequest.Read it -> out.put(1).put(it.offset()).put(it.length());
            case DiskRequest.Write it ->
                out.put(2).put(it.offset()).put(it.data()).put(it.durable());
            case DiskRequest.Zero it ->
                out.put(3).put(it.offset()).put(it.length()).put(it.durable());
            case DiskRequest.Trim it -> out.put(4).put(it.offset()).put(it.length());
            case DiskRequest.Flush it -> out.put(5);
            case DiskRequest.Forget it -> out.put(6);
        }
    }

    private static void result(TraceFields out, DiskResult result) {
        switch (result) {
            case DiskResult.Transferred it -> out.put(1).put(it.bytes());
            case DiskResult.Data it -> out.put(2).put(it.data());
            case DiskResult.Failed it -> out.put(3).put(it.problem().code());
        }
    }

    private TraceFields kind(int number) {
        return fields.put(number);
    }
}
