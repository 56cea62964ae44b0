package dst.protocol.digest;

import dst.protocol.Agreement;
import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.ClientControl;
import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Holding;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Overlap;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Decoded;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where a client may be led: every input is drawn from what it has done so far, and can be made again for another client. */
final class ClientTour implements Tour {
    private static final int BLOCK = 512;
    private static final Terms TERMS =
            new Terms(Terms.CRC32C, Terms.PLAIN, Terms.FUA | Terms.TRIM | Terms.ZERO, 5_000, 4 * BLOCK, 8, 8 * BLOCK);
    private static final Unique TOKEN = new Unique(7, 7);
    private static final Device DEVICE = new Device(new Unique(1, 2), 32 * BLOCK, BLOCK, Permission.BOTH);

    private static final ClientPolicy POLICY = new ClientPolicy(2, Overlap.COPY, 4 * BLOCK, Holding.WAIT, 6);

    private final Prng prng;
    private final Map<Long, Visit> visits = new TreeMap<>();
    private Boot boot = boot(1);
    private boolean started;
    private long tags;
    private long executions;
    private long commit;

    /** A link that the client asked for, what was said on it and what the client has asked. */
    private static final class Visit {
        final Decoder decoder = new Decoder(Direction.TO_SERVER);
        final List<Message.Request> asked = new ArrayList<>();
        int said;
        long unsent;
    }

    ClientTour(long seed) {
        prng = new Prng(seed);
    }

    static ClientSettings settings() {
        return new ClientSettings(
                "disk", TERMS, Unique.NONE, 20_000_000_000L, 2_000_000_000L, 100_000_000L, 24 * BLOCK, 3, POLICY);
    }

    private static Boot boot(long counter) {
        return new Boot(counter, new Unique(counter, 99));
    }

    @Override
    public Event<Signal> next() {
        if (!started) {
            started = true;
            return bytes -> new Control.Started(TOKEN, 1);
        }
        int kind = below(100);
        if (kind < 35) {
            return submit();
        }
        if (kind < 80) {
            return serve();
        }
        if (kind < 88) {
            return sent();
        }
        if (kind < 94) {
            return bytes -> new Control.TimerFired();
        }
        return rare();
    }

    private Event<Signal> submit() {
        long tag = ++tags;
        long offset = (long) below(8) * BLOCK;
        int length = BLOCK * (1 + below(2));
        boolean durable = below(4) == 0;
        int kind = below(9);
        return bytes -> new BlockPort.Submit(
                tag,
                switch (kind) {
                    case 0, 1, 2 -> new Operation.Read(offset, length);
                    case 3, 4, 5 -> new Operation.Write(offset, bytes.filled(length), durable);
                    case 6 -> new Operation.Zero(offset, length, durable);
                    case 7 -> new Operation.Trim(offset, length);
                    default -> new Operation.Flush();
                });
    }

    /** The server's next word on one of the links. */
    private Event<Signal> serve() {
        if (visits.isEmpty()) {
            return bytes -> new Control.TimerFired();
        }
        long link = anyLink();
        Visit visit = visit(link);
        switch (visit.said++) {
            case 0 -> {
                return bytes -> new LinkPort.Opened(link);
            }
            case 1 -> {
                return says(link, new Message.Preamble(1, 1));
            }
            case 2 -> {
                if (below(3) == 0) {
                    boot = boot(boot.counter() + 1);
                    executions = 0;
                    commit = 0;
                }
                BootCause cause = below(4) == 0 ? BootCause.FLUSH_FAILED : BootCause.STARTED;
                return says(link, new Message.Welcome(new Agreement(1, TERMS, DEVICE), boot, cause, 1));
            }
            case 3 -> {
                return says(
                        link,
                        new Message.Attached(
                                new Agreement(1, TERMS, DEVICE), new Holder(1, TOKEN), boot, below(2) == 0));
            }
            default -> {
                return answer(link, visit);
            }
        }
    }

    private Event<Signal> answer(long link, Visit visit) {
        if (visit.asked.isEmpty()) {
            return says(link, new Message.Ping(below(3)));
        }
        Message.Request request = visit.asked.remove(below(visit.asked.size()));
        Problem problem = below(12) == 0 ? Problem.IO_ERROR : below(12) == 0 ? Problem.NOT_SUPPORTED : Problem.NONE;
        problem = request.replay() ? Problem.NONE : problem;
        boolean done = problem == Problem.NONE;
        long execution = done && request.kind().changes() ? ++executions : 0;
        if (request.kind() == Kind.FLUSH && done) {
            commit = executions;
        }
        long committed = commit;
        Problem told = problem;
        int length = request.kind() == Kind.READ && done ? request.length() : 0;
        Boot named = below(20) == 0 ? boot(77) : boot;
        int whole = below(8);
        return bytes -> {
            ByteBuf answer = bytes.encode(new Message.Answer(
                    request.id(), told, 1, named, execution, committed, Unpooled.wrappedBuffer(new byte[length])));
            // Half of it: the rest is never sent.
            return new LinkPort.Received(link, whole == 0 ? bytes.part(answer, answer.readableBytes() / 2) : answer);
        };
    }

    private Event<Signal> sent() {
        long link = anyLink();
        Visit visit = visit(link);
        if (visit.unsent == 0) {
            return bytes -> new Control.TimerFired();
        }
        long bytes = below(2) == 0 ? visit.unsent : 1 + prng.below(visit.unsent);
        visit.unsent -= bytes;
        return any -> new LinkPort.Sent(link, bytes);
    }

    private Event<Signal> rare() {
        long link = anyLink();
        boolean open = visit(link).said > 0;
        switch (below(24)) {
            case 0 -> {
                long deadline = below(2) == 0 ? Machine.NEVER : 1_000_000_000L;
                return bytes -> new ClientControl.Detach(deadline);
            }
            case 1, 2, 3, 4 -> {
                visits.remove(link);
                return bytes -> new LinkPort.Closed(link, "reset");
            }
            case 5 -> {
                return open ? says(link, new Message.Refuse(Problem.NOT_READY, "not yet")) : submit();
            }
            case 6, 7 -> {
                return open ? bytes -> new LinkPort.Received(link, bytes.filled(1)) : submit();
            }
            case 8, 9, 10 -> {
                // Of a link that was given up.
                return bytes -> new LinkPort.Received(9_999, bytes.filled(3));
            }
            default -> {
                return open ? says(link, new Message.Pong(0)) : submit();
            }
        }
    }

    @Override
    public long passes() {
        return below(5) == 0 ? prng.below(1_500_000_000L) : 0;
    }

    @Override
    public void saw(Signal output) {
        switch (output) {
            case LinkPort.Connect connect -> visits.put(connect.link(), new Visit());
            case LinkPort.Send(long link, ByteBuf bytes) -> {
                Visit visit = visits.get(link);
                if (visit != null) {
                    visit.unsent += bytes.readableBytes();
                    listen(visit, bytes);
                }
            }
            case LinkPort.Close close -> visits.remove(close.link());
            case LinkPort.Reading reading -> {}
            case BlockPort.Completed completed -> {}
            case BlockPort.Changed changed -> {}
            case BlockPort.Copied copied -> {}
            case BlockPort.Failed failed -> {}
            case ClientControl.Detached detached -> {}
            case Control.Noted noted -> {}
            default -> throw Signal.misplaced(output);
        }
    }

    private static void listen(Visit visit, ByteBuf bytes) {
        visit.decoder.payloadMax(1 << 20);
        visit.decoder.feed(Unpooled.copiedBuffer(bytes));
        for (Decoded decoded = visit.decoder.next(); decoded != null; decoded = visit.decoder.next()) {
            if (decoded instanceof Message.Request request) {
                request.payload().release();
                visit.asked.removeIf(known -> known.id() == request.id());
                visit.asked.add(request);
            }
        }
    }

    private static Event<Signal> says(long link, Message message) {
        return bytes -> new LinkPort.Received(link, bytes.encode(message));
    }

    private Visit visit(long link) {
        return visits.getOrDefault(link, new Visit());
    }

    private long anyLink() {
        List<Long> all = new ArrayList<>(visits.keySet());
        return all.isEmpty() ? 1 : all.get(below(all.size()));
    }

    private int below(int bound) {
        return (int) prng.below(bound);
    }
}
