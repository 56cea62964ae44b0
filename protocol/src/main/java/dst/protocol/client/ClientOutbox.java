package dst.protocol.client;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Signal;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Where the parts of a client put what is to be done; the host takes it after the step. */
final class ClientOutbox {
    private final Encoder encoder;
    private List<? super Signal> outputs = new ArrayList<>();

    ClientOutbox(ByteBufAllocator pages) {
        encoder = new Encoder(pages);
    }

    void open(List<? super Signal> target) {
        outputs = target;
    }

    void connect(ClientLink link) {
        outputs.add(new LinkPort.Connect(link.number, link.slot));
    }

    void send(ClientLink link, Message message) {
        ByteBuf bytes = encoder.encode(message);
        link.handedOver(bytes.readableBytes());
        outputs.add(new LinkPort.Send(link.number, bytes));
    }

    void close(ClientLink link, Closing closing) {
        outputs.add(new LinkPort.Close(link.number, closing));
    }

    void completed(long tag, Outcome outcome) {
        outputs.add(new BlockPort.Completed(tag, outcome));
    }

    /** T5: the buffer of this one is its submitter's again. */
    void copied(long tag) {
        outputs.add(new BlockPort.Copied(tag));
    }

    void changed(Device device, boolean owed) {
        outputs.add(new BlockPort.Changed(device, owed));
    }

    void failed(Problem problem, String text, List<Range> lost) {
        outputs.add(new BlockPort.Failed(problem, text, lost));
    }

    void detached(List<Range> lost) {
        outputs.add(new ClientControl.Detached(lost));
    }

    void note(String text) {
        outputs.add(new Control.Noted(text));
    }
}
