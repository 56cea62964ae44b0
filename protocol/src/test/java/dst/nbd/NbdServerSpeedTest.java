package dst.nbd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * How many commands of 4 KiB the machine alone gets through on one core: what arrives is parsed, submitted, completed and answered.
 * -Ddst.nbd.commands says how many; the few of every build show that no content is copied through the heap, and only tell how fast it is.
 */
class NbdServerSpeedTest {
    private static final int COMMANDS = Integer.getInteger("dst.nbd.commands", 20_000);
    private static final int BLOCK = 4096;
    private static final int AT_ONCE = 14;
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final List<Signal> outputs = new ArrayList<>();
    private final ByteBuf content = Unpooled.directBuffer(BLOCK).writeZero(BLOCK);

    @Test
    void readsAreHandledWithoutCopies() {
        run("read", Served.request(Command.READ.number, 7, 8192, BLOCK).array(), true);
    }

    @Test
    void writesAreHandledWithoutCopies() {
        byte[] write = Served.bytes()
                .and(Served.request(Command.WRITE.number, 7, 8192, BLOCK))
                .bytes(new byte[BLOCK])
                .array();
        run("write", write, false);
    }

    private void run(String name, byte[] command, boolean read) {
        NbdServer server = new NbdServer(PooledByteBufAllocator.DEFAULT);
        step(server, new NbdServerControl.Accepted(1, "peer", List.of(Served.export()), NbdServer.PAYLOAD_MAX));
        step(
                server,
                new LinkPort.Received(
                        1, Unpooled.wrappedBuffer(Served.bytes().number(3).array())));
        step(
                server,
                new LinkPort.Received(
                        1,
                        Unpooled.wrappedBuffer(
                                Served.option(Nbd.GO, Served.name("disk")).array())));
        step(server, new NbdServerControl.Opened(Served.export()));
        ByteBuf many = Unpooled.directBuffer(command.length * AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++) {
            many.writeBytes(command);
        }
        double best = 0;
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long allocated = MEMORY.getCurrentThreadAllocatedBytes();
            long begun = System.nanoTime();
            long done = 0;
            while (done < COMMANDS) {
                done += once(server, many, read);
            }
            best = Math.max(best, done * 1e9 / (System.nanoTime() - begun));
            least = Math.min(least, (MEMORY.getCurrentThreadAllocatedBytes() - allocated) / done);
        }
        many.release();
        System.out.printf(
                Locale.ROOT, "NBD %s of %d bytes: %.0f a second, %d bytes of heap each%n", name, BLOCK, best, least);
        assertTrue(least < BLOCK, "each took " + least + " bytes of heap");
    }

    /** One buffer arrives, and everything in it is done and answered. */
    private int once(NbdServer server, ByteBuf many, boolean read) {
        outputs.clear();
        server.step(0, new LinkPort.Received(1, many.retainedDuplicate()), outputs);
        List<BlockPort.Submit> submits = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            switch (outputs.get(i)) {
                case BlockPort.Ask(int _, BlockPort.Submit submit) -> submits.add(submit);
                case NbdServerControl.Wants(long bytes) -> server.step(0, new NbdServerControl.Granted(bytes), outputs);
                default -> {}
            }
        }
        long sent = 0;
        for (BlockPort.Submit submit : submits) {
            if (submit.operation() instanceof Operation.Write write) {
                write.data().release();
            }
            outputs.clear();
            ByteBuf data = read ? content.retainedDuplicate() : Unpooled.EMPTY_BUFFER;
            server.step(
                    0, new BlockPort.Heard(0, new BlockPort.Completed(submit.tag(), new Outcome.Done(data))), outputs);
            for (Signal output : outputs) {
                if (output instanceof LinkPort.Send(long _, ByteBuf bytes)) {
                    sent += bytes.readableBytes();
                    bytes.release();
                }
            }
        }
        outputs.clear();
        server.step(0, new LinkPort.Sent(1, sent), outputs);
        return submits.size();
    }

    private void step(NbdServer server, Signal input) {
        outputs.clear();
        server.step(0, input, outputs);
        for (Signal output : outputs) {
            if (output instanceof LinkPort.Send send) {
                send.bytes().release();
            }
        }
    }
}
