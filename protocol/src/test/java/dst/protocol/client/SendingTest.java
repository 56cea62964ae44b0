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
import dst.protocol.Terms;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the client sends, when, and how often (T1, T2, T3, T5, H3, D4). */
class SendingTest {
    private LoneClient lone = LoneClient.attached();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private void use(LoneClient other) {
        lone.everythingIsGivenBack();
        lone = other;
    }

    // T1
    @Test
    void idsRiseByOne() {
        for (int i = 0; i < 5; i++) {
            lone.write(i, i);
        }
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L),
                lone.requests().stream().map(Message.Request::id).toList());
        assertFalse(lone.request().resend());
    }

    // T2
    @Test
    void resendsFollowAReconnectAtOnceInTheOrderOfTheirIdsAndSaySo() {
        lone.write(1, 0);
        lone.write(2, 5);
        lone.lose();
        lone.attach();
        assertEquals(
                List.of(1L, 2L),
                lone.requests().stream().map(Message.Request::id).toList());
        assertTrue(lone.requests().stream().allMatch(Message.Request::resend));
        assertEquals(1, lone.requests().getFirst().payload().getByte(100));
    }

    // T2
    @Test
    void unansweredRequestIsSentAgainAfterGrowingPauses() {
        lone.write(1, 0);
        List<Long> pauses = new ArrayList<>();
        long last = lone.now;
        for (int copies = 2; copies <= 7; copies++) {
            int wanted = copies;
            for (int i = 0; i < 100 && lone.requests().size() < wanted; i++) {
                lone.now = Math.max(lone.now, lone.client.nextDeadline());
                lone.step(new Control.TimerFired());
                lone.say(new Message.Pong(0));
            }
            pauses.add((lone.now - last) / LoneClient.SECOND);
            last = lone.now;
        }
        assertEquals(List.of(2L, 4L, 8L, 16L, 32L, 32L), pauses);
        assertTrue(lone.request().resend());
    }

    // T2: one pass of the timer is bounded, and the rest follows.
    @Test
    void timerPassIsBoundedAndStarvesNobody() {
        use(LoneClient.attached(
                LoneClient.settings(LoneClient.SECOND, 1 << 20, new Terms(1, 1, 7, 5_000, 2048, 200, 1 << 20))));
        for (int i = 0; i < 150; i++) {
            lone.write(i, i);
        }
        lone.now += LoneClient.SECOND;
        lone.step(new Control.TimerFired());
        assertEquals(32, lone.outcomes.size());
        assertTrue(lone.client.nextDeadline() <= lone.now);
        lone.passUntil(() -> lone.outcomes.size() == 150);
        assertEquals(LoneClient.SECOND, lone.now);
        assertEquals(150, lone.outcomes.size());
    }

    // T2, R7: behind itself in a full buffer a copy helps nobody.
    @Test
    void nothingIsSentAgainThatHasNotEvenLeftThisHost() {
        use(LoneClient.attached(
                LoneClient.settings(Machine.NEVER, 1 << 20, new Terms(1, 1, 7, 5_000, 1 << 16, 16, 1 << 16))));
        lone.sent();
        lone.submit(1, new Operation.Write(0, lone.bytes(1 << 16, 1), false));
        lone.pass(1000 * LoneClient.SECOND);
        assertTrue(lone.requests().size() <= 4, lone.requests().size() + " copies");
        lone.sent();
        int copies = lone.requests().size();
        lone.pass(100 * LoneClient.SECOND);
        assertTrue(lone.requests().size() > copies);
    }

    // T3
    @Test
    void everyRequestCarriesWhatIsSettled() {
        lone.write(1, 0);
        lone.write(2, 5);
        lone.answer(lone.request());
        lone.write(3, 7);
        Settled settled = lone.request().settled();
        assertFalse(settled.contains(1));
        assertTrue(settled.contains(2));
        assertFalse(settled.contains(3));
    }

    // T3: one id that hangs stalls nobody, however far the others get.
    @Test
    void idThatHangsStallsNobody() {
        lone.write(1, 0);
        for (int i = 2; i < 1500; i++) {
            lone.read(i, 5);
            assertEquals(i, lone.request().id());
            lone.sent();
            assertFalse(lone.request().settled().contains(1));
            assertTrue(i < lone.request().settled().end());
            lone.answer(lone.request());
        }
        assertEquals(1498, lone.outcomes.size());
    }

    // T5
    @Test
    void overlappingOperationIsHeldUntilTheEarlierSettles() {
        lone.write(1, 0);
        lone.read(2, 0);
        lone.read(3, 0);
        lone.write(4, 1);
        assertEquals(
                List.of(1L, 2L),
                lone.requests().stream().map(Message.Request::id).toList());
        assertEquals(512, lone.request().offset());
        lone.answer(lone.requests().getFirst());
        assertEquals(
                List.of(Kind.WRITE, Kind.WRITE, Kind.READ, Kind.READ),
                lone.requests().stream().map(Message.Request::kind).toList());
    }

    // H3
    @Test
    void neverMoreInFlightThanAgreed() {
        for (int i = 0; i < 40; i++) {
            lone.read(i, i);
        }
        assertEquals(15, lone.requests().size());
        use(LoneClient.attached());
        for (int i = 0; i < 8; i++) {
            lone.submit(i, new Operation.Read(i * 2048, 2048));
        }
        assertEquals(4, lone.requests().size());
        lone.answer(lone.requests().getFirst());
        assertEquals(5, lone.requests().size());
    }

    // G6, R2: no request can speak of such a place; it must not end links over and over.
    @Test
    void operationBeyondAllDevicesIsRefusedHere() {
        lone.submit(1, new Operation.Read(-512, 512));
        lone.submit(2, new Operation.Write(-512, lone.bytes(512, 1), false));
        lone.submit(3, new Operation.Trim(Long.MAX_VALUE, 512));
        lone.submit(4, new Operation.Zero(0, -512, false));
        for (long tag = 1; tag <= 4; tag++) {
            assertEquals(
                    Problem.OUT_OF_RANGE,
                    lone.outcome(tag, Outcome.Refused.class).problem());
        }
        assertTrue(lone.requests().isEmpty());
    }

    // D4
    @Test
    void writesWaitAtTheLimitOfWhatIsRetainedAndTheClientFlushes() {
        use(LoneClient.attached(LoneClient.settings(Machine.NEVER, 4 * 512, LoneClient.TERMS)));
        for (int i = 0; i < 6; i++) {
            lone.write(i, i);
        }
        assertEquals(4, lone.requests().size());
        lone.read(9, 9);
        assertEquals(9 * 512, lone.request().offset());
        lone.answerAll();
        assertEquals(7, lone.outcomes.size());
        assertTrue(lone.requests().stream().anyMatch(request -> request.kind() == Kind.FLUSH));
    }

    // D4
    @Test
    void clientFlushesByItselfNearTheLimit() {
        use(LoneClient.attached(LoneClient.settings(Machine.NEVER, 8 * 512, LoneClient.TERMS)));
        for (int i = 0; i < 6; i++) {
            lone.write(i, i);
            lone.answer(lone.request());
        }
        assertEquals(Kind.WRITE, lone.request().kind());
        lone.write(6, 6);
        lone.answer(lone.request());
        assertEquals(Kind.FLUSH, lone.request().kind());
        lone.answer(lone.request());
        assertEquals(7, lone.outcomes.size());
    }

    // D4
    @Test
    void writeThatCanNeverBeRetainedIsRefused() {
        use(LoneClient.attached(LoneClient.settings(Machine.NEVER, 1000, LoneClient.TERMS)));
        lone.submit(1, new Operation.Write(0, lone.bytes(1024, 1), false));
        assertEquals(Problem.TOO_LARGE, lone.outcome(1, Outcome.Refused.class).problem());
        lone.submit(2, new Operation.Write(0, lone.bytes(1024, 1), true));
        lone.answerAll();
        lone.outcome(2, Outcome.Done.class);
    }

    // D4, G6: with one slot in all the client's own flush must still get it.
    @Test
    void ownFlushIsNotStarvedWhereOneTransactionIsAllowed() {
        use(LoneClient.attached(
                LoneClient.settings(LoneClient.SECOND, 1 << 20, new Terms(1, 1, 7, 60_000, 2048, 1, 2048))));
        lone.write(1, 0);
        lone.now += LoneClient.SECOND / 2;
        lone.read(2, 0);
        lone.read(3, 9);
        lone.now += LoneClient.SECOND / 2;
        lone.step(new Control.TimerFired());
        lone.outcome(1, Outcome.Unknown.class);
        for (int i = 4; i < 20 && !lone.outcomes.containsKey(2L); i++) {
            lone.read(i, 9);
            lone.answer(lone.request());
        }
        lone.outcome(2, Outcome.Done.class);
    }
}
