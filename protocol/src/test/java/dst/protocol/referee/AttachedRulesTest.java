package dst.protocol.referee;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.BlockPort;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.WholeBlocksControl;
import dst.protocol.trace.Layer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of an attached device by the byte, what its client is asked for that, and what is told: honest, and with one lie each. */
class AttachedRulesTest {
    private static final int BLOCK = 512;

    private final Referee referee = new Referee();
    private long now;

    @BeforeEach
    void begins() {
        saw(new Control.Started(new Unique(1, 2), 3));
        sawWithin(Layer.ATTACHED, new Control.Started(new Unique(1, 2), 3));
        sawWithin(WholeBlocksControl.KIND, new WholeBlocksControl.Reblocked(1));
        sawWithin(WholeBlocksControl.KIND, new WholeBlocksControl.Reblocked(BLOCK));
    }

    private void saw(Object value) {
        referee.saw(++now, Layer.client("client"), value);
    }

    private void sawWithin(String kind, Signal signal) {
        referee.saw(++now, new Layer("client", kind, 0), signal);
    }

    private void asks(long tag, Operation operation) {
        saw(new BlockPort.Submit(tag, operation));
    }

    private void enters(long number, Operation operation) {
        sawWithin(WholeBlocksControl.KIND, new BlockPort.Submit(number, operation));
    }

    private void submits(long ticket, long number, Operation operation) {
        sawWithin(WholeBlocksControl.KIND, new WholeBlocksControl.MadeFor(ticket, number));
        sawWithin(WholeBlocksControl.KIND, new BlockPort.Ask(0, new BlockPort.Submit(ticket, operation)));
        sawWithin(Layer.ATTACHED, new BlockPort.Submit(ticket, operation));
    }

    private void settles(long ticket, Outcome outcome) {
        sawWithin(Layer.ATTACHED, new BlockPort.Completed(ticket, outcome));
        sawWithin(WholeBlocksControl.KIND, new BlockPort.Heard(0, new BlockPort.Completed(ticket, outcome)));
    }

    private void leaves(long number, Outcome outcome) {
        sawWithin(WholeBlocksControl.KIND, new BlockPort.Completed(number, outcome));
    }

    private void tells(long tag, Outcome outcome) {
        saw(new BlockPort.Completed(tag, outcome));
    }

    /** The step is over. */
    private void nextStep() {
        saw(new Control.TimerFired());
    }

    private static ByteBuf bytes(int length, int value) {
        ByteBuf bytes = Unpooled.buffer(length);
        for (int i = 0; i < length; i++) {
            bytes.writeByte(value);
        }
        return bytes;
    }

    private static ByteBuf block(int from, int length, int value, int around) {
        ByteBuf block = bytes(BLOCK, around);
        for (int i = from; i < from + length; i++) {
            block.setByte(i, value);
        }
        return block;
    }

    private static Operation.Write write(long offset, ByteBuf data) {
        return new Operation.Write(offset, data, false);
    }

    private static Outcome done() {
        return new Outcome.Done(Unpooled.EMPTY_BUFFER);
    }

    private static Outcome unknown() {
        return new Outcome.Unknown(Problem.DEVICE_FAILED, "the connection is gone");
    }

    /** Only these rules, whose breach is asked for here; that nothing was ever sent is another test's. */
    private void assertFound(String... rules) {
        nextStep();
        List<String> found = referee.findings().stream()
                .filter(finding -> !finding.sentence().contains("had never sent it"))
                .map(finding -> finding.rule().name())
                .distinct()
                .toList();
        assertEquals(List.of(rules), found, () -> referee.findings().toString());
    }

    /** One is that the client says of a part that it is done and has sent nothing, since there are no links here. */
    private void assertBreachesOfT4(long breaches) {
        nextStep();
        assertEquals(
                breaches,
                referee.charges().stream()
                        .filter(charge -> charge.rule().name().equals("T4"))
                        .mapToLong(Charge::breaches)
                        .sum());
    }

    /** As it should be: 100 bytes of 7 at 612, in a block that holds 1. */
    private void writesAPart(ByteBuf written) {
        asks(40, write(612, bytes(100, 7)));
        enters(1, write(612, bytes(100, 7)));
        submits(1, 1, new Operation.Read(BLOCK, BLOCK));
        settles(1, new Outcome.Done(bytes(BLOCK, 1)));
        submits(2, 1, write(BLOCK, written));
    }

    private void endsWell() {
        settles(2, done());
        leaves(1, done());
        tells(40, done());
    }

    @Test
    void whoKeepsWhatIsAroundAPartBreaksNothing() {
        writesAPart(block(100, 100, 7, 1));
        endsWell();
        assertFound();
    }

    @Test
    void otherBytesAroundAPart() {
        writesAPart(block(100, 100, 7, 2));
        assertFound("R5");
    }

    @Test
    void otherBytesWithinAPart() {
        writesAPart(block(100, 99, 7, 1));
        assertFound("R5");
    }

    @Test
    void aBlockThatNobodyRead() {
        asks(40, write(612, bytes(100, 7)));
        enters(1, write(612, bytes(100, 7)));
        submits(1, 1, write(BLOCK, block(100, 100, 7, 0)));
        assertFound("R5");
    }

    @Test
    void aChangeBetweenReadingAndWriting() {
        asks(40, write(612, bytes(100, 7)));
        asks(41, write(BLOCK, bytes(BLOCK, 9)));
        enters(1, write(612, bytes(100, 7)));
        enters(2, write(BLOCK, bytes(BLOCK, 9)));
        submits(1, 1, new Operation.Read(BLOCK, BLOCK));
        submits(2, 2, write(BLOCK, bytes(BLOCK, 9)));
        settles(2, done());
        settles(1, new Outcome.Done(bytes(BLOCK, 1)));
        submits(3, 1, write(BLOCK, block(100, 100, 7, 1)));
        assertFound("T5");
    }

    @Test
    void aReadingWhileAChangeIsOpen() {
        asks(40, write(612, bytes(100, 7)));
        asks(41, write(BLOCK, bytes(BLOCK, 9)));
        enters(2, write(BLOCK, bytes(BLOCK, 9)));
        submits(2, 2, write(BLOCK, bytes(BLOCK, 9)));
        enters(1, write(612, bytes(100, 7)));
        submits(1, 1, new Operation.Read(BLOCK, BLOCK));
        settles(1, new Outcome.Done(bytes(BLOCK, 1)));
        settles(2, done());
        submits(3, 1, write(BLOCK, block(100, 100, 7, 1)));
        assertFound("T5");
    }

    @Test
    void aChangeWhileAPartIsWritten() {
        asks(41, write(BLOCK, bytes(BLOCK, 9)));
        writesAPart(block(100, 100, 7, 1));
        enters(2, write(BLOCK, bytes(BLOCK, 9)));
        submits(3, 2, write(BLOCK, bytes(BLOCK, 9)));
        assertFound("T5");
    }

    @Test
    void zerosBeyondWhatWasAskedFor() {
        asks(40, new Operation.Zero(0, 600, false));
        enters(1, new Operation.Zero(0, 600, false));
        submits(1, 1, new Operation.Zero(0, 2 * BLOCK, false));
        assertFound("R5");
    }

    @Test
    void doneWithoutAPartOfIt() {
        asks(40, new Operation.Zero(0, 600, false));
        enters(1, new Operation.Zero(0, 600, false));
        submits(1, 1, new Operation.Zero(0, BLOCK, false));
        settles(1, done());
        leaves(1, done());
        assertBreachesOfT4(2);
    }

    @Test
    void doneAndNotAsDurableAsAsked() {
        asks(40, new Operation.Zero(0, BLOCK, true));
        enters(1, new Operation.Zero(0, BLOCK, true));
        submits(1, 1, new Operation.Zero(0, BLOCK, false));
        settles(1, done());
        leaves(1, done());
        assertBreachesOfT4(2);
    }

    @Test
    void doneAsAsked() {
        asks(40, new Operation.Zero(0, BLOCK, true));
        enters(1, new Operation.Zero(0, BLOCK, true));
        submits(1, 1, new Operation.Zero(0, BLOCK, true));
        settles(1, done());
        leaves(1, done());
        assertBreachesOfT4(1);
    }

    @Test
    void durableForgottenOnTheWay() {
        asks(40, new Operation.Zero(0, BLOCK, true));
        enters(1, new Operation.Zero(0, BLOCK, false));
        assertFound("T4");
    }

    @Test
    void anotherPlaceThanWasAskedFor() {
        asks(40, write(0, bytes(BLOCK, 7)));
        enters(1, write(BLOCK, bytes(BLOCK, 7)));
        assertFound("R5");
    }

    @Test
    void anotherContentThanWasGiven() {
        asks(40, write(0, bytes(BLOCK, 7)));
        enters(1, write(0, bytes(BLOCK, 8)));
        assertFound("R5");
    }

    @Test
    void doneThoughNothingWasDone() {
        asks(40, new Operation.Flush());
        tells(40, done());
        assertFound("T4");
    }

    @Test
    void otherDataThanWereRead() {
        asks(40, new Operation.Read(0, BLOCK));
        enters(1, new Operation.Read(0, BLOCK));
        submits(1, 1, new Operation.Read(0, BLOCK));
        settles(1, new Outcome.Done(bytes(BLOCK, 1)));
        leaves(1, new Outcome.Done(bytes(BLOCK, 1)));
        tells(40, new Outcome.Done(bytes(BLOCK, 2)));
        assertFound("R5");
    }

    @Test
    void equalOperationsMayBeTheOneOrTheOther() {
        for (long i = 1; i <= 2; i++) {
            asks(40 + i, new Operation.Read(0, BLOCK));
            enters(i, new Operation.Read(0, BLOCK));
            submits(i, i, new Operation.Read(0, BLOCK));
        }
        settles(2, new Outcome.Done(bytes(BLOCK, 2)));
        leaves(2, new Outcome.Done(bytes(BLOCK, 2)));
        tells(41, new Outcome.Done(bytes(BLOCK, 2)));
        settles(1, new Outcome.Done(bytes(BLOCK, 1)));
        leaves(1, new Outcome.Done(bytes(BLOCK, 1)));
        tells(42, new Outcome.Done(bytes(BLOCK, 1)));
        assertFound();
    }

    @Test
    void aLargeOneComesInPieces() {
        asks(40, new Operation.Read(0, 2 * BLOCK));
        for (long i = 1; i <= 2; i++) {
            enters(i, new Operation.Read((i - 1) * BLOCK, BLOCK));
            submits(i, i, new Operation.Read((i - 1) * BLOCK, BLOCK));
            settles(i, new Outcome.Done(bytes(BLOCK, (int) i)));
            leaves(i, new Outcome.Done(bytes(BLOCK, (int) i)));
        }
        tells(40, new Outcome.Done(bytes(BLOCK, 1).capacity(2 * BLOCK).writeBytes(bytes(BLOCK, 2))));
        assertFound();
    }

    @Test
    void toldTwice() {
        writesAPart(block(100, 100, 7, 1));
        endsWell();
        tells(40, done());
        assertFound("G5");
    }

    @Test
    void noAnswerThoughTheDeviceIsThere() {
        writesAPart(block(100, 100, 7, 1));
        tells(40, unknown());
        assertFound("L5");
    }

    @Test
    void noAnswerForTheDeviceHasFailed() {
        writesAPart(block(100, 100, 7, 1));
        tells(40, unknown());
        sawWithin(Layer.ATTACHED, new BlockPort.Failed(Problem.DEVICE_FAILED, "no server", List.of()));
        assertFound();
    }

    private void hasDevice() {
        sawWithin(
                Layer.ATTACHED,
                new BlockPort.Changed(new Device(new Unique(1, 1), 1 << 16, BLOCK, Permission.BOTH), false));
    }

    @Test
    void waitingWhereNothingRuns() {
        hasDevice();
        asks(40, new Operation.Flush());
        now += 11_000_000_000L;
        assertFound("R7");
    }

    @Test
    void waitingForOthers() {
        hasDevice();
        asks(40, new Operation.Read(0, BLOCK));
        asks(41, new Operation.Flush());
        enters(1, new Operation.Read(0, BLOCK));
        now += 11_000_000_000L;
        assertFound();
    }

    @Test
    void waitingForTheDevice() {
        asks(40, new Operation.Flush());
        now += 11_000_000_000L;
        assertFound();
    }

    @Test
    void anErrorIsAReason() {
        writesAPart(block(100, 100, 7, 1));
        settles(2, new Outcome.Refused(Problem.NO_SPACE, "full"));
        leaves(1, new Outcome.Refused(Problem.NO_SPACE, "full"));
        tells(40, new Outcome.Unknown(Problem.NO_SPACE, "full"));
        assertFound();
    }
}
