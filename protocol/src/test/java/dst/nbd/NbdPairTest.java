package dst.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dst.nbd.port.Extent;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdExport;
import dst.protocol.Closing;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Replayed;
import dst.protocol.trace.Tap;
import dst.protocol.wire.CountedPages;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The client and the server together. */
class NbdPairTest {
    /** Many operations at once, each in a place of its own, so that their order does not matter. */
    private static long converse(long seed, boolean watched) {
        Prng prng = new Prng(seed);
        NbdPair pair = new NbdPair(Served.export(), prng.chance(1, 2) ? "" : "disk", seed);
        pair.watched = watched;
        return converse(pair, prng);
    }

    static long converse(NbdPair pair, Prng prng) {
        pair.run();
        assertNotNull(pair.attached);
        byte[] model = pair.media.clone();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 8; i++) {
                int offset = i << 17;
                int length = 512 * (int) (1 + prng.below(i == 0 ? 128 : 16));
                long tag = 1 + round * 10L + i;
                switch ((int) prng.below(5)) {
                    case 0 -> {
                        ByteBuf data = pair.content(length, i + round);
                        data.getBytes(0, model, offset, length);
                        pair.submit(tag, new Operation.Write(offset, data, prng.chance(1, 2)));
                    }
                    case 1 -> {
                        Arrays.fill(model, offset, offset + length, (byte) 0);
                        pair.submit(tag, new Operation.Zero(offset, length, prng.chance(1, 2)));
                    }
                    case 2 -> pair.submit(tag, new Operation.Flush());
                    case 3 -> pair.submit(tag, new Operation.Trim(offset, length));
                    default -> pair.submit(tag, new Operation.Read(offset, length));
                }
            }
            pair.toClient(new NbdClientControl.Map(100 + round, 512, 4096));
            pair.run();
            assertEquals(
                    List.of(new Extent(1, true, true), new Extent(4095, false, false)), pair.maps.get(100L + round));
        }
        for (int i = 0; i < 8; i++) {
            pair.submit(200 + i, new Operation.Read(i << 17, 64 << 10));
        }
        pair.run();
        assertEquals(24 + 8, pair.outcomes.size());
        pair.outcomes.forEach((tag, outcome) -> {
            ByteBuf data = assertInstanceOf(Outcome.Done.class, outcome).data();
            if (tag >= 200) {
                int at = (int) (tag - 200) << 17;
                byte[] read = new byte[64 << 10];
                data.getBytes(data.readerIndex(), read);
                assertEquals(0, Arrays.compare(read, Arrays.copyOfRange(model, at, at + read.length)));
            }
            data.release();
        });
        pair.toClient(new NbdClientControl.Detach());
        pair.run();
        assertEquals(Closing.of(Closing.Cause.DONE, "detached"), pair.clientClosed);
        assertEquals(Closing.of(Closing.Cause.DONE, "the peer said goodbye"), pair.serverClosed);
        assertEquals(0, pair.leaked());
        return pair.digests;
    }

    @Property(tries = 100)
    void whatIsWrittenIsReadHoweverTheBytesAreSplit(@ForAll long seed) {
        converse(seed, false);
    }

    @Property(tries = 2)
    void equalInputsMakeEqualDigestsAtEachStep(@ForAll long seed) {
        assertEquals(converse(seed, true), converse(seed, true));
    }

    @Property(tries = 20)
    void eachEndAloneGivesAgainWhatItGave(@ForAll long seed) {
        Replayed server = new Replayed(NbdPair.SERVER.node());
        Replayed client = new Replayed(NbdPair.CLIENT.node());
        Tap tap = (now, layer, value) -> (layer.equals(NbdPair.SERVER) ? server : client).saw(now, layer, value);
        converse(new NbdPair(Served.export(), "disk", seed, tap), new Prng(seed));
        CountedPages pages = new CountedPages(false);
        assertEquals(server.recorded(), server.replayedBy(new NbdServer(pages)));
        assertEquals(client.recorded(), client.replayedBy(new NbdClient(pages)));
        assertEquals(0, pages.live());
    }

    @Test
    void whatTheServerToldIsWhatTheHostGets() {
        NbdPair pair = new NbdPair(Served.export(Permission.READ, 512, NbdExport.MAP | NbdExport.MULTI), "disk", 1);
        pair.run();
        NbdExport told = pair.attached;
        assertNotNull(told);
        assertEquals(NbdExport.MAP | NbdExport.MULTI | NbdExport.FLUSH, told.features());
        assertEquals(Permission.READ, told.device().permission());
        assertEquals(Served.SIZE, told.device().size());
        assertEquals(512, told.minimumBlock());
        assertEquals(64 << 10, told.largestTransfer());
    }

    @Test
    void operationThatTheExportCannotDoIsRefusedWithoutAsking() {
        NbdPair pair = new NbdPair(Served.export(Permission.BOTH, 512, 0), "disk", 1);
        pair.submit(1, new Operation.Flush());
        pair.run();
        pair.submit(2, new Operation.Read(1, 512));
        pair.submit(3, new Operation.Read(Served.SIZE, 512));
        pair.submit(4, new Operation.Read(0, 65 << 10));
        pair.submit(5, new Operation.Trim(0, 512));
        pair.submit(6, new Operation.Write(0, pair.content(512, 1), true));
        List<Problem> problems = pair.outcomes.values().stream()
                .map(outcome -> assertInstanceOf(Outcome.Refused.class, outcome).problem())
                .toList();
        assertEquals(
                List.of(
                        Problem.NOT_READY,
                        Problem.NOT_ALIGNED,
                        Problem.OUT_OF_RANGE,
                        Problem.TOO_LARGE,
                        Problem.NOT_SUPPORTED,
                        Problem.NOT_SUPPORTED),
                problems);
        assertEquals(0, pair.leaked());
    }

    @Test
    void exportThatIsNotThereIsRefused() {
        NbdPair pair = new NbdPair(Served.export(), "another", 1);
        pair.run();
        assertNotNull(pair.clientClosed);
        assertEquals(Closing.Cause.REFUSED, pair.clientClosed.cause());
    }

    @Test
    void whatFliesIsUnknownWhenTheConnectionGoes() {
        NbdPair pair = new NbdPair(Served.export(), "disk", 1);
        pair.run();
        pair.submit(1, new Operation.Write(0, pair.content(1024, 1), false));
        pair.submit(2, new Operation.Read(0, 1024));
        pair.toClient(new LinkPort.Closed(1, "reset"));
        assertInstanceOf(Outcome.Unknown.class, pair.outcomes.get(1L));
        assertInstanceOf(Outcome.Unknown.class, pair.outcomes.get(2L));
        assertNotNull(pair.clientClosed);
        assertEquals(0, pair.leaked());
    }

    @Test
    void whatWaitsIsRefusedWhenTheConnectionGoesForItWasNeverSent() {
        NbdPair pair = new NbdPair(Served.export(), "disk", 1);
        pair.run();
        for (int i = 0; i < Flights.FLIGHTS_MAX + 1; i++) {
            pair.submit(i, new Operation.Write(0, pair.content(512, 1), false));
        }
        pair.toClient(new LinkPort.Closed(1, "reset"));
        assertInstanceOf(Outcome.Unknown.class, pair.outcomes.get(Flights.FLIGHTS_MAX - 1L));
        assertInstanceOf(Outcome.Refused.class, pair.outcomes.get((long) Flights.FLIGHTS_MAX));
        assertEquals(0, pair.leaked());
    }
}
