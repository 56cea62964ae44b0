package dst.sim.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Decoded;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class LiesTest {
    private static final int LIES = 4_000;
    private static final Agreement AGREEMENT =
            new Agreement(1, Terms.DEFAULT, new Device(new Unique(1, 2), 1 << 20, 512, Permission.BOTH));
    private static final Boot BOOT = new Boot(3, new Unique(5, 6));
    private static final Holder HOLDER = new Holder(2, new Unique(7, 8));

    private final Encoder encoder = new Encoder(UnpooledByteBufAllocator.DEFAULT);
    private final Overheard overheard = overheard();
    private int messages;
    private final Set<String> rules = new TreeSet<>();

    @Test
    void mostOfWhatAClientLiesIsWellFramedAndSomeOfItBreaksARuleByItself() {
        ClientLies lies = new ClientLies(new Prng(1), overheard);
        for (int i = 0; i < LIES; i++) {
            hear(Direction.TO_SERVER, i % 4 == 0 ? afterPreamble(lies) : lies.next());
        }

        assertTrue(messages > LIES / 2, () -> messages + " messages");
        assertTrue(rules.containsAll(Set.of("H1", "H2", "R1")), rules::toString);
    }

    @Test
    void mostOfWhatAServerLiesIsWellFramedAndSomeOfItBreaksARuleByItself() {
        ServerLies lies = new ServerLies(new Prng(1), overheard);
        for (int i = 0; i < LIES; i++) {
            hear(Direction.TO_CLIENT, lies.next());
        }

        assertTrue(messages > LIES / 2, () -> messages + " messages");
        assertTrue(rules.containsAll(Set.of("H1", "R1")), rules::toString);
    }

    @Test
    void nothingIsSaidOfWhatWasNeverOverheard() {
        ClientLies lies = new ClientLies(new Prng(1), new Overheard());
        for (int i = 0; i < LIES; i++) {
            hear(Direction.TO_SERVER, lies.next());
        }
        assertTrue(messages > 0);
    }

    /** First words come with a preamble of their own, which a link has once. */
    private static ByteBuf afterPreamble(ClientLies lies) {
        ByteBuf words = lies.firstWords();
        return words.readableBytes() > 100 ? words.skipBytes(16) : words;
    }

    private void hear(Direction direction, ByteBuf bytes) {
        Decoder decoder = new Decoder(direction);
        decoder.payloadMax(1 << 20);
        decoder.feed(encoder.encode(new Message.Preamble(1, 1)));
        assertEquals(new Message.Preamble(1, 1), decoder.next());
        decoder.feed(bytes);
        for (Decoded decoded = decoder.next(); decoded != null; decoded = decoder.next()) {
            if (decoded instanceof Decoded.Wrong wrong) {
                rules.add(wrong.rule());
                break;
            }
            messages++;
            if (decoded instanceof Message.Request request) {
                request.payload().release();
            } else if (decoded instanceof Message.Answer answer) {
                answer.payload().release();
            }
        }
        decoder.discard();
    }

    private Overheard overheard() {
        Overheard all = new Overheard();
        all.opened(1);
        say(all, Direction.TO_SERVER, new Message.Preamble(1, 1));
        say(
                all,
                Direction.TO_SERVER,
                new Message.Hello("archive", HOLDER.token(), 0, 1, Terms.DEFAULT, Holder.NOBODY, Unique.NONE));
        say(all, Direction.TO_SERVER, new Message.Attach(AGREEMENT, 1, false));
        say(
                all,
                Direction.TO_SERVER,
                new Message.Request(9, Kind.READ, 0, 512, 512, 2, BOOT, Settled.NONE, 0, Unpooled.EMPTY_BUFFER));
        say(all, Direction.TO_CLIENT, new Message.Preamble(1, 1));
        say(all, Direction.TO_CLIENT, new Message.Welcome(AGREEMENT, BOOT, BootCause.STARTED, 1, false));
        say(all, Direction.TO_CLIENT, new Message.Attached(AGREEMENT, HOLDER, BOOT, false));
        say(all, Direction.TO_CLIENT, new Message.Answer(8, Problem.NONE, 2, BOOT, 4, 1, Unpooled.EMPTY_BUFFER));
        assertEquals(9, all.request == null ? 0 : all.request.id());
        assertEquals(8, all.answer == null ? 0 : all.answer.id());
        return all;
    }

    private void say(Overheard all, Direction direction, Message message) {
        ByteBuf bytes = encoder.encode(message);
        all.listen(direction, 1, bytes);
        bytes.release();
    }
}
