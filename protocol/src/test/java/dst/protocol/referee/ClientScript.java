package dst.protocol.referee;

import dst.protocol.Agreement;
import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Message;
import io.netty.buffer.Unpooled;

/** A client's boundary. */
final class ClientScript extends Script {
    long link;

    ClientScript() {
        this(new Referee());
    }

    ClientScript(Referee referee) {
        super(referee);
    }

    static ClientScript attached() {
        return attached(new Referee());
    }

    static ClientScript attached(Referee referee) {
        ClientScript script = new ClientScript(referee);
        script.tap(Layer.client("client"), new WorldEvent.ProcessStarted());
        script.in(new Control.Started(TOKEN, 1));
        script.attach(BOOT);
        script.send(new Message.Replayed(HOLDER.epoch(), BOOT));
        return script;
    }

    void in(Signal input) {
        tap(Layer.client("client"), input);
    }

    void out(Signal output) {
        tap(Layer.client("client"), output);
    }

    /** A new link, up to its grant. */
    void attach(Boot granted) {
        attach(granted, AGREEMENT);
    }

    void attach(Boot granted, Agreement agreement) {
        connect();
        boot = granted;
        receive(new Message.Preamble(1, 1));
        receive(new Message.Welcome(agreement, granted, BootCause.STARTED, HOLDER.epoch()));
        send(new Message.Attach(agreement, HOLDER.epoch(), true));
        receive(new Message.Attached(agreement, HOLDER, granted, false));
        out(new BlockPort.Changed(agreement.device(), false));
    }

    void connect() {
        link++;
        out(new LinkPort.Connect(link, 0));
        in(new LinkPort.Opened(link));
        send(new Message.Preamble(1, 1));
        send(hello(link));
    }

    void cut() {
        in(new LinkPort.Closed(link, "cut"));
    }

    void send(Message message) {
        out(new LinkPort.Send(link, bytes(message)));
    }

    void receive(Message message) {
        in(new LinkPort.Received(link, bytes(message)));
    }

    void submitWrite(long tag, long block, int... content) {
        in(new BlockPort.Submit(tag, new Operation.Write(block * BLOCK, data(content), false)));
    }

    void submitRead(long tag, long block, int blocks) {
        in(new BlockPort.Submit(tag, new Operation.Read(block * BLOCK, blocks * BLOCK)));
    }

    void done(long tag, int... content) {
        out(new BlockPort.Completed(tag, new Outcome.Done(data(content))));
    }

    void refused(long tag) {
        out(new BlockPort.Completed(tag, new Outcome.Refused(Problem.TOO_LARGE, "")));
    }

    void unknown(long tag) {
        out(new BlockPort.Completed(tag, new Outcome.Unknown(Problem.TIMED_OUT, "")));
    }

    /** A write from submission to Done. */
    void wrote(long id, long execution, long block, int... content) {
        submitWrite(id, block, content);
        send(write(id, 0, block, content));
        receive(done(id, execution, 0L));
        done(id);
    }

    /** The step is over. */
    void next() {
        in(new Control.TimerFired());
    }

    void damagedBytes() {
        out(new LinkPort.Send(link, Unpooled.wrappedBuffer(new byte[64])));
    }
}
