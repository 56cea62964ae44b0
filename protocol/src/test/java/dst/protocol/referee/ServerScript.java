package dst.protocol.referee;

import dst.protocol.Access;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Export;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.LongFunction;

/** A server's boundary, with one disk and one export on it. */
final class ServerScript extends Script {
    long link;
    private long tickets;

    ServerScript() {
        this(new Referee());
    }

    ServerScript(Referee referee) {
        super(referee);
    }

    /** What its Welcomes say. */
    BootCause cause = BootCause.STARTED;

    static ServerScript attached() {
        ServerScript script = opened(BOOT);
        script.attach();
        return script;
    }

    /** A process with its disk and export. */
    static ServerScript opened(Boot boot) {
        ServerScript script = new ServerScript();
        script.open(boot);
        return script;
    }

    void open(Boot opened) {
        boot = opened;
        tap(Layer.server("server"), new WorldEvent.ProcessStarted());
        in(new DiskPort.Opened(0, opened, BootCause.STARTED));
        in(new ServerControl.ExportOpened(
                new Export("disk", 0, 0, DEVICE, TERMS, false), HOLDER, Access.ofEverybody(Permission.BOTH)));
    }

    /** The holder joins on a new link. */
    void attach() {
        greet();
        send(new Message.Welcome(AGREEMENT, boot, cause, HOLDER.epoch()));
        receive(new Message.Attach(AGREEMENT, HOLDER.epoch(), true));
        send(new Message.Attached(AGREEMENT, HOLDER, boot, false));
        receive(new Message.Replayed(HOLDER.epoch(), boot));
    }

    void greet() {
        link++;
        in(new LinkPort.Accepted(link, "peer", "somebody"));
        receive(new Message.Preamble(1, 1));
        send(new Message.Preamble(1, 1));
        receive(hello(link));
    }

    void in(Signal input) {
        tap(Layer.server("server"), input);
    }

    void out(Signal output) {
        tap(Layer.server("server"), output);
    }

    void send(Message message) {
        out(new LinkPort.Send(link, bytes(message)));
    }

    void receive(Message message) {
        in(new LinkPort.Received(link, bytes(message)));
    }

    long start(LongFunction<DiskRequest> request) {
        tickets++;
        out(new DiskPort.Start(0, request.apply(tickets)));
        return tickets;
    }

    long startWrite(long id, long block, int... content) {
        return start(ticket -> new DiskRequest.Write(ticket, id, block * BLOCK, data(content), false));
    }

    long startRead(long id, long block, int blocks) {
        return start(ticket -> new DiskRequest.Read(ticket, id, block * BLOCK, blocks * BLOCK));
    }

    long startFlush() {
        return start(ticket -> new DiskRequest.Flush(ticket, 0));
    }

    void moved(long ticket, int blocks) {
        in(new DiskPort.Ended(0, ticket, new DiskResult.Transferred(blocks * BLOCK)));
    }

    void read(long ticket, ByteBuf data) {
        in(new DiskPort.Ended(0, ticket, new DiskResult.Data(data)));
    }

    void failed(long ticket) {
        in(new DiskPort.Ended(0, ticket, new DiskResult.Failed(Problem.IO_ERROR)));
    }

    /** A write from its request to its answer. */
    void wrote(long id, long execution, long block, int... content) {
        receive(write(id, 0, block, content));
        moved(startWrite(id, block, content), content.length);
        send(done(id, execution, 0));
    }

    void flushed() {
        moved(startFlush(), 0);
    }

    /** What the disk gives for these blocks, read by somebody. */
    void reads(long block, int... content) {
        read(startRead(0, block, content.length), data(content));
    }

    void powerCut(Boot next) {
        tap(Layer.server("server"), new WorldEvent.PowerCut());
        open(next);
    }

    void mediaHold(long block, int content) {
        byte[] bytes = new byte[BLOCK];
        Arrays.fill(bytes, (byte) content);
        tap(Layer.server("server"), new WorldEvent.MediaHolds(0, block * BLOCK, bytes));
    }
}
