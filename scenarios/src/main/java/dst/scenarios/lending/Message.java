package dst.scenarios.lending;

import dst.protocol.LinkPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What guest and lender say, about one operation of the guest's. All messages have one length. */
record Message(What what, long tag) {
    private static final int BYTES = 1 + Long.BYTES;

    enum What {
        /** The guest wants it as NBD connections do. */
        BORROW,
        /** The guest wants to hold it as a client of the protocol does. */
        HOLD,
        /** The guest, an operator, wants it to have another size. */
        RESIZE,
        /** The guest has it, and wants it flushed. */
        FLUSH,
        RETURN,
        /** The guest has it. */
        GIVEN,
        DONE,
        /** The guest has it and is to send again what is not done: a new boot began. */
        AGAIN,
        /** The guest does not have it (any more), and comes again. */
        GONE,
        /** The guest has it and is to return it. */
        END
    }

    LinkPort.Send on(long link) {
        return new LinkPort.Send(
                link, Unpooled.buffer(BYTES).writeByte(what.ordinal()).writeLong(tag));
    }

    /** The whole ones of what has come in on a link so far. */
    static List<Message> in(Map<Long, ByteBuf> links, long link, ByteBuf bytes) {
        ByteBuf waiting = links.computeIfAbsent(link, _ -> Unpooled.buffer())
                .discardReadBytes()
                .writeBytes(bytes);
        List<Message> whole = new ArrayList<>();
        while (waiting.readableBytes() >= BYTES) {
            What what = What.values()[waiting.readByte()];
            whole.add(new Message(what, waiting.readLong()));
        }
        return whole;
    }

    static Function<ByteBuf, List<String>> reader() {
        Map<Long, ByteBuf> waiting = new TreeMap<>();
        return bytes -> in(waiting, 0, bytes).stream()
                .map(it -> it.what.name().toLowerCase(Locale.ROOT) + " for operation " + it.tag)
                .toList();
    }
}
