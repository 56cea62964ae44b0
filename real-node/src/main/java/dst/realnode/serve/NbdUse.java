package dst.realnode.serve;

import dst.nbd.port.Extent;
import dst.protocol.Disk;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.realnode.disk.DiskUse;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.Consumer;

/** An export as one NBD connection uses it: what that wants done goes to the disk, and what becomes of it back. On the connection's loop. */
final class NbdUse implements Disk.Ended, SharedBlocks.User {
    final Lent lent;
    final OpenExport export;
    private final EventLoop loop;
    private final Settled settled;
    private final DiskUse port;
    private final Gauge.Teller teller;
    private int running;

    /** Who wanted it done. */
    interface Settled {
        void settled(long tag, Outcome outcome);
    }

    NbdUse(Lent lent, EventLoop loop, Settled settled) {
        this.lent = lent;
        this.export = lent.export();
        this.loop = loop;
        this.settled = settled;
        this.port = export.disk.port(loop, this);
        this.teller = export.gauge.new Teller();
    }

    boolean isIdle() {
        return running == 0;
    }

    void submit(long tag, Operation operation) {
        running++;
        if (export.blocks.needNotKnow(operation)) {
            start(tag, operation);
        } else {
            export.blocks.submitted(this, tag, operation);
        }
    }

    void extents(long offset, int length, Consumer<List<Extent>> told) {
        port.extents(offset, length, told);
    }

    /** What was carried out at once may have ended, and is told now. */
    void drain() {
        port.drain();
    }

    @Override
    public void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    @Override
    public void move(long ticket, Operation operation) {
        start(-ticket, operation);
    }

    /** Below zero are the tickets of whole blocks that all connections share. */
    private void start(long ticket, Operation operation) {
        DiskRequest request = switch (operation) {
            case Operation.Read it -> new DiskRequest.Read(ticket, ticket, it.offset(), it.length());
            case Operation.Write it -> new DiskRequest.Write(ticket, ticket, it.offset(), it.data(), it.durable());
            case Operation.Zero it -> new DiskRequest.Zero(ticket, ticket, it.offset(), it.length(), it.durable());
            case Operation.Trim it -> new DiskRequest.Trim(ticket, ticket, it.offset(), it.length());
            case Operation.Flush _ -> new DiskRequest.Flush(ticket, ticket);
        };
        teller.started(request);
        port.submit(request);
    }

    @Override
    public void ended(long ticket, DiskResult result) {
        teller.ended(ticket);
        Outcome outcome = switch (result) {
            case DiskResult.Transferred _ -> new Outcome.Done(Unpooled.EMPTY_BUFFER);
            case DiskResult.Data it -> new Outcome.Done(it.data());
            case DiskResult.Failed it ->
                new Outcome.Refused(it.problem(), it.problem().words());
        };
        if (ticket < 0) {
            export.blocks.settled(-ticket, outcome);
        } else {
            completed(ticket, outcome);
        }
    }

    @Override
    public void completed(long tag, Outcome outcome) {
        running--;
        settled.settled(tag, outcome);
    }
}
