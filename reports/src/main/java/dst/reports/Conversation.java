package dst.reports;

import dst.protocol.ClientInput;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.wire.Decoded;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads along what both sides say: the bytes of each link as messages, and which operation a transaction carries out. */
final class Conversation {
    private final Map<String, Decoder> decoders = new HashMap<>();
    private final LongObjectHashMap<Carried> transactions = new LongObjectHashMap<>();
    private final ArrayDeque<Unsent> unsent = new ArrayDeque<>();
    private final Set<String> unreadable = new HashSet<>();

    private record Unsent(long tag, Kind kind, long offset, long length) {}

    /** A message in words, and what it concerns. */
    record Said(String words, Subject subject) {}

    /** A transaction as its first copy showed it. */
    private record Carried(String name, Subject subject) {}

    /** A place on the device and an operation. */
    record Subject(long offset, long length, long tag) {
        static final Subject NOTHING = new Subject(0, 0, 0);
    }

    /** A process began: its transactions and links are new. */
    void began(String node) {
        forget(node + "/");
        if (node.equals(Recording.CLIENT)) {
            transactions.clear();
            unsent.clear();
        }
    }

    void opened(String node, long link) {
        forget(node + "/" + link + "/");
    }

    private void forget(String prefix) {
        decoders.keySet().removeIf(key -> key.startsWith(prefix));
        unreadable.removeIf(key -> key.startsWith(prefix));
    }

    void submitted(ClientInput.Submitted submitted) {
        Operation operation = submitted.operation();
        unsent.add(new Unsent(submitted.tag(), operation.kind(), operation.offset(), operation.length()));
    }

    /** Which operation a transaction carries out; 0 if it is not known. */
    long tag(long transaction) {
        Carried carried = transactions.get(transaction);
        return carried == null ? 0 : carried.subject().tag();
    }

    /** The messages that these bytes complete; keepalives are left out. */
    List<Said> heard(String node, long link, Direction direction, ByteBuf bytes) {
        String key = node + "/" + link + "/" + direction;
        if (unreadable.contains(key)) {
            return List.of();
        }
        Decoder decoder = decoders.computeIfAbsent(key, _ -> decoder(direction));
        decoder.feed(Unpooled.copiedBuffer(bytes));
        List<Said> said = new ArrayList<>();
        for (Decoded next = decoder.next(); next != null; next = decoder.next()) {
            if (next instanceof Decoded.Wrong wrong) {
                said.add(new Said("bytes that are no message: " + wrong.text(), Subject.NOTHING));
                unreadable.add(key);
                break;
            }
            Said one = say((Message) next);
            if (!one.words().isEmpty()) {
                said.add(one);
            }
        }
        return said;
    }

    private static Decoder decoder(Direction direction) {
        Decoder decoder = new Decoder(direction);
        decoder.payloadMax(Integer.MAX_VALUE);
        return decoder;
    }

    private Said say(Message message) {
        return switch (message) {
            case Message.Request request -> {
                Carried carried = carried(request);
                String operation = carried.subject().tag() == 0
                        ? ""
                        : ", operation " + carried.subject().tag();
                request.payload().release();
                yield new Said(Phrases.request(request) + operation, carried.subject());
            }
            case Message.Answer answer -> {
                Carried carried = transactions.get(answer.id());
                String words =
                        Phrases.answer(answer, carried == null ? "of transaction " + answer.id() : carried.name());
                answer.payload().release();
                yield new Said(words, carried == null ? Subject.NOTHING : carried.subject());
            }
            default -> new Said(Phrases.message(message), Subject.NOTHING);
        };
    }

    private Carried carried(Message.Request request) {
        Carried known = transactions.get(request.id());
        if (known != null) {
            return known;
        }
        long tag = request.replay() ? Phrases.tag(request.payload()) : take(request);
        Carried carried =
                new Carried(Phrases.transaction(request), new Subject(request.offset(), request.length(), tag));
        transactions.put(request.id(), carried);
        return carried;
    }

    /** The operation that this is the first copy of: a write says so itself, any other is the oldest that looks like it. */
    private long take(Message.Request request) {
        long stamped = request.kind() == Kind.WRITE ? Phrases.tag(request.payload()) : 0;
        for (Unsent operation : unsent) {
            boolean alike = stamped == 0
                    && operation.kind() == request.kind()
                    && operation.offset() == request.offset()
                    && operation.length() == request.length();
            if (alike || stamped == operation.tag()) {
                unsent.remove(operation);
                return operation.tag();
            }
        }
        return 0;
    }
}
