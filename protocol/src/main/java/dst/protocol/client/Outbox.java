package dst.protocol.client;

import dst.protocol.ClientOutput;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Where the parts of a client put what is to be done; the host takes it after the step. */
final class Outbox {
    private final Encoder encoder;
    private final long unsentMax;
    private long unsent;
    private List<? super ClientOutput> outputs = new ArrayList<>();

    Outbox(ByteBufAllocator pages, long unsentMax) {
        encoder = new Encoder(pages);
        this.unsentMax = unsentMax;
    }

    void open(List<? super ClientOutput> target) {
        outputs = target;
    }

    void connect(long link) {
        unsent = 0;
        outputs.add(new ClientOutput.Connect(link, 0));
    }

    void send(long link, Message message) {
        ByteBuf bytes = encoder.encode(message);
        unsent += bytes.readableBytes();
        outputs.add(new ClientOutput.Send(link, bytes));
    }

    void sent(long bytes) {
        unsent = Math.max(0, unsent - bytes);
    }

    /** Whether so much waits to leave this host that what is not needed is better not said (R7). */
    boolean isCongested() {
        return unsent > unsentMax;
    }

    void close(long link, Closing closing) {
        outputs.add(new ClientOutput.Close(link, closing));
    }

    void completed(long tag, Outcome outcome) {
        outputs.add(new ClientOutput.Completed(tag, outcome));
    }

    void changed(Device device, boolean owed) {
        outputs.add(new ClientOutput.Changed(device, owed));
    }

    void failed(Problem problem, String text, List<Range> lost) {
        outputs.add(new ClientOutput.Failed(problem, text, lost));
    }

    void detached(List<Range> lost) {
        outputs.add(new ClientOutput.Detached(lost));
    }

    void note(String text) {
        outputs.add(new ClientOutput.Noted(text));
    }
}
