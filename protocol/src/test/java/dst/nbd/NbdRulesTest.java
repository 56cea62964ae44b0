package dst.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.nbd.rules.NbdJudge;
import dst.protocol.BlockPort;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.referee.Limits;
import dst.protocol.referee.Referee;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A server that does as it should is not accused, whatever is said; with one lie in what is seen of it, it is. */
class NbdRulesTest {
    /** What is seen in the place of that. */
    private interface Lie extends Function<Object, List<?>> {}

    private static Set<String> found(long seed, Lie lie) {
        Referee judge = new Referee(
                Limits.UNKNOWN, Map.of(NbdServerControl.KIND, charges -> new NbdJudge(Side.CLIENT, charges)));
        NbdPair pair = new NbdPair(
                Served.export(),
                "disk",
                seed,
                (now, layer, value) -> lie.apply(value).forEach(one -> judge.saw(now, layer, one)));
        NbdPairTest.converse(pair, new Prng(seed));
        Set<String> rules = new TreeSet<>();
        judge.findings().forEach(finding -> {
            assertEquals(Side.CLIENT, finding.side());
            rules.add(finding.rule().name());
        });
        return rules;
    }

    private static void assertFound(String rule, Lie lie) {
        Set<String> found = found(1, lie);
        assertTrue(found.contains(rule), () -> rule + " is not among " + found);
    }

    @Property(tries = 50)
    void anHonestServerIsNotAccused(@ForAll long seed) {
        assertEquals(Set.of(), found(seed, List::of));
    }

    @Test
    void anAnswerThatIsGivenTwice() {
        assertFound(
                "G5",
                value -> value instanceof LinkPort.Send send && isSimpleReply(send.bytes())
                        ? List.of(value, value)
                        : List.of(value));
    }

    private static boolean isSimpleReply(ByteBuf bytes) {
        return bytes.readableBytes() >= Nbd.SIMPLE_BYTES && bytes.getInt(bytes.readerIndex()) == Nbd.SIMPLE_MAGIC;
    }

    @Test
    void anAnswerBeforeTheDeviceHasDoneIt() {
        assertFound("T4", value -> value instanceof BlockPort.Heard ? List.of() : List.of(value));
    }

    @Test
    void anAnswerAsIfItWereDurable() {
        assertFound(
                "T4",
                value -> value
                                instanceof
                                BlockPort.Ask(
                                        int device,
                                        BlockPort.Submit(
                                                long tag,
                                                Operation.Write(long offset, ByteBuf data, boolean _)))
                        ? List.of(new BlockPort.Ask(
                                device, new BlockPort.Submit(tag, new Operation.Write(offset, data, false))))
                        : List.of(value));
    }

    @Test
    void anAnswerWithOtherData() {
        assertFound(
                "R5",
                value -> value instanceof BlockPort.Heard(int device, BlockPort.Completed(long tag, Outcome.Done done))
                                && done.data().isReadable()
                        ? List.of(new BlockPort.Heard(device, new BlockPort.Completed(tag, other(done))))
                        : List.of(value));
    }

    private static Outcome other(Outcome.Done done) {
        ByteBuf copy = Unpooled.copiedBuffer(done.data());
        return new Outcome.Done(copy.setByte(0, copy.getByte(0) ^ 1));
    }

    @Test
    void anotherPlaceThanWasAskedFor() {
        assertFound(
                "R5",
                value -> value
                                instanceof
                                BlockPort.Ask(
                                        int device,
                                        BlockPort.Submit(long tag, Operation.Read(long offset, int length)))
                        ? List.of(new BlockPort.Ask(
                                device, new BlockPort.Submit(tag, new Operation.Read(offset + 512, length))))
                        : List.of(value));
    }

    @Test
    void moreUnderWayThanWasGranted() {
        assertFound("R7", value -> value instanceof NbdServerControl.Granted ? List.of() : List.of(value));
    }

    @Test
    void aWriteToWhatMayOnlyBeRead() {
        assertFound(
                "R6",
                value -> value instanceof NbdServerControl.Opened(NbdExport export)
                        ? List.of(new NbdServerControl.Opened(readable(export)))
                        : List.of(value));
    }

    private static NbdExport readable(NbdExport export) {
        Device device = export.device();
        return new NbdExport(
                export.name(),
                export.description(),
                new Device(device.identity(), device.size(), device.blockSize(), Permission.READ),
                export.minimumBlock(),
                export.preferredBlock(),
                export.largestTransfer(),
                export.features());
    }

    /** Once a connection is over, nothing of it counts. */
    @Test
    void whatComesAfterTheEndIsNotJudged() {
        Referee judge = new Referee(
                Limits.UNKNOWN, Map.of(NbdServerControl.KIND, charges -> new NbdJudge(Side.SERVER, charges)));
        Signal ask = new BlockPort.Ask(0, new BlockPort.Submit(1, new Operation.Read(0, 512)));
        judge.saw(
                1,
                NbdPair.SERVER,
                new NbdServerControl.Accepted(1, "peer", List.of(Served.export()), NbdServer.PAYLOAD_MAX));
        judge.saw(2, NbdPair.SERVER, new LinkPort.Closed(1, "gone"));
        judge.saw(3, NbdPair.SERVER, ask);
        assertEquals(List.of(), judge.findings());
        judge.saw(
                4,
                NbdPair.SERVER,
                new NbdServerControl.Accepted(1, "peer", List.of(Served.export()), NbdServer.PAYLOAD_MAX));
        judge.saw(5, NbdPair.SERVER, ask);
        assertEquals(
                List.of("R6 at 5, 5", "R5 at 5, 5"),
                judge.findings().stream()
                        .map(one -> one.rule() + " at " + one.at() + ", "
                                + one.guilty().value())
                        .toList(),
                "nothing was opened, and nobody asked");
    }
}
