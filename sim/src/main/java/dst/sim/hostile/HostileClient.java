package dst.sim.hostile;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.Machine;
import dst.protocol.Prng;
import dst.protocol.wire.Direction;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** A client that is up to no good; it also opens links that the honest one in it knows nothing of, and says little or nonsense there. */
final class HostileClient extends Hostile<ClientInput, ClientOutput> {
    /** Beyond the numbers that the honest machine will ever use. */
    private static final long OWN = 1L << 40;

    private final ArrayList<Long> own = new ArrayList<>();
    private long opened = OWN;

    HostileClient(Machine<ClientInput, ClientOutput> honest) {
        super(honest, Direction.TO_SERVER);
    }

    @Override
    public void step(long now, ClientInput input, List<? super ClientOutput> outbox) {
        switch (input) {
            case ClientInput.Started(var _, long seed) -> {
                seed(seed);
                stepHonestly(now, input, outbox);
            }
            case ClientInput.LinkOpened(long link)
            when link > OWN -> {
                if (lies() instanceof ClientLies lies) {
                    say(link, lies.firstWords(), outbox);
                }
            }
            case ClientInput.LinkOpened(long link) -> {
                opened(link);
                stepHonestly(now, input, outbox);
            }
            case ClientInput.Received(long link, ByteBuf bytes) -> {
                if (link > OWN) {
                    bytes.release();
                } else {
                    heard(link, bytes);
                    stepHonestly(now, input, outbox);
                }
            }
            case ClientInput.Sent(long link, long bytes) -> {
                long honestly = left(link, bytes);
                if (honestly > 0) {
                    stepHonestly(now, new ClientInput.Sent(link, honestly), outbox);
                }
            }
            case ClientInput.LinkClosed(long link, String _) -> {
                if (link > OWN) {
                    own.remove(Long.valueOf(link));
                } else {
                    closed(link);
                    stepHonestly(now, input, outbox);
                }
            }
            case ClientInput.Detach _ -> {
                repent(now, outbox);
                stepHonestly(now, input, outbox);
            }
            case ClientInput.Submitted _, ClientInput.TimerFired _ -> stepHonestly(now, input, outbox);
        }
        afterStep(now, outbox);
    }

    @Override
    void turn(ClientOutput output, List<? super ClientOutput> outbox) {
        if (output instanceof ClientOutput.Send(long link, ByteBuf bytes)) {
            sending(link, bytes, outbox);
        } else {
            noteWord(output);
            outbox.add(output);
        }
    }

    @Override
    void noteWord(ClientOutput output) {
        if (output instanceof ClientOutput.Close(long link, var _)) {
            closed(link);
        } else if (output instanceof ClientOutput.Send(long link, ByteBuf bytes)) {
            willLeave(link, bytes.readableBytes());
        }
    }

    @Override
    boolean ownDeed(Prng drawn, List<? super ClientOutput> outbox) {
        if (!drawn.chance(1, 4)) {
            return false;
        }
        if (!own.isEmpty() && drawn.chance(1, 2)) {
            long link = own.get((int) drawn.below(own.size()));
            if (lies() instanceof ClientLies lies) {
                say(link, drawn.chance(1, 2) ? lies.firstWords() : lies.next(), outbox);
            }
        } else {
            opened++;
            own.add(opened);
            outbox.add(new ClientOutput.Connect(opened, (int) drawn.below(3)));
        }
        return true;
    }

    @Override
    void dropOwnLinks(List<? super ClientOutput> outbox) {
        own.forEach(link -> outbox.add(close(link)));
        own.clear();
    }

    @Override
    Lies lies(Prng drawn) {
        return new ClientLies(drawn, overheard);
    }

    @Override
    ClientOutput send(long link, ByteBuf bytes) {
        return new ClientOutput.Send(link, bytes);
    }

    @Override
    ClientOutput close(long link) {
        return new ClientOutput.Close(link, WHIM);
    }

    @Override
    ClientOutput stopReading(long link) {
        return new ClientOutput.Reading(link, false);
    }

    @Override
    ClientInput linkClosed(long link) {
        return new ClientInput.LinkClosed(link, "closed on a whim");
    }
}
