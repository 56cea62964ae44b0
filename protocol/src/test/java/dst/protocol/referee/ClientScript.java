package dst.protocol.referee;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
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
        script.tap("client", new WorldEvent.ProcessStarted());
        script.in(new ClientInput.Started(TOKEN, 1));
        script.attach(BOOT);
        script.send(new Message.Replayed(HOLDER.epoch(), BOOT));
        return script;
    }

    void in(ClientInput input) {
        tap("client", input);
    }

    void out(ClientOutput output) {
        tap("client", output);
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
        out(new ClientOutput.Changed(agreement.device(), false));
    }

    void connect() {
        link++;
        out(new ClientOutput.Connect(link, 0));
        in(new ClientInput.LinkOpened(link));
        send(new Message.Preamble(1, 1));
        send(hello(link));
    }

    void cut() {
        in(new ClientInput.LinkClosed(link, "cut"));
    }

    void send(Message message) {
        out(new ClientOutput.Send(link, bytes(message)));
    }

    void receive(Message message) {
        in(new ClientInput.Received(link, bytes(message)));
    }

    void submitWrite(long tag, long block, int... content) {
        in(new ClientInput.Submitted(tag, new Operation.Write(block * BLOCK, data(content), false)));
    }

    void submitRead(long tag, long block, int blocks) {
        in(new ClientInput.Submitted(tag, new Operation.Read(block * BLOCK, blocks * BLOCK)));
    }

    void done(long tag, int... content) {
        out(new ClientOutput.Completed(tag, new Outcome.Done(data(content))));
    }

    void refused(long tag) {
        out(new ClientOutput.Completed(tag, new Outcome.Refused(Problem.TOO_LARGE, "")));
    }

    void unknown(long tag) {
        out(new ClientOutput.Completed(tag, new Outcome.Unknown(Problem.TIMED_OUT, "")));
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
        in(new ClientInput.TimerFired());
    }

    void damagedBytes() {
        out(new ClientOutput.Send(link, Unpooled.wrappedBuffer(new byte[64])));
    }
}
