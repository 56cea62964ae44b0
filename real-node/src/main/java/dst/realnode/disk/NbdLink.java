package dst.realnode.disk;

import dst.nbd.NbdClient;
import dst.nbd.port.Extent;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdExport;
import dst.protocol.BlockPort;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.realnode.host.MachineHost;
import dst.realnode.net.Connection;
import dst.realnode.watch.WatchedNode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One connection to a foreign NBD server. Everything here happens on its loop. */
final class NbdLink extends MachineHost implements Connection.Listener {
    /** Each has one. */
    private static final long LINK = 1;

    private final String export;
    private final Owner owner;
    private final Connection connection;
    private final LongObjectHashMap<Consumer<Outcome>> running = new LongObjectHashMap<>();
    private final LongObjectHashMap<Consumer<List<Extent>>> questions = new LongObjectHashMap<>();
    private long tags;
    private boolean closed;

    /** Whose connection it is. */
    interface Owner {
        void attached(NbdLink link, NbdExport export);

        /** It is over; told once, and before anything that was submitted ends of it. */
        void lost(NbdLink link, String reason);
    }

    NbdLink(Channel channel, String export, Disks.Options options, Owner owner) {
        super(
                channel.eventLoop(),
                new Layer(
                        WatchedNode.SERVER.node(),
                        NbdClientControl.KIND,
                        options.watched().numbers().getAsLong()),
                new NbdClient(options.memory()),
                options.watched().tap());
        this.export = export;
        this.owner = owner;
        this.connection = new Connection(channel, this);
    }

    void begin() {
        connection.begin();
        give(new NbdClientControl.Use(export));
        give(new LinkPort.Opened(LINK));
    }

    void submit(Operation operation, Consumer<Outcome> ended) {
        if (closed) {
            if (operation instanceof Operation.Write write) {
                write.data().release();
            }
            ended.accept(new Outcome.Refused(Problem.DEVICE_FAILED, "the connection is gone"));
            return;
        }
        running.put(++tags, ended);
        give(new BlockPort.Submit(tags, operation));
    }

    /** An answer without an extent: it cannot be told. */
    void ask(long offset, int length, Consumer<List<Extent>> answered) {
        if (closed) {
            answered.accept(List.of());
            return;
        }
        questions.put(++tags, answered);
        give(new NbdClientControl.Map(tags, offset, length));
    }

    /** What the server has not taken yet it does not get any more, as far as that is ours to say. */
    void drop() {
        if (!closed) {
            closed = true;
            connection.drop();
            give(new LinkPort.Closed(LINK, "closed here"));
            over();
        }
    }

    private void lost(String reason) {
        if (!closed) {
            closed = true;
            owner.lost(this, reason);
        }
    }

    @Override
    public void received(ByteBuf bytes) {
        beginBatch();
        give(new LinkPort.Received(LINK, bytes));
    }

    @Override
    public void receivedAll() {
        endBatch();
    }

    @Override
    public void sent(long bytes) {
        give(new LinkPort.Sent(LINK, bytes));
    }

    @Override
    public void closed(String reason) {
        lost(reason);
        give(new LinkPort.Closed(LINK, reason));
    }

    @Override
    public void over() {
        lost("the connection is gone");
        end();
        List<Consumer<Outcome>> left = new ArrayList<>(running.values());
        running.clear();
        left.forEach(ended -> ended.accept(new Outcome.Unknown(Problem.DEVICE_FAILED, "the connection is gone")));
        List<Consumer<List<Extent>>> asked = new ArrayList<>(questions.values());
        questions.clear();
        asked.forEach(answered -> answered.accept(List.of()));
    }

    @Override
    protected void carryOut(Signal output) {
        switch (output) {
            case LinkPort.Send(long _, ByteBuf bytes) -> connection.send(bytes);
            case LinkPort.Close(long _, Closing closing) -> {
                lost(closing.rule().isEmpty() ? closing.text() : closing.rule() + ": " + closing.text());
                connection.close();
            }
            case LinkPort.Reading(long _, boolean wanted) -> connection.reading(wanted);
            case NbdClientControl.Attached(NbdExport export) -> owner.attached(this, export);
            case BlockPort.Completed(long tag, Outcome outcome) -> completed(tag, outcome);
            case NbdClientControl.Mapped(long tag, List<Extent> extents) -> {
                Consumer<List<Extent>> answered = questions.remove(tag);
                if (answered != null) {
                    answered.accept(extents);
                }
            }
            default -> throw Signal.misplaced(output);
        }
    }

    private void completed(long tag, Outcome outcome) {
        boolean isOver = !(outcome instanceof Outcome.Done) && problem(outcome) == Problem.DEVICE_FAILED;
        if (isOver) {
            lost("the connection is over");
        }
        Consumer<Outcome> ended = running.remove(tag);
        if (ended != null) {
            ended.accept(outcome);
            return;
        }
        Consumer<List<Extent>> answered = questions.remove(tag);
        if (answered != null) {
            answered.accept(List.of());
        }
    }

    static Problem problem(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _ -> Problem.NONE;
            case Outcome.Refused(Problem problem, String _) -> problem;
            case Outcome.Unknown(Problem problem, String _) -> problem;
        };
    }

    @Override
    protected void flushed() {
        connection.flush();
    }

    @Override
    protected Signal timerFired() {
        return new Control.TimerFired();
    }

    @Override
    protected void drop(Signal input) {
        Signal.release(input);
    }

    @Override
    protected void failed(Throwable failure) {
        NbdDisk.LOG.error(
                "the NBD client fell over one of its own assertions: this is an error in dst itself", failure);
        lost("an error in dst itself");
        connection.drop();
    }
}
