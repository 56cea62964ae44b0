package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Control;
import dst.protocol.Kind;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Done, Refused or Unknown: each operation settles once, and what Unknown means for reads (G5, T4, T6 to T8, R2 to R5). */
class OutcomeTest {
    private LoneClient lone = LoneClient.attached();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private void use(LoneClient other) {
        lone.everythingIsGivenBack();
        lone = other;
    }

    private void patient(long nanos) {
        use(LoneClient.attached(LoneClient.settings(nanos, 1 << 20, LoneClient.TERMS)));
    }

    private void patienceEnds() {
        lone.now += LoneClient.SECOND;
        lone.step(new Control.TimerFired());
    }

    // G5, R5
    @Test
    void readIsDoneWithWhatTheServerSent() {
        lone.read(1, 0);
        lone.answer(lone.request());
        assertEquals(0x55, lone.outcome(1, Outcome.Done.class).data().getByte(511));
    }

    // G5, T3
    @Test
    void secondAnswerSettlesNothing() {
        lone.write(1, 0);
        Message.Request request = lone.request();
        lone.answer(request);
        lone.answer(request);
        assertEquals(1, lone.outcomes.size());
        assertTrue(lone.closed.isEmpty());
    }

    // T4
    @Test
    void answerOfAnotherBootOrEpochIsDiscarded() {
        lone.read(1, 0);
        lone.say(new Message.Answer(1, Problem.NONE, 1, LoneClient.boot(9), 0, 0, lone.bytes(512, 1)));
        lone.say(new Message.Answer(1, Problem.NONE, 2, lone.boot, 0, 0, lone.bytes(512, 1)));
        lone.say(new Message.Answer(1, Problem.STALE, 1, lone.boot, 0, 0, Unpooled.EMPTY_BUFFER));
        lone.say(new Message.Answer(7, Problem.NONE, 1, lone.boot, 0, 0, lone.bytes(512, 1)));
        assertTrue(lone.outcomes.isEmpty());
        lone.answer(lone.request());
        lone.outcome(1, Outcome.Done.class);
    }

    // T4, D2
    @Test
    void commitNumberOfAnotherBootReleasesNothing() {
        lone.write(1, 0);
        lone.answer(lone.request());
        lone.say(new Message.Answer(9, Problem.NONE, 1, LoneClient.boot(9), 0, 5, Unpooled.EMPTY_BUFFER));
        lone.nextBoot();
        assertTrue(lone.request().replay());
    }

    // T7, T8
    @Test
    void patienceEndsAsUnknownIfItWasSentAndAsRefusedIfNot() {
        patient(LoneClient.SECOND);
        lone.write(1, 0);
        lone.write(2, 0);
        patienceEnds();
        lone.outcome(1, Outcome.Unknown.class);
        assertEquals(Problem.TIMED_OUT, lone.outcome(2, Outcome.Refused.class).problem());
    }

    // T7
    @Test
    void lateAnswerOfAnUnknownOperationChangesNothing() {
        patient(LoneClient.SECOND);
        lone.write(1, 0);
        Message.Request request = lone.request();
        patienceEnds();
        lone.answer(request);
        lone.nextBoot();
        assertTrue(lone.requests().isEmpty(), "it would be retained and replayed");
    }

    // T7
    @Test
    void readOfWhatAnUnknownWriteMayHaveLeftWaitsForAFlushSubmittedAfterIt() {
        patient(LoneClient.SECOND);
        lone.flush(9);
        lone.write(1, 3);
        patienceEnds();
        lone.read(2, 3);
        lone.read(3, 4);
        assertEquals(
                List.of(Kind.FLUSH, Kind.WRITE, Kind.FLUSH, Kind.READ),
                lone.requests().stream().map(Message.Request::kind).toList());
        assertTrue(lone.request().settled().contains(2));
        lone.answer(lone.requests().get(2));
        assertEquals(3 * 512, lone.request().offset());
        lone.answerAll();
        lone.outcome(2, Outcome.Done.class);
    }

    // T7
    @Test
    void flushSubmittedBeforeUnknownWasToldClearsNoDoubt() {
        patient(2 * LoneClient.SECOND);
        lone.write(1, 3);
        lone.now += LoneClient.SECOND;
        lone.flush(2);
        Message.Request flush = lone.request();
        patienceEnds();
        lone.outcome(1, Outcome.Unknown.class);
        lone.read(3, 3);
        lone.answer(flush);
        lone.outcome(2, Outcome.Done.class);
        assertFalse(lone.requests().stream().anyMatch(request -> request.kind() == Kind.READ));
    }

    // T7: block by block.
    @Test
    void writeOfThatBlockAfterUnknownClearsItsDoubtAlone() {
        patient(LoneClient.SECOND);
        lone.submit(1, new Operation.Write(0, lone.bytes(1024, 1), false));
        patienceEnds();
        lone.write(2, 0);
        lone.answer(lone.request());
        lone.read(3, 0);
        assertEquals(Kind.READ, lone.request().kind());
        lone.answer(lone.request());
        lone.read(4, 1);
        assertEquals(Kind.FLUSH, lone.request().kind());
    }

    // T7, D6: an Unknown TRIM counts as TRIM.
    @Test
    void unknownTrimHoldsNoRead() {
        patient(LoneClient.SECOND);
        lone.submit(1, new Operation.Trim(0, 512));
        patienceEnds();
        lone.outcome(1, Outcome.Unknown.class);
        lone.read(2, 0);
        assertEquals(Kind.READ, lone.request().kind());
    }

    // T8, R3
    @Test
    void errorOfTheDiskIsUnknownForAChangeAndRefusedForARead() {
        lone.write(1, 0);
        lone.answer(lone.request(), Problem.IO_ERROR);
        assertEquals(Problem.IO_ERROR, lone.outcome(1, Outcome.Unknown.class).problem());
        lone.read(2, 5);
        lone.answer(lone.request(), Problem.IO_ERROR);
        assertEquals(Problem.IO_ERROR, lone.outcome(2, Outcome.Refused.class).problem());
    }

    // T8
    @Test
    void refusalIsPassedOnIfEveryCopyWasSentInThisBoot() {
        lone.write(1, 0);
        lone.lose();
        lone.attach();
        lone.answer(lone.request(), Problem.OUT_OF_RANGE);
        assertEquals(
                Problem.OUT_OF_RANGE, lone.outcome(1, Outcome.Refused.class).problem());
    }

    // T8
    @Test
    void clientRefusesNothingThatAnEarlierBootMayHaveExecuted() {
        lone.write(1, 0);
        lone.nextBoot();
        lone.answer(lone.request(), Problem.OUT_OF_RANGE);
        assertEquals(
                Problem.OUT_OF_RANGE, lone.outcome(1, Outcome.Unknown.class).problem());
    }

    // R4
    @Test
    void serverThatSendsTheWrongAmountOfDataIsAccused() {
        lone.read(1, 0);
        long link = lone.link;
        lone.say(new Message.Answer(1, Problem.NONE, 1, lone.boot, 0, 0, lone.bytes(511, 1)));
        assertEquals("R4", lone.closed.get(link).rule());
        assertTrue(lone.outcomes.isEmpty());
    }

    // R4
    @Test
    void serverThatSendsDataWithAWriteIsAccused() {
        lone.write(1, 0);
        long link = lone.link;
        lone.say(new Message.Answer(1, Problem.NONE, 1, lone.boot, 1, 0, lone.bytes(512, 1)));
        assertEquals("R4", lone.closed.get(link).rule());
    }

    // D2: without a number of its own nothing can say when it is durable.
    @Test
    void serverThatGivesNoExecutionNumberOrOneTwiceIsAccused() {
        for (long second : new long[] {0, 1}) {
            use(LoneClient.attached());
            lone.write(1, 0);
            lone.answer(lone.request());
            lone.write(2, 5);
            long link = lone.link;
            lone.say(new Message.Answer(2, Problem.NONE, 1, lone.boot, second, 0, Unpooled.EMPTY_BUFFER));
            assertEquals("D2", lone.closed.get(link).rule());
            assertEquals(1, lone.outcomes.size());
        }
    }

    // R2: what lies across blocks could not be retained block by block.
    @Test
    void serverThatDoesWhatTheDeviceCannotIsAccused() {
        lone.submit(1, new Operation.Write(100, lone.bytes(512, 1), false));
        long link = lone.link;
        lone.answer(lone.request());
        assertEquals("R2", lone.closed.get(link).rule());
        lone.passUntil(() -> lone.link != link);
        lone.attach();
        lone.answer(lone.request(), Problem.NOT_ALIGNED);
        lone.outcome(1, Outcome.Refused.class);
    }

    // T6
    @Test
    void contentBelongsToTheTransactionUntilItSettles() {
        ByteBuf data = lone.bytes(512, 1);
        lone.submit(1, new Operation.Write(0, data, true));
        assertTrue(data.refCnt() > 0);
        lone.lose();
        lone.attach();
        lone.answerAll();
        lone.outcome(1, Outcome.Done.class);
    }

    // G6: a device that failed settles everything, and so does the end of it.
    @Test
    void failedDeviceSettlesEverything() {
        lone.write(1, 0);
        lone.write(2, 0);
        lone.say(new Message.Refuse(Problem.DISK_FAILED, "for good"));
        lone.outcome(1, Outcome.Unknown.class);
        lone.outcome(2, Outcome.Refused.class);
        assertEquals(Machine.NEVER, lone.client.nextDeadline());
    }
}
