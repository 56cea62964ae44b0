package dst.protocol.client;

import dst.protocol.wire.Decoded;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a client was heard to say, link by link; its payloads are kept until the end. */
final class HeardMessages {
    final Map<Long, List<Message>> heard = new TreeMap<>();
    private final Map<Long, Decoder> decoders = new LinkedHashMap<>();

    void hear(long link, ByteBuf bytes) {
        Decoder decoder = decoders.computeIfAbsent(link, any -> new Decoder(Direction.TO_SERVER));
        decoder.payloadMax(1 << 20);
        decoder.feed(bytes);
        for (Decoded decoded = decoder.next(); decoded != null; decoded = decoder.next()) {
            if (!(decoded instanceof Message message)) {
                throw new AssertionError("the client said " + decoded);
            }
            heard.computeIfAbsent(link, any -> new ArrayList<>()).add(message);
        }
    }

    void discard() {
        decoders.values().forEach(Decoder::discard);
        for (List<Message> messages : heard.values()) {
            for (Message message : messages) {
                if (message instanceof Message.Request request) {
                    request.payload().release();
                }
            }
        }
        heard.clear();
    }
}
