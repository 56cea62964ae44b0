package dst.protocol.trace;

import dst.protocol.Access;
import dst.protocol.Boot;
import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Range;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.WholeBlocksInput;
import dst.protocol.WholeBlocksOutput;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A rolling digest of every boundary value: time, node, kind, each field and all bytes. Two runs that ever differ have
 * different digests from there on; equal runs have equal ones in every JVM.
 */
public final class Digest implements Tap {
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final long STIR = 0xBF58476D1CE4E5B9L;

    private final ByteSum sum = new ByteSum();
    private long state = SPREAD;
    private long values;
    private final Map<String, Long> nodeHashes = new LinkedHashMap<>();

    /** The digest of everything seen so far. */
    public long value() {
        return Prng.mix(state);
    }

    /** How many values were seen. */
    public long values() {
        return values;
    }

    @Override
    public void saw(long now, String node, Object value) {
        values++;
        put(now);
        put(nodeHashes.computeIfAbsent(node, name -> Prng.hash(0, name)));
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
    }

    private void input(ClientInput input) {
        switch (input) {
            case ClientInput.Started it -> put(0x100, it.token()).put(it.seed());
            case ClientInput.Submitted it -> put(0x101, it.tag()).operation(it.operation());
            case ClientInput.LinkOpened it -> put(0x102, it.link());
            case ClientInput.Received it -> put(0x103, it.link()).put(it.bytes());
            case ClientInput.Sent it -> put(0x104, it.link()).put(it.bytes());
            case ClientInput.LinkClosed it -> put(0x105, it.link()).put(it.reason());
            case ClientInput.TimerFired it -> put(0x106);
            case ClientInput.Detach it -> put(0x107, it.deadlineNanos());
        }
    }

    private void output(ClientOutput output) {
        switch (output) {
            case ClientOutput.Connect it -> put(0x200, it.link()).put(it.slot());
            case ClientOutput.Send it -> put(0x201, it.link()).put(it.bytes());
            case ClientOutput.Close it -> put(0x202, it.link()).put(it.closing());
            case ClientOutput.Reading it -> put(0x203, it.link()).put(it.wanted());
            case ClientOutput.Completed it -> put(0x204, it.tag()).outcome(it.outcome());
            case ClientOutput.Changed it -> put(0x205).put(it.device()).put(it.owed());
            case ClientOutput.Failed it ->
                put(0x206, it.problem().code()).put(it.text()).put(it.lost());
            case ClientOutput.Detached it -> put(0x207).put(it.lost());
            case ClientOutput.Noted it -> put(0x208).put(it.text());
            case ClientOutput.Copied it -> put(0x209, it.tag());
        }
    }

    private void input(ServerInput input) {
        switch (input) {
            case ServerInput.DiskOpened it ->
                put(0x300, it.disk()).put(it.boot()).put(it.cause().code());
            case ServerInput.ExportOpened it ->
                put(0x301).put(it.export()).put(it.holder()).put(it.access());
            case ServerInput.LinkOpened it ->
                put(0x302, it.link()).put(it.peer()).put(it.principal());
            case ServerInput.Received it -> put(0x303, it.link()).put(it.bytes());
            case ServerInput.Sent it -> put(0x304, it.link()).put(it.bytes());
            case ServerInput.LinkClosed it -> put(0x305, it.link()).put(it.reason());
            case ServerInput.DiskEnded it ->
                put(0x306, it.disk()).put(it.ticket()).result(it.result());
            case ServerInput.BootDrawn it -> put(0x307, it.disk()).put(it.boot());
            case ServerInput.Persisted it -> put(0x308).put(it.export()).put(it.holder());
            case ServerInput.RemoveExport it -> put(0x309).put(it.export()).put(it.deadlineNanos());
            case ServerInput.TimerFired it -> put(0x30a);
            case ServerInput.Ready it -> put(0x30b);
            case ServerInput.Leave it -> put(0x30d, it.deadlineNanos());
            case ServerInput.AccessChanged it -> put(0x30c).put(it.export()).put(it.access());
        }
    }

    private void output(ServerOutput output) {
        switch (output) {
            case ServerOutput.Send it -> put(0x400, it.link()).put(it.bytes());
            case ServerOutput.Close it -> put(0x401, it.link()).put(it.closing());
            case ServerOutput.Reading it -> put(0x402, it.link()).put(it.wanted());
            case ServerOutput.StartDisk it -> put(0x403, it.disk()).request(it.request());
            case ServerOutput.DrawBoot it ->
                put(0x404, it.disk()).put(it.cause().code());
            case ServerOutput.Persist it -> put(0x405).put(it.export()).put(it.holder());
            case ServerOutput.Removed it -> put(0x406).put(it.export()).put(it.clean());
            case ServerOutput.Left it -> put(0x408).put(it.clean());
            case ServerOutput.Noted it -> put(0x407).put(it.text());
        }
    }

    private void input(WholeBlocksInput input) {
        switch (input) {
            case WholeBlocksInput.Reblocked it -> put(0x600, it.blockSize());
            case WholeBlocksInput.Submitted it -> put(0x601, it.tag()).operation(it.operation());
            case WholeBlocksInput.Settled it -> put(0x602, it.ticket()).outcome(it.outcome());
        }
    }

    private void output(WholeBlocksOutput output) {
        switch (output) {
            case WholeBlocksOutput.Submit it ->
                put(0x700, it.ticket()).put(it.tag()).operation(it.operation());
            case WholeBlocksOutput.Completed it -> put(0x701, it.tag()).outcome(it.outcome());
        }
    }

    private void event(WorldEvent event) {
        switch (event) {
            case WorldEvent.ProcessStarted it -> put(0x500);
            case WorldEvent.ProcessCrashed it -> put(0x501);
            case WorldEvent.PowerCut it -> put(0x502);
            case WorldEvent.Struck it ->
                put(0x503).put(it.fault()).put(it.what()).put(it.until());
            case WorldEvent.Healed it -> put(0x504);
            case WorldEvent.MediaHolds it ->
                put(0x505, it.offset()).put(it.content().length).put(sum.of(it.content()));
            case WorldEvent.ClockSet it ->
                put(0x506, it.sinceWorld()).put(it.sinceHost()).put(it.ppm());
            case WorldEvent.ProcessEnded it -> put(0x508);
            case WorldEvent.UsedByOthers it -> put(0x507, it.disk());
        }
    }

    private void operation(Operation operation) {
        put(operation.kind().code(), operation.offset()).put(operation.length()).put(operation.durable());
        if (operation instanceof Operation.Write write) {
            put(write.data());
        }
    }

    private void outcome(Outcome outcome) {
        switch (outcome) {
            case Outcome.Done it -> put(1).put(it.data());
            case Outcome.Refused it -> put(2, it.problem().code()).put(it.text());
            case Outcome.Unknown it -> put(3, it.problem().code()).put(it.text());
        }
    }

    private void request(DiskRequest request) {
        put(request.ticket(), request.transaction());
        switch (request) {
            case DiskRequest.Read it -> put(1, it.offset()).put(it.length());
            case DiskRequest.Write it -> put(2, it.offset()).put(it.durable()).put(it.data());
            case DiskRequest.Zero it -> put(3, it.offset()).put(it.length()).put(it.durable());
            case DiskRequest.Trim it -> put(4, it.offset()).put(it.length());
            case DiskRequest.Flush it -> put(5);
            case DiskRequest.Forget it -> put(6);
        }
    }

    private void result(DiskResult result) {
        switch (result) {
            case DiskResult.Transferred it -> put(1, it.bytes());
            case DiskResult.Data it -> put(2).put(it.data());
            case DiskResult.Failed it -> put(3, it.problem().code());
        }
    }

    private Digest put(Export export) {
        return put(export.name())
                .put(export.disk(), export.start())
                .put(export.device())
                .put(export.terms())
                .put(export.shared());
    }

    private Digest put(Access access) {
        put(access.rules().size());
        access.rules().forEach((principal, permission) -> put(principal).put(code(permission)));
        return this;
    }

    private Digest put(Terms terms) {
        return put(terms.checksums(), terms.ciphers())
                .put(terms.features(), terms.keepaliveMillis())
                .put(terms.largestTransfer(), terms.transactionsMax())
                .put(terms.bytesMax());
    }

    private Digest put(Device device) {
        return put(device.identity()).put(device.size(), device.blockSize()).put(code(device.permission()));
    }

    private static long code(Permission permission) {
        return (permission.reads() ? 1 : 0) | (permission.writes() ? 2 : 0);
    }

    private Digest put(Closing closing) {
        long cause = switch (closing.cause()) {
            case PEER_WRONG -> 1;
            case PEER_SILENT -> 2;
            case REFUSED -> 3;
            case SUPERSEDED -> 4;
            case BOOT_ENDED -> 5;
            case DONE -> 6;
        };
        return put(cause).put(closing.rule()).put(closing.text());
    }

    private Digest put(List<Range> ranges) {
        put(ranges.size());
        for (Range range : ranges) {
            put(range.offset(), range.length());
        }
        return this;
    }

    private Digest put(Boot boot) {
        return put(boot.counter(), boot.nonce());
    }

    private Digest put(Holder holder) {
        return put(holder.epoch(), holder.token()).put(holder.clean()).put(holder.flushedIn());
    }

    private Digest put(long first, Unique second) {
        return put(first).put(second);
    }

    private Digest put(Unique unique) {
        return put(unique.high(), unique.low());
    }

    private Digest put(ByteBuf bytes) {
        return put(bytes.readableBytes(), sum.of(bytes));
    }

    private Digest put(String text) {
        put(text.length());
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
        return this;
    }

    private Digest put(boolean flag) {
        return put(flag ? 1 : 0);
    }

    private Digest put(long first, long second) {
        return put(first).put(second);
    }

    /** For a given state each value leads to another state, so one changed field is never lost. */
    private Digest put(long value) {
        state = Long.rotateLeft(state ^ value * SPREAD, 31) * STIR;
        return this;
    }
}
