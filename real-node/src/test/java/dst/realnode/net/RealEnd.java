package dst.realnode.net;

import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Signal;
import dst.protocol.net.Talker;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.realnode.host.MachineHost;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** A talker at a real connection, hosted as machines of the protocol are. */
final class RealEnd extends MachineHost implements Connection.Listener {
    private final Talker talker;
    private final Connection connection;

    RealEnd(Channel channel, Talker talker) {
        super(channel.eventLoop(), Layer.world("end"), talker, Tap.BLIND);
        this.talker = talker;
        this.connection = new Connection(channel, this);
    }

    void begin() {
        connection.begin();
        give(new LinkPort.Opened(Talker.LINK));
    }

    @Override
    public void received(ByteBuf bytes) {
        beginBatch();
        give(new LinkPort.Received(Talker.LINK, bytes));
    }

    @Override
    public void receivedAll() {
        endBatch();
    }

    @Override
    public void sent(long bytes) {
        give(new LinkPort.Sent(Talker.LINK, bytes));
    }

    @Override
    public void closed(String reason) {
        give(new LinkPort.Closed(Talker.LINK, reason));
    }

    @Override
    protected void carryOut(Signal output) {
        switch (output) {
            case LinkPort.Send(long _, ByteBuf bytes) -> connection.send(bytes);
            case LinkPort.Reading(long _, boolean wanted) -> connection.reading(wanted);
            case LinkPort.Close _ -> connection.close();
            default -> throw Signal.misplaced(output);
        }
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
        if (input instanceof LinkPort.Received(long _, ByteBuf bytes)) {
            bytes.release();
        }
    }

    @Override
    protected void failed(Throwable failure) {
        talker.complaints().add(failure.toString());
    }
}
