package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.LinkPort;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Target;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A link keeps TCP's promises: what arrives is a prefix of what was sent, in order, whatever the faults. */
class PipeTest {
    /** Checks every byte against what was sent; links of the server are matched by the peer's name. */
    private static final class Prefixes implements Tap {
        private final TreeMap<Long, Long> clientLinks = new TreeMap<>();
        private final TreeMap<Long, Long> toServer = new TreeMap<>();
        private final TreeMap<Long, Long> toClient = new TreeMap<>();
        private final TreeMap<Long, Long> unsent = new TreeMap<>();
        private long bytes;
        private long largest;
        private long ones;

        @Override
        public void saw(long now, Layer layer, Object value) {
            switch (value) {
                case LinkPort.Accepted(long link, String peer, String _) ->
                    clientLinks.put(link, Long.parseLong(peer.substring(peer.lastIndexOf('/') + 1)));
                case LinkPort.Received(long link, ByteBuf piece)
                when layer.is(Layer.SERVER) -> check(toServer, clientLinks.get(link), piece);
                case LinkPort.Received(long link, ByteBuf piece) -> check(toClient, link, piece);
                case LinkPort.Send(long link, ByteBuf sent)
                when layer.is(Layer.CLIENT) -> unsent.merge(link, (long) sent.readableBytes(), Long::sum);
                case LinkPort.Sent(long link, long left)
                when layer.is(Layer.CLIENT) ->
                    assertTrue(unsent.merge(link, -left, Long::sum) >= 0, "more left than was sent");
                default -> {}
            }
        }

        private void check(TreeMap<Long, Long> positions, long link, ByteBuf piece) {
            long position = positions.getOrDefault(link, 0L);
            for (int i = piece.readerIndex(); i < piece.writerIndex(); i++) {
                assertEquals(Scripted.at(link, position), piece.getByte(i), "byte " + position + " of link " + link);
                position++;
            }
            positions.put(link, position);
            bytes += piece.readableBytes();
            largest = Math.max(largest, piece.readableBytes());
            ones += piece.readableBytes() == 1 ? 1 : 0;
        }
    }

    @Test
    void whatArrivesIsAPrefixOfWhatWasSentWhateverTheFaults() {
        long bytes = 0;
        long largest = 0;
        long ones = 0;
        for (long seed = 1; seed <= 60; seed++) {
            List<Fault> faults = new ArrayList<>(Plans.faults(seed, 12, false));
            // A second process numbers its links anew, and a flipped bit is not what was sent.
            faults.removeIf(fault -> fault.strike() instanceof Strike.Flip
                    || fault.strike() instanceof Strike.MemoryExhausted
                    || fault.strike() instanceof Strike.Crash && fault.target().equals(Target.CLIENT));
            Prefixes prefixes = new Prefixes();
            Run run = new World(Plans.of(seed, List.of(), faults), Scripted.talking(seed), prefixes).run();
            assertEquals(List.of(), run.findings(), "seed " + seed);
            bytes += prefixes.bytes;
            largest = Math.max(largest, prefixes.largest);
            ones += prefixes.ones;
        }
        assertTrue(bytes > 100_000, bytes + " bytes");
        assertTrue(largest > 1000, "the largest piece had " + largest + " bytes");
        assertTrue(ones > 10, ones + " pieces of one byte");
    }

    @Test
    void aFlippedBitIsOneBit() {
        Fault flip = new Fault(
                new Fault.When.AtMessage(Fault.Direction.TO_SERVER, 5), new Strike.Flip(Fault.Direction.TO_SERVER));
        List<Integer> flipped = new ArrayList<>();
        TreeMap<Long, Long> positions = new TreeMap<>();
        Run run = new World(Plans.of(1, List.of(), List.of(flip)), Scripted.talking(1), (now, layer, value) -> {
                    if (layer.is(Layer.SERVER) && value instanceof LinkPort.Received(long link, ByteBuf piece)) {
                        long position = positions.getOrDefault(link, 0L);
                        for (int i = piece.readerIndex(); i < piece.writerIndex(); i++) {
                            int wrong = (piece.getByte(i) ^ Scripted.at(link, position++)) & 255;
                            if (wrong != 0) {
                                flipped.add(Integer.bitCount(wrong));
                            }
                        }
                        positions.put(link, position);
                    }
                })
                .run();
        assertEquals(List.of(1), flipped);
        assertEquals(1, run.counts().struck().get("flip"));
    }
}
