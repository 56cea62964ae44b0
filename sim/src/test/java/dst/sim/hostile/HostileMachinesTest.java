package dst.sim.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HostileMachinesTest {
    private static final long LINK = 1;
    private static final int STEPS = 3_000;

    private final List<ByteBuf> handedOver = new ArrayList<>();

    @Test
    void itKeepsToTheProtocolForAWhileAndThenDoesNot() {
        List<String> said = sendings(7);

        assertEquals(ping(1), said.get(0));
        assertEquals(ping(2), said.get(1));
        assertEquals(ping(3), said.get(2));
        assertFalse(said.equals(honest(said.size())), "in the end it has to lie");
    }

    @Test
    void itsWayIsAFunctionOfItsSeed() {
        assertEquals(sendings(7), sendings(7));
        assertFalse(sendings(7).equals(sendings(8)));
    }

    @Test
    void afterSoManyDeedsItDropsItsLinksAndIsHonestAgain() {
        Machine machine = started(7);
        List<Signal> outbox = new ArrayList<>();
        for (int i = 1; i <= STEPS; i++) {
            machine.step(i, new Control.TimerFired(), outbox);
        }
        assertTrue(outbox.stream()
                .anyMatch(output -> output instanceof LinkPort.Close(long link, var _) && link == LINK));
        release(outbox);
        outbox.clear();
        machine.step(STEPS, new LinkPort.Opened(2), outbox);
        machine.step(STEPS, new Control.TimerFired(), outbox);

        assertEquals(1, outbox.size(), outbox::toString);
        release(outbox);
        machine.discard();
    }

    @Test
    void whoIsAskedToLeaveIsHonestAtOnce() {
        Machine machine = started(7);
        List<Signal> outbox = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            machine.step(i, new Control.TimerFired(), outbox);
        }
        release(outbox);
        outbox.clear();
        machine.step(101, new ClientControl.Detach(1), outbox);
        outbox.removeIf(output -> output instanceof LinkPort.Close);

        assertEquals(1, outbox.size(), outbox::toString);
        release(outbox);
        machine.discard();
    }

    /** A hostile machine's host is not hostile: what it was given for a sending is given back, said or swallowed. */
    @Test
    void everyBufferIsSaidOrGivenBack() {
        Machine machine = started(3);
        List<Signal> outbox = new ArrayList<>();
        for (int i = 1; i <= STEPS; i++) {
            machine.step(i, new Control.TimerFired(), outbox);
        }
        release(outbox);
        machine.discard();

        assertEquals(0, handedOver.stream().filter(bytes -> bytes.refCnt() > 0).count());
    }

    private List<String> sendings(long seed) {
        Machine machine = started(seed);
        List<Signal> outbox = new ArrayList<>();
        for (int i = 1; i <= 300; i++) {
            machine.step(i, new Control.TimerFired(), outbox);
        }
        List<String> said = new ArrayList<>();
        for (Signal output : outbox) {
            if (output instanceof LinkPort.Send(long _, ByteBuf bytes)) {
                said.add(ByteBufUtil.hexDump(bytes));
            }
        }
        release(outbox);
        machine.discard();
        return said;
    }

    private static List<String> honest(int count) {
        List<String> said = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            said.add(ping(i));
        }
        return said;
    }

    private static String ping(long nonce) {
        ByteBuf bytes = new Encoder(UnpooledByteBufAllocator.DEFAULT).encode(new Message.Ping(nonce));
        String text = ByteBufUtil.hexDump(bytes);
        bytes.release();
        return text;
    }

    private static void release(List<Signal> outbox) {
        outbox.forEach(output -> {
            if (output instanceof LinkPort.Send(long _, ByteBuf bytes)) {
                bytes.release();
            }
        });
    }

    private Machine started(long seed) {
        Machine machine =
                new HostileMachines(new Pinging()).client(ClientSettings.of("disk"), UnpooledByteBufAllocator.DEFAULT);
        List<Signal> none = new ArrayList<>();
        machine.step(0, new Control.Started(Unique.NONE, seed), none);
        machine.step(0, new LinkPort.Opened(LINK), none);
        assertEquals(List.of(), none);
        return machine;
    }

    /** Says a ping on its newest link whenever its timer fires, or it is asked to leave. */
    private final class Pinging implements Machines {
        @Override
        public Machine client(ClientSettings settings, ByteBufAllocator pages) {
            return new Machine() {
                private long link;
                private long nonce;

                @Override
                public void step(long now, Signal input, List<? super Signal> outbox) {
                    if (input instanceof LinkPort.Opened(long opened)) {
                        link = opened;
                    } else if (input instanceof Control.TimerFired || input instanceof ClientControl.Detach) {
                        ByteBuf bytes = Unpooled.buffer();
                        ByteBuf ping = new Encoder(UnpooledByteBufAllocator.DEFAULT).encode(new Message.Ping(++nonce));
                        bytes.writeBytes(ping);
                        ping.release();
                        handedOver.add(bytes);
                        outbox.add(new LinkPort.Send(link, bytes));
                    }
                }

                @Override
                public long nextDeadline() {
                    return NEVER;
                }

                @Override
                public long digest() {
                    return nonce;
                }

                @Override
                public void discard() {}
            };
        }

        @Override
        public Machine server(ServerSettings settings, ByteBufAllocator pages) {
            throw new UnsupportedOperationException();
        }
    }
}
