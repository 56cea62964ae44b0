package dst.sim.hostile;

import dst.protocol.Boot;
import dst.protocol.DiskPort;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Prng;
import dst.protocol.Signal;
import dst.protocol.wire.Direction;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** A server that is up to no good. What it does to the disk is what the honest one in it does. */
final class HostileServer extends Hostile {
    HostileServer(Machine honest) {
        super(honest, Direction.TO_CLIENT);
    }

    @Override
    public void step(long now, Signal input, List<? super Signal> outbox) {
        listen(input);
        if (input instanceof LinkPort.Sent(long link, long bytes)) {
            long honestly = left(link, bytes);
            if (honestly > 0) {
                stepHonestly(now, new LinkPort.Sent(link, honestly), outbox);
            }
        } else {
            stepHonestly(now, input, outbox);
        }
        afterStep(now, outbox);
    }

    private void listen(Signal input) {
        switch (input) {
            case DiskPort.Opened(int _, Boot boot, var _) -> seed(boot.nonce().low());
            case LinkPort.Accepted(long link, var _, var _) -> opened(link);
            case LinkPort.Received(long link, ByteBuf bytes) -> heard(link, bytes);
            case LinkPort.Closed(long link, var _) -> closed(link);
            default -> {}
        }
    }

    @Override
    void turn(Signal output, List<? super Signal> outbox) {
        if (output instanceof LinkPort.Send(long link, ByteBuf bytes)) {
            sending(link, bytes, outbox);
        } else {
            noteWord(output);
            outbox.add(output);
        }
    }

    @Override
    void noteWord(Signal output) {
        if (output instanceof LinkPort.Close(long link, var _)) {
            closed(link);
        } else if (output instanceof LinkPort.Send(long link, ByteBuf bytes)) {
            willLeave(link, bytes.readableBytes());
        }
    }

    @Override
    boolean ownDeed(Prng drawn, List<? super Signal> outbox) {
        return false;
    }

    @Override
    void dropOwnLinks(List<? super Signal> outbox) {}

    @Override
    Lies lies(Prng drawn) {
        return new ServerLies(drawn, overheard);
    }

    @Override
    Signal send(long link, ByteBuf bytes) {
        return new LinkPort.Send(link, bytes);
    }

    @Override
    Signal close(long link) {
        return new LinkPort.Close(link, WHIM);
    }

    @Override
    Signal stopReading(long link) {
        return new LinkPort.Reading(link, false);
    }

    @Override
    Signal linkClosed(long link) {
        return new LinkPort.Closed(link, "closed on a whim");
    }
}
