package dst.protocol.hostile;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Signal;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A client in a host, with a submitter that knows what every block has to hold. Each step is metered. */
final class HostedClient {
    /** Who is at the other end of its link. */
    interface Peer {
        void connect(long link);

        /** The client said this; the bytes belong to the peer. */
        void heard(long link, ByteBuf bytes);

        void closed(long link, Closing closing);
    }

    private static final Peer NOBODY = new Peer() {
        @Override
        public void connect(long link) {
            throw new AssertionError("there is nobody to connect to");
        }

        @Override
        public void heard(long link, ByteBuf bytes) {
            bytes.release();
            throw new AssertionError("there is nobody to hear anything");
        }

        @Override
        public void closed(long link, Closing closing) {
            throw new AssertionError("there is no link to close");
        }
    };

    private static final int BLOCK = Victims.BLOCK;

    /** What the client asks for by itself, and the submitter's content. */
    final Pages pages = new Pages();

    private final Meter meter = new Meter();
    private final Machine client;
    private final List<Signal> outputs = new ArrayList<>();

    /** What was submitted and has not settled: for a read, what it has to find. */
    private final Map<Long, Long> pending = new TreeMap<>();

    /** What a block holds once everything submitted is done: the tag of its last write; 0 for zeros, -1 for what a trim left. */
    private final long[] expected = new long[Victims.BLOCKS];

    private Peer peer = NOBODY;
    private long tags;
    private long settled;
    private BlockPort.@Nullable Failed failed;
    private ClientControl.@Nullable Detached detached;

    /** Whether an outcome other than Done, or other data than expected, is an error. */
    boolean strict = true;

    long now;

    HostedClient(Machines machines, ClientSettings settings) {
        this.client = machines.client(settings, pages);
    }

    void peer(Peer other) {
        peer = other;
    }

    void start(Unique token) {
        step(new Control.Started(token, 1), 0);
    }

    void step(Signal input, long bytes) {
        outputs.clear();
        meter.begin();
        client.step(now, input, outputs);
        meter.end(bytes);
        // The peer only takes note of what it hears: nothing leads back here before all is carried out.
        for (Signal output : outputs) {
            carryOut(output);
        }
    }

    private void carryOut(Signal output) {
        switch (output) {
            case LinkPort.Connect(long link, int slot) -> peer.connect(link);
            case LinkPort.Send(long link, ByteBuf bytes) -> peer.heard(link, bytes);
            case LinkPort.Close(long link, Closing closing) -> peer.closed(link, closing);
            case LinkPort.Reading reading -> throw new AssertionError("L4: a client always reads");
            case BlockPort.Completed(long tag, Outcome outcome) -> completed(tag, outcome);
            case BlockPort.Changed changed -> {}
            case BlockPort.Copied copied -> {}
            case BlockPort.Failed failure -> {
                if (failed != null) {
                    throw new AssertionError("a device fails once");
                }
                failed = failure;
            }
            case ClientControl.Detached end -> {
                if (detached != null) {
                    throw new AssertionError("a client ends once");
                }
                detached = end;
            }
            case Control.Noted(String text) -> {
                if (text.isBlank()) {
                    throw new AssertionError("a note that says nothing");
                }
            }
            default -> throw Signal.misplaced(output);
        }
    }

    private void completed(long tag, Outcome outcome) {
        Long content = pending.remove(tag);
        if (content == null) {
            throw new AssertionError("G5: " + tag + " settled, and is not pending: " + outcome);
        }
        settled++;
        if (outcome instanceof Outcome.Done(ByteBuf data)) {
            boolean right = !strict || !data.isReadable() || content == -1 || holds(data, content);
            data.release();
            if (!right) {
                throw new AssertionError("G4: read " + tag + " did not find what write " + content + " left");
            }
        } else if (strict) {
            throw new AssertionError(tag + " settled as " + outcome);
        }
    }

    private static boolean holds(ByteBuf data, long tag) {
        for (int at = data.readerIndex(); at + 8 <= data.writerIndex(); at += 8) {
            if (data.getLong(at) != tag) {
                return false;
            }
        }
        return true;
    }

    /** What the device holds before anything is written: 0 for zeros, -1 for anything. */
    void expectEverywhere(long content) {
        java.util.Arrays.fill(expected, content);
    }

    void write(int block, int blocks, boolean durable) {
        long tag = ++tags;
        CompositeByteBuf content = new CompositeByteBuf(pages, false, Integer.MAX_VALUE);
        for (int i = 0; i < blocks; i++) {
            ByteBuf page = pages.buffer(BLOCK);
            while (page.isWritable()) {
                page.writeLong(tag);
            }
            content.addComponent(true, page);
            expected[block + i] = tag;
        }
        submit(tag, 0, new Operation.Write((long) block * BLOCK, content, durable));
    }

    void read(int block) {
        submit(++tags, expected[block], new Operation.Read((long) block * BLOCK, BLOCK));
    }

    void zero(int block) {
        expected[block] = 0;
        submit(++tags, 0, new Operation.Zero((long) block * BLOCK, BLOCK, false));
    }

    void trim(int block) {
        expected[block] = -1;
        submit(++tags, 0, new Operation.Trim((long) block * BLOCK, BLOCK));
    }

    void flush() {
        submit(++tags, 0, new Operation.Flush());
    }

    private void submit(long tag, long content, Operation operation) {
        pending.put(tag, content);
        step(new BlockPort.Submit(tag, operation), operation.length());
    }

    int pending() {
        return pending.size();
    }

    long settled() {
        return settled;
    }

    boolean hasFailed() {
        return failed != null;
    }

    ClientControl.@Nullable Detached detached() {
        return detached;
    }

    long deadline() {
        return client.nextDeadline();
    }

    boolean timeIsDue() {
        return client.nextDeadline() <= now;
    }

    void fire() {
        step(new Control.TimerFired(), 0);
    }

    /** The first block of a device's content that is not what was written there last; -1 if all are. */
    int firstWrongBlock(byte[] content, int from) {
        java.nio.ByteBuffer words = java.nio.ByteBuffer.wrap(content);
        for (int block = 0; block < Victims.BLOCKS; block++) {
            for (int at = 0; at < BLOCK; at += 8) {
                boolean trimmed = expected[block] == -1;
                if (!trimmed && words.getLong(from + block * BLOCK + at) != expected[block]) {
                    return block;
                }
            }
        }
        return -1;
    }

    /** Whether each block of a device's content is whole: one write's, or zeros. */
    boolean isWhole(byte[] content, int from) {
        java.nio.ByteBuffer words = java.nio.ByteBuffer.wrap(content);
        for (int block = 0; block < Victims.BLOCKS; block++) {
            long first = words.getLong(from + block * BLOCK);
            for (int at = 0; at < BLOCK; at += 8) {
                if (words.getLong(from + block * BLOCK + at) != first || first < 0 || first > tags) {
                    return false;
                }
            }
        }
        return true;
    }

    Machine machine() {
        return client;
    }

    void discard() {
        client.discard();
    }
}
