package dst.sim.hostile;

import dst.protocol.Boot;
import dst.protocol.Machine;
import dst.protocol.Prng;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.wire.Direction;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** A server that is up to no good. What it does to the disk is what the honest one in it does. */
final class HostileServer extends Hostile<ServerInput, ServerOutput> {
    HostileServer(Machine<ServerInput, ServerOutput> honest) {
        super(honest, Direction.TO_CLIENT);
    }

    @Override
    public void step(long now, ServerInput input, List<? super ServerOutput> outbox) {
        listen(input);
        if (input instanceof ServerInput.Sent(long link, long bytes)) {
            long honestly = left(link, bytes);
            if (honestly > 0) {
                stepHonestly(now, new ServerInput.Sent(link, honestly), outbox);
            }
        } else {
            stepHonestly(now, input, outbox);
        }
        afterStep(now, outbox);
    }

    private void listen(ServerInput input) {
        switch (input) {
            case ServerInput.DiskOpened(int _, Boot boot, var _) ->
                seed(boot.nonce().low());
            case ServerInput.LinkOpened(long link, var _, var _) -> opened(link);
            case ServerInput.Received(long link, ByteBuf bytes) -> heard(link, bytes);
            case ServerInput.LinkClosed(long link, var _) -> closed(link);
            case ServerInput.ExportOpened _,
                    ServerInput.AccessChanged _,
                    ServerInput.Ready _,
                    ServerInput.Sent _,
                    ServerInput.DiskEnded _,
                    ServerInput.BootDrawn _,
                    ServerInput.Persisted _,
                    ServerInput.RemoveExport _,
                    ServerInput.Leave _,
                    ServerInput.TimerFired _ -> {}
        }
    }

    @Override
    void turn(ServerOutput output, List<? super ServerOutput> outbox) {
        if (output instanceof ServerOutput.Send(long link, ByteBuf bytes)) {
            sending(link, bytes, outbox);
        } else {
            noteWord(output);
            outbox.add(output);
        }
    }

    @Override
    void noteWord(ServerOutput output) {
        if (output instanceof ServerOutput.Close(long link, var _)) {
            closed(link);
        } else if (output instanceof ServerOutput.Send(long link, ByteBuf bytes)) {
            willLeave(link, bytes.readableBytes());
        }
    }

    @Override
    boolean ownDeed(Prng drawn, List<? super ServerOutput> outbox) {
        return false;
    }

    @Override
    void dropOwnLinks(List<? super ServerOutput> outbox) {}

    @Override
    Lies lies(Prng drawn) {
        return new ServerLies(drawn, overheard);
    }

    @Override
    ServerOutput send(long link, ByteBuf bytes) {
        return new ServerOutput.Send(link, bytes);
    }

    @Override
    ServerOutput close(long link) {
        return new ServerOutput.Close(link, WHIM);
    }

    @Override
    ServerOutput stopReading(long link) {
        return new ServerOutput.Reading(link, false);
    }

    @Override
    ServerInput linkClosed(long link) {
        return new ServerInput.LinkClosed(link, "closed on a whim");
    }
}
