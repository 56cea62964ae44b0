package dst.scenarios.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.LinkPort;
import dst.protocol.Machines;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Message;
import dst.reports.Verdict;
import dst.scenarios.library.Library;
import dst.sim.Plan;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HostProgramsTest {
    private static final Library LIBRARY = new Library();

    @Test
    void aProgramThatDoesNotExistIsToldByItsName() {
        Machines programs = new HostPrograms(new PresentOnly(), LIBRARY.versions());

        assertEquals(
                "there is no program past",
                assertThrows(IllegalArgumentException.class, () -> programs.variant("past"))
                        .getMessage());
    }

    @Test
    void aNewerClientOffersMoreVersionsAndMoreToAgreeOn() {
        Seen seen = new Seen();
        Plan plan = LIBRARY.scenario("new-client-old-server").plan(0);
        assertEquals("newer", plan.nodes().getFirst().host().program());

        Trial trial = new SystemUnderTest(LIBRARY, Optional.empty()).run(plan, Optional.empty(), seen);

        assertEquals(Verdict.HOLDS, trial.judgement().verdict());
        assertTrue(seen.messages.contains(new Message.Preamble(1, 9)), seen.messages::toString);
        Message.Hello hello = seen.hello();
        assertTrue(hello.offer().features() > 7 && hello.offer().checksums() > 1, hello::toString);
        assertTrue(seen.longest > new Seen().length(hello), "attributes that nobody knows");
    }

    @Test
    void anOlderClientOffersLess() {
        Seen seen = new Seen();
        Plan plan = LIBRARY.scenario("old-client-new-server").plan(1);
        assertEquals("older", plan.nodes().getFirst().host().program());

        new SystemUnderTest(LIBRARY, Optional.empty()).run(plan, Optional.empty(), seen);

        assertEquals(1, seen.hello().offer().features());
    }

    /** What the first link's client says first. */
    private static final class Seen implements Tap {
        final List<Message> messages = new ArrayList<>();
        int longest;
        private final Decoder decoder = new Decoder(Direction.TO_SERVER);

        @Override
        public void saw(long now, Layer layer, Object value) {
            if (layer.is(Layer.CLIENT)
                    && value instanceof LinkPort.Send(long link, ByteBuf bytes)
                    && link == 1
                    && messages.size() < 2) {
                longest = Math.max(longest, bytes.readableBytes());
                decoder.feed(bytes.copy());
                while (messages.size() < 2 && decoder.next() instanceof Message message) {
                    messages.add(message);
                }
            }
        }

        Message.Hello hello() {
            return (Message.Hello) messages.get(1);
        }

        int length(Message.Hello hello) {
            ByteBuf bytes =
                    new dst.protocol.wire.Encoder(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT).encode(hello);
            try {
                return bytes.readableBytes();
            } finally {
                bytes.release();
            }
        }
    }

    /** Machines that nothing is asked of. */
    private static final class PresentOnly implements Machines {
        @Override
        public dst.protocol.Machine client(
                dst.protocol.ClientSettings settings, io.netty.buffer.ByteBufAllocator pages) {
            throw new UnsupportedOperationException();
        }

        @Override
        public dst.protocol.Machine server(
                dst.protocol.ServerSettings settings, io.netty.buffer.ByteBufAllocator pages) {
            throw new UnsupportedOperationException();
        }
    }
}
