package dst.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdExport;
import dst.nbd.rules.NbdJudges;
import dst.protocol.BlockPort;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.referee.Charge;
import dst.protocol.referee.Limits;
import dst.protocol.referee.Referee;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A client that does as it should is not accused, however its bytes come; with one lie in what is seen of it, it is. */
class NbdClientRulesTest {
    /** What is seen in the place of that. */
    private interface Lie extends Function<Object, List<?>> {}

    private static Referee judge(long seed, Lie lie) {
        Referee judge = new Referee(Limits.UNKNOWN, NbdJudges.of(_ -> Side.SERVER));
        NbdPair pair = new NbdPair(Served.export(), "disk", seed, (now, layer, value) -> {
            if (layer.is(NbdClientControl.KIND)) {
                lie.apply(value).forEach(one -> judge.saw(now, layer, one));
            }
        });
        NbdPairTest.converse(pair, new Prng(seed));
        return judge;
    }

    private static Set<String> found(long seed, Lie lie) {
        Set<String> rules = new TreeSet<>();
        judge(seed, lie).findings().forEach(finding -> {
            assertEquals(Side.SERVER, finding.side());
            assertTrue(finding.sentence().startsWith("the NBD client of the client "), finding.sentence());
            rules.add(finding.rule().name());
        });
        return rules;
    }

    private static void assertFound(String rule, Lie lie) {
        Set<String> found = new TreeSet<>();
        for (long seed = 1; seed <= 10; seed++) {
            found.addAll(found(seed, lie));
        }
        assertTrue(found.contains(rule), () -> rule + " is not among " + found);
    }

    @Property(tries = 100)
    void anHonestClientIsNotAccused(@ForAll long seed) {
        assertEquals(Set.of(), found(seed, List::of));
    }

    @Test
    void whatIsJudgedIsObserved() {
        assertEquals(
                Set.of("G5", "R5", "R6", "T4"),
                judge(1, List::of).charges().stream()
                        .filter(Charge::observed)
                        .map(charge -> charge.rule().name())
                        .collect(Collectors.toSet()));
    }

    @Test
    void anOperationThatSettlesTwice() {
        assertFound("G5", value -> value instanceof BlockPort.Completed ? List.of(value, value) : List.of(value));
    }

    @Test
    void doneBeforeTheServerHasSaidSo() {
        assertFound("T4", value -> {
            boolean answer = value instanceof LinkPort.Received(long _, ByteBuf bytes)
                    && bytes.readableBytes() >= 4
                    && (bytes.getInt(bytes.readerIndex()) == Nbd.SIMPLE_MAGIC
                            || bytes.getInt(bytes.readerIndex()) == Nbd.CHUNK_MAGIC);
            return answer ? List.of() : List.of(value);
        });
    }

    @Test
    void durableThatIsAskedForAsAnyOther() {
        assertFound(
                "T4",
                value -> value
                                        instanceof
                                        BlockPort.Submit(
                                                long tag,
                                                Operation.Write(long offset, ByteBuf data, boolean durable))
                                && !durable
                        ? List.of(new BlockPort.Submit(tag, new Operation.Write(offset, data, true)))
                        : List.of(value));
    }

    @Test
    void otherDataThanTheServerGave() {
        assertFound(
                "R5",
                value -> value instanceof BlockPort.Completed(long tag, Outcome.Done(ByteBuf data)) && data.isReadable()
                        ? List.of(new BlockPort.Completed(tag, new Outcome.Done(other(data))))
                        : List.of(value));
    }

    @Test
    void otherDataThanWereSubmitted() {
        assertFound(
                "R5",
                value -> value
                                instanceof
                                BlockPort.Submit(long tag, Operation.Write(long offset, ByteBuf data, boolean durable))
                        ? List.of(new BlockPort.Submit(tag, new Operation.Write(offset, other(data), durable)))
                        : List.of(value));
    }

    private static ByteBuf other(ByteBuf data) {
        ByteBuf copy = Unpooled.copiedBuffer(data);
        return copy.setByte(0, copy.getByte(0) ^ 1);
    }

    @Test
    void whatNobodyHasSubmitted() {
        assertFound("R5", value -> value instanceof BlockPort.Submit ? List.of() : List.of(value));
    }

    @Test
    void refusedAlthoughItMayBeDone() {
        assertFound(
                "T8",
                value -> value instanceof BlockPort.Completed(long tag, Outcome.Done done)
                                && !done.data().isReadable()
                        ? List.of(new BlockPort.Completed(tag, new Outcome.Refused(Problem.IO_ERROR, "no")))
                        : List.of(value));
    }

    @Test
    void aWriteToWhatMayOnlyBeRead() {
        assertFound(
                "R6",
                value -> value instanceof NbdClientControl.Attached(NbdExport export)
                        ? List.of(new NbdClientControl.Attached(readable(export)))
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

    /** What its submitter is told behind the end still counts; a connection after that is another one. */
    @Test
    void whatIsToldBehindTheEndIsJudged() {
        Referee judge = new Referee(Limits.UNKNOWN, NbdJudges.of(_ -> Side.SERVER));
        List<Signal> seen = List.of(
                new NbdClientControl.Use("disk"),
                new BlockPort.Submit(7, new Operation.Flush()),
                new LinkPort.Closed(1, "gone"),
                new BlockPort.Completed(7, new Outcome.Done(Unpooled.EMPTY_BUFFER)),
                new BlockPort.Completed(7, new Outcome.Done(Unpooled.EMPTY_BUFFER)),
                new NbdClientControl.Use("disk"),
                new BlockPort.Completed(8, new Outcome.Done(Unpooled.EMPTY_BUFFER)));
        for (int i = 0; i < seen.size(); i++) {
            judge.saw(i + 1, NbdPair.CLIENT, seen.get(i));
        }
        assertEquals(
                List.of("T4 at 4", "G5 at 7"),
                judge.findings().stream()
                        .map(one -> one.rule() + " at " + one.at())
                        .toList());
    }
}
