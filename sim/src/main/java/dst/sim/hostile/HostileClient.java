package dst.sim.hostile;

import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Prng;
import dst.protocol.Signal;
import dst.protocol.wire.Direction;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** A client that is up to no good; it also opens links that the honest one in it knows nothing of, and says little or nonsense there. */
final class HostileClient extends Hostile {
    /** Beyond the numbers that the honest machine will ever use. */
    private static final long OWN = 1L << 40;

    private final ArrayList<Long> own = new ArrayList<>();
    private long opened = OWN;

    HostileClient(Machine honest) {
        super(honest, Direction.TO_SERVER);
    }

    @Override
    public void step(long now, Signal input, List<? super Signal> outbox) {
        switch (input) {
            case Control.Started(var _, long seed) -> {
                seed(seed);
                stepHonestly(now, input, outbox);
            }
            case LinkPort.Opened(long link)
            when link > OWN -> {
                if (lies() instanceof ClientLies lies) {
                    say(link, lies.firstWords(), outbox);
                }
            }
            case LinkPort.Opened(long link) -> {
                opened(link);
                stepHonestly(now, input, outbox);
            }
            case LinkPort.Received(long link, ByteBuf bytes) -> {
                if (link > OWN) {
                    bytes.release();
                } else {
                    heard(link, bytes);
                    stepHonestly(now, input, outbox);
                }
            }
            case LinkPort.Sent(long link, long bytes) -> {
                long honestly = left(link, bytes);
                if (honestly > 0) {
                    stepHonestly(now, new LinkPort.Sent(link, honestly), outbox);
                }
            }
            case LinkPort.Closed(long link, String _) -> {
                if (link > OWN) {
                    own.remove(Long.valueOf(link));
                } else {
                    closed(link);
                    stepHonestly(now, input, outbox);
                }
            }
            case ClientControl.Detach _ -> {
                repent(now, outbox);
                stepHonestly(now, input, outbox);
            }
            default -> stepHonestly(now, input, outbox);
        }
        afterStep(now, outbox);
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
            outbox.add(new LinkPort.Connect(opened, (int) drawn.below(3)));
        }
        return true;
    }

    @Override
    void dropOwnLinks(List<? super Signal> outbox) {
        own.forEach(link -> outbox.add(close(link)));
        own.clear();
    }

    @Override
    Lies lies(Prng drawn) {
        return new ClientLies(drawn, overheard);
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
