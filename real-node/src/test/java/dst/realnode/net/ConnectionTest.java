package dst.realnode.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    private final List<String> heard = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Connection connection = new Connection(channel, new Listener());
    private String last = "";
    private boolean hearsOut;

    private final class Listener implements Connection.Listener {
        @Override
        public void received(ByteBuf bytes) {
            String text = bytes.toString(StandardCharsets.US_ASCII);
            bytes.release();
            heard.add(text);
            if (text.equals(last)) {
                connection.close();
            }
        }

        @Override
        public void receivedAll() {
            heard.add("all");
        }

        @Override
        public void sent(long bytes) {}

        @Override
        public boolean ended() {
            heard.add("ended");
            return hearsOut;
        }

        @Override
        public void closed(String reason) {
            heard.add("closed");
        }
    }

    private void arrives(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    @Test
    void whoIsToldOfBytesIsToldThatTheyWereAllAlsoIfHeEndsTheConnection() {
        connection.begin();
        last = "bye";
        arrives("hello");
        arrives("bye");
        assertEquals(List.of("hello", "all", "bye", "all"), heard);
    }

    @Test
    void whatWasHeldBackIsToldWithItsEnd() {
        connection.begin();
        connection.reading(false);
        arrives("late");
        assertEquals(List.of(), heard);
        connection.reading(true);
        assertEquals(List.of("late", "all"), heard);
        channel.close();
        assertEquals(List.of("late", "all", "closed"), heard);
    }

    @Test
    void endOfThePeersDirectionIsToldAfterAllThatItSaid() {
        hearsOut = true;
        connection.begin();
        connection.reading(false);
        arrives("late");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertEquals(List.of(), heard);
        connection.reading(true);
        assertEquals(List.of("late", "all", "ended"), heard);
        connection.send(Unpooled.copiedBuffer("answer", StandardCharsets.US_ASCII));
        connection.flush();
        ByteBuf said = channel.readOutbound();
        assertEquals("answer", said.toString(StandardCharsets.US_ASCII));
        said.release();
        channel.close();
        assertEquals(List.of("late", "all", "ended", "closed"), heard);
    }

    @Test
    void endOfThePeersDirectionIsTheEndForWhoeverHasNothingMoreToSay() {
        connection.begin();
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertEquals(List.of("ended", "closed"), heard);
    }
}
