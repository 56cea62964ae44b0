package dst.reports;

import dst.protocol.BlockPort;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Range;
import dst.protocol.WholeBlocksControl;
import dst.protocol.wire.Decoded;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads along what both sides say: the bytes of each link as messages, and which operation a transaction carries out. */
final class Conversation {
    private final Map<String, Decoder> decoders = new HashMap<>();
    private final Map<String, Spoken> clients = new TreeMap<>();
    private final Set<String> unreadable = new HashSet<>();

    /** What each boundary knows to be settled of each client's transactions. */
    private final Map<String, Settled> settled = new HashMap<>();

    /** What one client asks for. */
    private static final class Spoken {
        final LongObjectHashMap<Carried> transactions = new LongObjectHashMap<>();
        final ArrayDeque<Unsent> unsent = new ArrayDeque<>();

        /** What programs have asked of an attached device, by its number where whole blocks are made of it. */
        final LongObjectHashMap<Unsent> entered = new LongObjectHashMap<>();

        /** By the ticket of what the client is asked for: the number there of what that is for. */
        final LongObjectHashMap<Long> madeFor = new LongObjectHashMap<>();
    }

    private record Unsent(long tag, Kind kind, long offset, long length) {
        static Unsent of(long tag, Operation operation) {
            return new Unsent(tag, operation.kind(), operation.offset(), operation.length());
        }

        boolean isSame(Unsent other) {
            return kind == other.kind && offset == other.offset && length == other.length;
        }
    }

    /** A message, and what it concerns. */
    record Heard(Event.Said said, Subject subject) {}

    /** A transaction as its first copy showed it. */
    private record Carried(Kind kind, Subject subject) {}

    /** A place on the device and an operation. */
    record Subject(Range range, long tag) {
        static final Subject NOTHING = new Subject(Moment.NOWHERE, 0);

        static Subject of(Operation operation, long tag) {
            return new Subject(new Range(operation.offset(), operation.length()), tag);
        }
    }

    /** A process began: its transactions and links are new. */
    void began(String node) {
        forget(node + "/");
        clients.remove(node);
    }

    void opened(String node, long link) {
        forget(node + "/" + link + "/");
    }

    private void forget(String prefix) {
        decoders.keySet().removeIf(key -> key.startsWith(prefix));
        unreadable.removeIf(key -> key.startsWith(prefix));
    }

    private Spoken spoken(String client) {
        return clients.computeIfAbsent(client, _ -> new Spoken());
    }

    void submitted(String client, BlockPort.Submit submitted) {
        spoken(client).unsent.add(Unsent.of(submitted.tag(), submitted.operation()));
    }

    /** An operation has come to where whole blocks are made of it: which one; 0 if that is not known. */
    long entered(String client, BlockPort.Submit submitted) {
        Spoken spoken = spoken(client);
        Unsent entering = Unsent.of(0, submitted.operation());
        for (Unsent one : spoken.unsent) {
            if (one.isSame(entering) && !spoken.entered.containsValue(one)) {
                spoken.entered.put(submitted.tag(), one);
                return one.tag();
            }
        }
        return 0;
    }

    /** What the client is asked for next, and what that is for. */
    void madeFor(String client, WholeBlocksControl.MadeFor made) {
        spoken(client).madeFor.put(made.ticket(), Long.valueOf(made.tag()));
    }

    /** The client is asked for whole blocks: for which operation, if they are not just what that one asked for. */
    OptionalLong inWholeBlocks(String client, BlockPort.Submit asked) {
        Spoken spoken = spoken(client);
        Unsent of = of(spoken, asked.tag());
        Unsent part = Unsent.of(of == null ? 0 : of.tag(), asked.operation());
        if (of == null || of.isSame(part)) {
            return OptionalLong.empty();
        }
        spoken.unsent.remove(of);
        spoken.unsent.add(part);
        return OptionalLong.of(of.tag());
    }

    private static @Nullable Unsent of(Spoken spoken, long ticket) {
        Long number = spoken.madeFor.get(ticket);
        return number == null ? null : spoken.entered.get(number);
    }

    /** For which operation the client is asked for that; 0 if that is not known. */
    long asked(String client, long ticket) {
        Unsent of = of(spoken(client), ticket);
        return of == null ? 0 : of.tag();
    }

    /** The same of what that has come to. */
    long answered(String client, long ticket) {
        long tag = asked(client, ticket);
        spoken(client).madeFor.remove(ticket);
        return tag;
    }

    /** The same of one that leaves. */
    long left(String client, BlockPort.Completed completed) {
        Unsent left = spoken(client).entered.remove(completed.tag());
        return left == null ? 0 : left.tag();
    }

    /** Which operation a transaction carries out; 0 if it is not known, or if several clients have one of that number. */
    long tag(long transaction) {
        long tag = 0;
        for (Spoken spoken : clients.values()) {
            Carried carried = spoken.transactions.get(transaction);
            if (carried != null && tag != 0) {
                return 0;
            }
            tag = carried == null ? tag : carried.subject().tag();
        }
        return tag;
    }

    /** The messages that these bytes complete. */
    List<Heard> heard(String node, String client, long link, Direction direction, ByteBuf bytes) {
        String key = node + "/" + link + "/" + direction;
        if (unreadable.contains(key)) {
            return List.of();
        }
        Decoder decoder = decoders.computeIfAbsent(key, _ -> decoder(direction));
        decoder.feed(Unpooled.copiedBuffer(bytes));
        List<Heard> heard = new ArrayList<>();
        for (Decoded next = decoder.next(); next != null; next = decoder.next()) {
            if (next instanceof Decoded.Wrong wrong) {
                heard.add(new Heard(new Event.Garbled(wrong.text()), Subject.NOTHING));
                unreadable.add(key);
                break;
            }
            Message message = (Message) next;
            heard.add(hear(spoken(client), message, newlySettled(node + "/" + client, message)));
        }
        return heard;
    }

    private static Decoder decoder(Direction direction) {
        Decoder decoder = new Decoder(direction);
        decoder.payloadMax(Integer.MAX_VALUE);
        return decoder;
    }

    /** What it calls settled and none before it did there; who ends an epoch counts anew. */
    private List<Long> newlySettled(String boundary, Message message) {
        if (message instanceof Message.Attach attach && !attach.joins()) {
            settled.remove(boundary);
        }
        if (!(message instanceof Message.Request request)) {
            return List.of();
        }
        Settled before = settled.getOrDefault(boundary, Settled.NONE);
        Settled now = request.settled();
        if (!now.newerThan(before)) {
            return List.of();
        }
        settled.put(boundary, now);
        List<Long> newly = new ArrayList<>();
        for (int i = 0; i < before.openCount(); i++) {
            if (now.contains(before.open(i))) {
                newly.add(before.open(i));
            }
        }
        long end = now.mark() + 64L * now.words();
        for (long id = Math.max(before.mark(), end - 2L * Settled.WINDOW); id < end; id++) {
            if (id > 0 && now.contains(id) && !before.contains(id)) {
                newly.add(id);
            }
        }
        return newly;
    }

    private static Heard hear(Spoken spoken, Message message, List<Long> settles) {
        return switch (message) {
            case Message.Request request -> {
                Carried carried = carried(spoken, request);
                Event.Copy copy =
                        request.replay() ? Event.Copy.REPLAY : request.resend() ? Event.Copy.RESEND : Event.Copy.FIRST;
                Event.Said said = new Event.Request(request.id(), request.kind(), copy, request.durable(), settles);
                request.payload().release();
                yield new Heard(
                        said, new Subject(range(request), carried.subject().tag()));
            }
            case Message.Answer answer -> {
                Optional<Carried> carried = Optional.ofNullable(spoken.transactions.get(answer.id()));
                Event.Said said = new Event.Answer(
                        answer.id(),
                        carried.map(Carried::kind),
                        answer.problem(),
                        answer.execution(),
                        answer.commit(),
                        Content.of(answer.payload()));
                answer.payload().release();
                yield new Heard(said, carried.map(Carried::subject).orElse(Subject.NOTHING));
            }
            default -> new Heard(new Event.Other(message), Subject.NOTHING);
        };
    }

    private static Carried carried(Spoken spoken, Message.Request request) {
        Carried known = spoken.transactions.get(request.id());
        if (known != null) {
            return known;
        }
        long tag = request.replay() ? Content.of(request.payload()).writer() : take(spoken, request);
        Carried carried = new Carried(request.kind(), new Subject(range(request), tag));
        spoken.transactions.put(request.id(), carried);
        return carried;
    }

    private static Range range(Message.Request request) {
        return new Range(request.offset(), request.length());
    }

    /** The operation that this is the first copy of: a write says so itself, any other is the oldest that looks like it. */
    private static long take(Spoken spoken, Message.Request request) {
        long stamped =
                request.kind() == Kind.WRITE ? Content.of(request.payload()).writer() : 0;
        for (Unsent operation : spoken.unsent) {
            boolean alike = stamped == 0
                    && operation.kind() == request.kind()
                    && operation.offset() == request.offset()
                    && operation.length() == request.length();
            if (alike || stamped == operation.tag()) {
                spoken.unsent.remove(operation);
                return operation.tag();
            }
        }
        return 0;
    }
}
