package dst.protocol.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.LinkPort;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TraceTest {
    @Property(tries = 100)
    void whatIsWrittenIsReadBack(@ForAll long seed) {
        List<Read.Seen> seen = everything(seed);
        TraceReader reader = new TraceReader(written(seen));
        for (Read.Seen expected : seen) {
            Read read = reader.next();
            assertTrue(read != null && AnyValue.same(expected, read), () -> expected + " and " + read);
        }
        assertNull(reader.next());
        assertEquals("client", reader.node());
    }

    @Property(tries = 30)
    void anInterruptedTraceGivesWhatIsWholeAndThenSaysWhere(@ForAll long seed) {
        List<Read.Seen> seen = everything(seed);
        byte[] bytes = written(seen);
        int length = new Random(seed).nextInt(bytes.length);
        List<Read> read = readAll(Arrays.copyOf(bytes, length));
        for (int i = 0; i < read.size(); i++) {
            if (read.get(i) instanceof Read.Damaged damaged) {
                assertEquals(read.size() - 1, i);
                assertTrue(damaged.at() <= length);
            } else {
                assertTrue(AnyValue.same(seen.get(i), read.get(i)));
            }
        }
    }

    @Property(tries = 200)
    void aFlippedByteIsFoundAndNothingThatFollowsIsBelieved(@ForAll long seed) {
        List<Read.Seen> seen = everything(seed);
        byte[] bytes = written(seen);
        Random random = new Random(seed);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        List<Read> read = readAll(bytes);
        assertInstanceOf(Read.Damaged.class, read.get(read.size() - 1));
        for (int i = 0; i < read.size() - 1; i++) {
            assertTrue(AnyValue.same(seen.get(i), read.get(i)));
        }
    }

    @Property(tries = 300)
    void hostileBytesWithGoodChecksumsAreDamageAndNeverAnException(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] body = new byte[random.nextInt(60)];
        random.nextBytes(body);
        if (body.length > 3) {
            body[0] = 2;
            int kind = 2 * (0x100 * (1 + random.nextInt(5)) + random.nextInt(12));
            body[1] = (byte) (kind | 0x80);
            body[2] = (byte) (kind >> 7);
        }
        byte[] head = unended(List.of());
        byte[] bytes = Arrays.copyOf(head, head.length + 8 + body.length);
        int sum = new ByteSum().of(body);
        for (int i = 0; i < 4; i++) {
            bytes[head.length + i] = (byte) (body.length >>> (24 - 8 * i));
            bytes[head.length + 4 + i] = (byte) (sum >>> (24 - 8 * i));
        }
        System.arraycopy(body, 0, bytes, head.length + 8, body.length);
        readAll(bytes);
    }

    @Property(tries = 200)
    void aTraceThatIsCutAnywhereIsDamaged(@ForAll long seed) {
        byte[] whole = written(everything(seed));
        int length = new Random(seed).nextInt(whole.length);
        assertInstanceOf(
                Read.Damaged.class, readAll(Arrays.copyOf(whole, length)).getLast());
    }

    @Test
    void aTraceThatIsCutBetweenTwoValuesHasNoEnd() {
        byte[] cut = unended(everything(1));
        Read.Damaged damaged = assertInstanceOf(Read.Damaged.class, readAll(cut).getLast());
        assertEquals(
                new Read.Damaged("it has no end: whoever wrote it was killed, or it was cut", cut.length), damaged);
    }

    @Test
    void whatStandsBehindTheEndIsDamage() {
        byte[] one = written(everything(1));
        byte[] two = Arrays.copyOf(one, one.length + 5);
        assertEquals(
                new Read.Damaged("there are more bytes behind its end", one.length),
                readAll(two).getLast());
    }

    @Test
    void anEndThatCountsOtherwiseIsDamage() {
        byte[] none = written(List.of());
        byte[] one = unended(List.of(new Read.Seen(4, Layer.client("client"), new WorldEvent.ProcessStarted())));
        byte[] joined = Arrays.copyOf(one, one.length + 11);
        System.arraycopy(none, none.length - 11, joined, one.length, 11);
        assertEquals(
                new Read.Damaged("the end says that 0 values stand before it, and there are 1", one.length),
                readAll(joined).getLast());
    }

    @Test
    void aForeignFileIsNamedAsOne() {
        byte[] foreign = new byte[100];
        assertEquals(List.of(new Read.Damaged("this is no trace", 0)), readAll(foreign));
        assertEquals(List.of(new Read.Damaged("this is no trace", 0)), readAll(new byte[0]));
    }

    @Test
    void valuesOfOtherNodesArePassedOver() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceWriter writer = new TraceWriter("client", out::write);
        writer.saw(3, Layer.server("server"), new WorldEvent.PowerCut());
        writer.saw(4, Layer.client("client"), new WorldEvent.ProcessStarted());
        writer.end();
        assertEquals(
                List.of(new Read.Seen(4, Layer.client("client"), new WorldEvent.ProcessStarted())),
                readAll(out.toByteArray()));
    }

    @Test
    void aTypeThatIsNotKnownOrHasOtherFieldsIsNamed() {
        byte[] opened = written(List.of(new Read.Seen(4, Layer.client("client"), new LinkPort.Opened(1))));
        assertEquals("values of the type LinkPort.Opened, which are not known here", damage(opened, List.of()));
        assertEquals(
                "LinkPort.Opened had the fields (long link) when this was written, and has (int link, boolean again) now",
                damage(opened, List.of(dst.protocol.trace.older.LinkPort.class)));
    }

    @Test
    void aTypeWithinAnotherThatHasOtherFieldsIsNamedToo() {
        byte[] kept = written(List.of(new Read.Seen(
                4,
                Layer.client("client"),
                new dst.protocol.trace.older.DurablePort.Kept(
                        "disk", new dst.protocol.trace.older.DurablePort.Holder(1, false)))));
        String what =
                assertInstanceOf(Read.Damaged.class, readAll(kept).getLast()).what();
        assertTrue(
                what.startsWith("DurablePort.Kept had the fields (String export, Holder(long epoch, boolean clean)"),
                what);
    }

    @Test
    void whatIsNotOfItsTypeIsNotRead() {
        byte[] misled = written(List.of(new Read.Seen(
                4,
                Layer.client("client"),
                new dst.protocol.trace.older.BlockPort.Submit(1, new dst.protocol.trace.older.BlockPort.Copied(2)))));
        assertEquals(
                "BlockPort.Copied where one of Operation belongs",
                assertInstanceOf(Read.Damaged.class, readAll(misled).getLast()).what());
    }

    private static String damage(byte[] trace, List<Class<?>> families) {
        ByteArrayInputStream bytes = new ByteArrayInputStream(trace);
        TraceReader reader = new TraceReader(bytes::readNBytes, new Vocabulary(families));
        return assertInstanceOf(Read.Damaged.class, reader.next()).what();
    }

    private static List<Read.Seen> everything(long seed) {
        Random random = new Random(seed);
        List<Read.Seen> seen = new ArrayList<>();
        long now = 0;
        for (Class<?> type : AnyValue.types()) {
            now += random.nextInt(1 << 30);
            seen.add(new Read.Seen(now, Layer.client("client"), AnyValue.of(type, random)));
        }
        return seen;
    }

    private static byte[] written(List<Read.Seen> seen) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceWriter writer = new TraceWriter("client", out::write);
        seen.forEach(it -> writer.saw(it.now(), it.layer(), it.value()));
        writer.end();
        return out.toByteArray();
    }

    /** The same, of a process that was killed. */
    private static byte[] unended(List<Read.Seen> seen) {
        byte[] ended = written(seen);
        // Length, checksum, time, kind, and how many values there are.
        int length = 8 + 1 + 1 + (seen.size() < 64 ? 1 : 2);
        return Arrays.copyOf(ended, ended.length - length);
    }

    private static List<Read> readAll(byte[] bytes) {
        List<Read> all = new ArrayList<>();
        TraceReader reader = new TraceReader(bytes);
        for (Read read = reader.next(); read != null; read = reader.next()) {
            all.add(read);
        }
        return all;
    }
}
