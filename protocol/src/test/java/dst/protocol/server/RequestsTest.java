package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Boot;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the server makes of requests: each executed once, refused in time, or stale (T2 to T5, T8, R2 to R4). */
class RequestsTest {
    private final LoneServer lone = LoneServer.open();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private final long link = lone.attach(LoneServer.ANN);

    // G5, D1
    @Test
    void answersOnlyAfterTheDiskEndedIt() {
        lone.say(link, lone.write(1, 0));
        assertTrue(lone.answers(link).isEmpty());
        lone.end(0);
        Message.Answer answer = lone.answer(link);
        assertEquals(Problem.NONE, answer.problem());
        assertEquals(1, answer.execution());
        assertEquals(0, answer.commit());
    }

    // D1
    @Test
    void answersDurableWriteOnlyAfterTheDiskEndedIt() {
        lone.say(link, lone.write(1, 0, 7, Message.Request.DURABLE, Settled.NONE));
        assertTrue(
                assertInstanceOf(DiskRequest.Write.class, lone.disk.getFirst()).durable());
        assertTrue(lone.answers(link).isEmpty());
        lone.end(0);
        assertEquals(1, lone.answers(link).size());
    }

    // T3
    @Test
    void copyOfARunningWriteWaitsForItsResult() {
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.write(1, 0, 1, Message.Request.RESEND, Settled.NONE));
        assertEquals(1, lone.disk.size());
        lone.end(0);
        assertEquals(1, lone.answers(link).size());
    }

    // T3
    @Test
    void copyOfAFinishedWriteGetsTheRecordedAnswer() {
        lone.say(link, lone.write(1, 0));
        lone.end(0);
        lone.say(link, lone.write(1, 0, 1, Message.Request.RESEND, Settled.NONE));
        assertTrue(lone.disk.isEmpty());
        assertEquals(
                List.of(1L, 1L),
                lone.answers(link).stream().map(Message.Answer::execution).toList());
    }

    // T3
    @Test
    void copyOfAFinishedReadIsReadAgain() {
        lone.say(link, lone.read(1, 0));
        lone.end(0);
        lone.say(link, lone.read(1, 0));
        assertEquals(1, lone.disk.size());
        lone.end(0);
        assertEquals(LoneServer.BLOCK, lone.answer(link).payload().readableBytes());
    }

    // T3
    @Test
    void copyOnAnotherLinkIsAnsweredThere() {
        lone.say(link, lone.write(1, 0));
        long second = lone.join(LoneServer.ANN);
        lone.say(second, lone.write(1, 0, 1, Message.Request.RESEND, Settled.NONE));
        lone.end(0);
        assertTrue(lone.answers(link).isEmpty());
        assertEquals(1, lone.answers(second).size());
    }

    // T3
    @Test
    void dropsAHeldRequestThatBecomesSettled() {
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.write(2, 0));
        lone.say(link, lone.write(3, 9, 3, 0, LoneServer.settled(List.of(0L, 2L))));
        lone.end(0);
        assertEquals(1, lone.disk.size());
        assertEquals(9 * LoneServer.BLOCK, ((DiskRequest.Write) lone.disk.getFirst()).offset());
    }

    // T3: what one set settles may not be started because another of that set made way.
    @Test
    void startsNoneOfThoseThatOneSetSettlesTogether() {
        lone.say(link, lone.read(1, 0));
        lone.say(link, lone.write(2, 0));
        lone.say(link, lone.write(3, 0));
        lone.say(link, lone.read(4, 0));
        lone.say(link, lone.write(5, 9, 5, 0, LoneServer.settled(List.of(0L, 2L, 3L))));
        assertEquals(3, lone.disk.size());
        assertEquals(
                List.of(1L, 4L, 5L).stream().sorted().toList(),
                lone.disk.stream().map(DiskRequest::transaction).sorted().toList());
    }

    // T3
    @Test
    void neverStartsASettledId() {
        lone.say(link, lone.write(2, 9, 2, 0, LoneServer.settled(List.of(0L, 1L))));
        lone.say(link, lone.write(1, 0));
        assertEquals(1, lone.disk.size());
        assertTrue(lone.answers(link).isEmpty());
    }

    // T3: a set that arrives late does not unsettle anything.
    @Test
    void olderSettledSetChangesNothing() {
        lone.say(link, lone.write(3, 9, 3, 0, LoneServer.settled(List.of(0L, 1L, 2L))));
        lone.say(link, lone.write(4, 8, 4, 0, LoneServer.settled(List.of(0L, 1L))));
        lone.say(link, lone.write(2, 7));
        assertEquals(2, lone.disk.size());
    }

    // T3, T1
    @Test
    void clientWithAnIdBeyondTheWindowIsAccused() {
        lone.say(link, lone.write(Settled.WINDOW, 0));
        assertEquals("T3", lone.closed.get(link).rule());
    }

    // T3, R7: sets of one attachment only grow, and so does their mark.
    @Test
    void clientWhoseSettledSetGoesBackIsAccused() {
        long[] open = new long[512];
        for (int i = 0; i < open.length; i++) {
            open[i] = 64 + i;
        }
        lone.say(link, lone.write(600, 0, 1, 0, new Settled(576, new long[0], open)));
        long[] all = {-1, -1, -1, -1, -1, -1, -1, -1};
        lone.say(link, lone.write(80, 0, 1, 0, new Settled(64, all, new long[0])));
        assertEquals("T3", lone.closed.get(link).rule());
    }

    // T2
    @Test
    void clientThatSendsOtherContentUnderAKnownIdLosesItsEpoch() {
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.write(1, 0, 99, Message.Request.RESEND, Settled.NONE));
        assertEquals("T2", lone.closed.get(link).rule());
        lone.endAll();
        lone.persistAll();
        assertEquals(new Holder(2, Unique.NONE), lone.holder);
        long again = lone.connect();
        lone.say(again, lone.hello(LoneServer.ANN, 5, new Holder(1, LoneServer.ANN)));
        assertEquals(Problem.REPLACED, lone.refusal(again));
    }

    // T4
    @Test
    void requestOfAnotherBootOrEpochIsStaleAndSettlesNothing() {
        Boot boot = lone.boot;
        lone.boot = new Boot(9, new Unique(9, 9));
        lone.say(link, lone.write(1, 0));
        lone.boot = boot;
        lone.holder = new Holder(7, LoneServer.ANN);
        lone.say(link, lone.write(1, 0, 1, 0, LoneServer.settled(List.of(0L, 1L))));
        lone.holder = new Holder(1, LoneServer.ANN);
        assertTrue(lone.disk.isEmpty());
        assertEquals(
                List.of(Problem.STALE, Problem.STALE),
                lone.answers(link).stream().map(Message.Answer::problem).toList());
        lone.say(link, lone.write(1, 0));
        assertEquals(1, lone.disk.size());
    }

    // T5
    @Test
    void overlappingOperationWaitsUntilTheEarlierHasEnded() {
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.read(2, 0));
        lone.say(link, lone.read(3, 0));
        lone.say(link, lone.write(4, 1));
        assertEquals(
                List.of(1L, 4L),
                lone.disk.stream().map(DiskRequest::transaction).toList());
        lone.end(0);
        assertEquals(
                List.of(4L, 2L, 3L),
                lone.disk.stream().map(DiskRequest::transaction).toList());
    }

    // T5: of whatever attachment; nobody is given up.
    @Test
    void settledWriteThatRunsStillHoldsWhatOverlapsIt() {
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.write(2, 0, 2, 0, LoneServer.settled(List.of(0L, 1L))));
        assertEquals(1, lone.disk.size());
        lone.end(0);
        assertEquals(1, lone.disk.size());
        assertTrue(lone.answers(link).isEmpty());
    }

    // T8: duplicates are looked up before anything is refused.
    @Test
    void copyOfARefusedRequestGetsTheSameRefusal() {
        lone.say(link, lone.write(1, 64));
        lone.say(link, lone.write(1, 64));
        assertEquals(
                List.of(Problem.OUT_OF_RANGE, Problem.OUT_OF_RANGE),
                lone.answers(link).stream().map(Message.Answer::problem).toList());
    }

    // T8, L5: a copy of what was executed is answered as that, whatever is refused by now.
    @Test
    void copyIsLookedUpBeforeItIsRefused() {
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.write(2, 5));
        lone.step(new ServerControl.RemoveExport("disk", 1_000));
        lone.end(0);
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.write(3, 0));
        assertEquals(
                List.of(Problem.NONE, Problem.NONE, Problem.REMOVED),
                lone.answers(link).stream().map(Message.Answer::problem).toList());
    }

    // R2
    @Test
    void refusesWhatTheDeviceCannotDo() {
        lone.say(link, lone.request(1, Kind.READ, 63, 2, 0, Settled.NONE, 0));
        lone.say(link, lone.request(2, Kind.READ, 0, 0, 0, Settled.NONE, 0));
        lone.say(link, lone.request(3, Kind.READ, 0, 5, 0, Settled.NONE, 0));
        lone.say(link, lone.request(4, Kind.WRITE, 0, 5, 0, Settled.NONE, 0));
        lone.say(
                link,
                new Message.Request(5, Kind.READ, 0, 1, 512, 1, lone.boot, Settled.NONE, 0, Unpooled.EMPTY_BUFFER));
        lone.say(link, lone.request(6, Kind.ZERO, 0, 5, 0, Settled.NONE, 0));
        assertEquals(
                List.of(
                        Problem.OUT_OF_RANGE,
                        Problem.NOT_ALIGNED,
                        Problem.TOO_LARGE,
                        Problem.TOO_LARGE,
                        Problem.NOT_ALIGNED,
                        Problem.TOO_LARGE),
                lone.answers(link).stream().map(Message.Answer::problem).toList());
        assertTrue(lone.disk.isEmpty());
    }

    // R2: what a flag means has to be known, and to mean something for this operation.
    @Test
    void refusesFlagsThatItDoesNotKnowOrThatMakeNoSense() {
        lone.say(link, lone.request(1, Kind.WRITE, 0, 1, 64, Settled.NONE, 0));
        lone.say(link, lone.request(2, Kind.TRIM, 0, 1, Message.Request.DURABLE, Settled.NONE, 0));
        lone.say(link, lone.request(3, Kind.READ, 0, 1, Message.Request.DURABLE, Settled.NONE, 0));
        lone.say(link, lone.request(4, Kind.FLUSH, 0, 0, 32, Settled.NONE, 0));
        assertEquals(
                List.of(Problem.NOT_SUPPORTED, Problem.NOT_SUPPORTED, Problem.NOT_SUPPORTED, Problem.NOT_SUPPORTED),
                lone.answers(link).stream().map(Message.Answer::problem).toList());
        assertTrue(lone.disk.isEmpty());
    }

    // R2
    @Test
    void refusesFeaturesThatWereNotAgreed() {
        LoneServer plain = LoneServer.open(
                LoneServer.DEVICE, new Terms(1, 1, 0, 5_000, LoneServer.LARGEST, 16, 8 * LoneServer.LARGEST));
        long one = plain.attach(LoneServer.ANN);
        plain.say(one, plain.request(1, Kind.TRIM, 0, 1, 0, Settled.NONE, 0));
        plain.say(one, plain.request(2, Kind.ZERO, 0, 1, 0, Settled.NONE, 0));
        plain.say(one, plain.request(3, Kind.WRITE, 0, 1, Message.Request.DURABLE, Settled.NONE, 0));
        assertEquals(
                List.of(Problem.NOT_SUPPORTED, Problem.NOT_SUPPORTED, Problem.NOT_SUPPORTED),
                plain.answers(one).stream().map(Message.Answer::problem).toList());
        plain.everythingIsGivenBack();
    }

    // R2
    @Test
    void refusesWritesOfAReadOnlyDevice() {
        LoneServer readOnly =
                LoneServer.open(new Device(new Unique(1, 2), LoneServer.SIZE, 512, Permission.READ), LoneServer.TERMS);
        long one = readOnly.attach(LoneServer.ANN);
        readOnly.say(one, readOnly.write(1, 0));
        assertEquals(Problem.NOT_PERMITTED, readOnly.answer(one).problem());
        readOnly.everythingIsGivenBack();
    }

    // R2: the payload of what is refused is consumed, and the next request is read.
    @Test
    void readsOnAfterAPayloadThatWasTooLarge() {
        lone.say(link, lone.request(1, Kind.WRITE, 0, 8, 0, Settled.NONE, 3));
        lone.say(link, lone.write(2, 0));
        assertEquals(Problem.TOO_LARGE, lone.answer(link).problem());
        assertEquals(1, lone.disk.size());
    }

    // R3
    @Test
    void errorOfTheDiskIsToldAsWhatItIs() {
        lone.say(link, lone.write(1, 0));
        lone.end(0, new DiskResult.Failed(Problem.NO_SPACE));
        assertEquals(Problem.NO_SPACE, lone.answer(link).problem());
        assertEquals(0, lone.answer(link).execution());
    }

    // R4
    @Test
    void shortWriteIsFinishedBeforeItIsAnswered() {
        lone.say(link, lone.request(1, Kind.WRITE, 2, 3, 0, Settled.NONE, 9));
        lone.end(0, new DiskResult.Transferred(700));
        assertTrue(lone.answers(link).isEmpty());
        DiskRequest.Write rest = assertInstanceOf(DiskRequest.Write.class, lone.disk.getFirst());
        assertEquals(2 * 512 + 700, rest.offset());
        assertEquals(3 * 512 - 700, rest.data().readableBytes());
        lone.end(0);
        assertEquals(1, lone.answer(link).execution());
    }

    // R4
    @Test
    void shortReadIsFinishedBeforeItIsAnswered() {
        lone.say(link, lone.request(1, Kind.READ, 2, 3, 0, Settled.NONE, 0));
        lone.end(0, new DiskResult.Data(lone.bytes(700, 1)));
        lone.end(0, new DiskResult.Data(lone.bytes(100, 2)));
        lone.end(0, new DiskResult.Data(lone.bytes(3 * 512 - 800, 3)));
        ByteBuf data = lone.answer(link).payload();
        assertEquals(
                List.of(1, 2, 2, 3),
                List.of((int) data.getByte(699), (int) data.getByte(700), (int) data.getByte(799), (int)
                        data.getByte(800)));
    }

    // R4, R5
    @Test
    void diskThatMovesNothingOrTooMuchHasFailed() {
        lone.say(link, lone.write(1, 0));
        lone.end(0, new DiskResult.Transferred(0));
        lone.say(link, lone.write(2, 0));
        lone.end(0, new DiskResult.Transferred(513));
        lone.say(link, lone.read(3, 0));
        lone.end(0, new DiskResult.Data(lone.bytes(600, 1)));
        lone.say(link, lone.read(4, 0));
        lone.end(0, new DiskResult.Data(lone.bytes(100, 1)));
        lone.fail(0);
        assertEquals(
                List.of(Problem.IO_ERROR, Problem.IO_ERROR, Problem.IO_ERROR, Problem.IO_ERROR),
                lone.answers(link).stream().map(Message.Answer::problem).toList());
    }

    // R5: a disk that answers something else than it was asked has failed, and nothing of it is kept.
    @Test
    void diskThatAnswersAnotherQuestionHasFailed() {
        lone.say(link, lone.read(1, 0));
        lone.end(0, new DiskResult.Transferred(512));
        lone.say(link, lone.write(2, 0));
        lone.end(0, new DiskResult.Data(lone.bytes(512, 1)));
        assertEquals(
                List.of(Problem.IO_ERROR, Problem.IO_ERROR),
                lone.answers(link).stream().map(Message.Answer::problem).toList());
        lone.say(link, lone.flush(3));
        lone.end(0, new DiskResult.Data(lone.bytes(512, 1)));
        assertEquals(Closing.Cause.BOOT_ENDED, lone.closed.get(link).cause());
    }
}
