package dst.realnode.net;

import dst.protocol.net.Heard;
import dst.protocol.net.Said;
import dst.protocol.net.Talker;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.realnode.host.MachineHost;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** A talker at a real connection, hosted as machines of the protocol are. */
final class RealEnd extends MachineHost<Heard, Said> implements Connection.Ears {
    private final Talker talker;
    private final Connection connection;

    RealEnd(Channel channel, Talker talker) {
        super(channel.eventLoop(), Layer.world("end"), talker, Tap.BLIND);
        this.talker = talker;
        this.connection = new Connection(channel, this);
    }

    void begin() {
        connection.begin();
        give(new Heard.Opened());
    }

    @Override
    public void received(ByteBuf bytes) {
        beginBatch();
        give(new Heard.Received(bytes));
    }

    @Override
    public void receivedAll() {
        endBatch();
    }

    @Override
    public void sent(long bytes) {
        give(new Heard.Sent(bytes));
    }

    @Override
    public void closed(String reason) {
        give(new Heard.Closed(reason));
    }

    @Override
    protected void carryOut(Said output) {
        switch (output) {
            case Said.Send(ByteBuf bytes) -> connection.send(bytes);
            case Said.Reading(boolean wanted) -> connection.reading(wanted);
            case Said.Close _ -> connection.close();
        }
    }

    @Override
    protected void flushed() {
        connection.flush();
    }

    @Override
    protected Heard timerFired() {
        return new Heard.TimerFired();
    }

    @Override
    protected void drop(Heard input) {
        if (input instanceof Heard.Received(ByteBuf bytes)) {
            bytes.release();
        }
    }

    @Override
    protected void failed(Throwable failure) {
        talker.complaints().add(failure.toString());
    }
}
