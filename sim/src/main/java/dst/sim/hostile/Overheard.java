package dst.sim.hostile;

import dst.protocol.wire.Decoded;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** What was said on all links, as far as lies are made of it: the newest message of each kind, and some whole sendings. */
final class Overheard {
    private static final int PAYLOAD_MAX = 1 << 20;
    private static final int SENDINGS_MAX = 24;

    private final LongObjectHashMap<Decoder> toServer = new LongObjectHashMap<>();
    private final LongObjectHashMap<Decoder> toClient = new LongObjectHashMap<>();
    private final ArrayList<ByteBuf> sendings = new ArrayList<>();
    Message.@Nullable Hello hello;
    Message.@Nullable Welcome welcome;
    Message.@Nullable Attach attach;
    Message.@Nullable Attached attached;
    Message.@Nullable Request request;
    Message.@Nullable Answer answer;

    void opened(long link) {
        toServer.put(link, new Decoder(Direction.TO_SERVER));
        toClient.put(link, new Decoder(Direction.TO_CLIENT));
    }

    void closed(long link) {
        discard(toServer.remove(link));
        discard(toClient.remove(link));
    }

    private static void discard(@Nullable Decoder decoder) {
        if (decoder != null) {
            decoder.discard();
        }
    }

    /** Listens to what is said; the bytes stay the caller's. */
    void listen(Direction direction, long link, ByteBuf bytes) {
        Decoder decoder = (direction == Direction.TO_SERVER ? toServer : toClient).get(link);
        if (decoder == null) {
            return;
        }
        decoder.payloadMax(PAYLOAD_MAX);
        decoder.feed(copy(bytes));
        for (Decoded next = decoder.next(); next instanceof Message message; next = decoder.next()) {
            note(message);
        }
    }

    private void note(Message message) {
        switch (message) {
            case Message.Hello it -> hello = it;
            case Message.Welcome it -> welcome = it;
            case Message.Attach it -> attach = it;
            case Message.Attached it -> attached = it;
            case Message.Request it -> {
                it.payload().release();
                request = it;
            }
            case Message.Answer it -> {
                it.payload().release();
                answer = it;
            }
            default -> {} // Whatever else there may be: no lies are made of it.
        }
    }

    /** Keeps a sending of this side, to be said again some time. */
    void keep(ByteBuf bytes, long luck) {
        if (sendings.size() < SENDINGS_MAX) {
            sendings.add(copy(bytes));
        } else {
            sendings.set((int) Long.remainderUnsigned(luck, SENDINGS_MAX), copy(bytes));
        }
    }

    /** One of those, in memory of its own; empty if there is none. */
    ByteBuf earlier(long luck) {
        return sendings.isEmpty()
                ? Unpooled.EMPTY_BUFFER
                : copy(sendings.get((int) Long.remainderUnsigned(luck, sendings.size())));
    }

    /** A hostile machine's own memory is its own affair: it is not its host's. */
    static ByteBuf copy(ByteBuf bytes) {
        return Unpooled.copiedBuffer(bytes);
    }

    void discard() {
        toServer.values().forEach(Decoder::discard);
        toClient.values().forEach(Decoder::discard);
    }
}
