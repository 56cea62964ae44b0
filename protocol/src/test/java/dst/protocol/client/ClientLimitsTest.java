package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.wire.Message;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each limit of a client: one below it, exactly at it, and one beyond (H3, T3, T7, D3, D4, L4, R7). */
class ClientLimitsTest {
    private static final int BLOCK = LoneClient.BLOCK;

    private LoneClient lone = LoneClient.attached();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private void use(Terms terms) {
        lone.everythingIsGivenBack();
        lone = LoneClient.attached(LoneClient.settings(Machine.NEVER, 1 << 20, terms));
    }

    private static Terms terms(int transactions, int bytes) {
        return new Terms(1, 1, 7, 60_000, 4 * BLOCK, transactions, bytes);
    }

    // H3: one is kept for the client's own flush, unless there is only one.
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 2", "15, 14", "16, 15"})
    void transactionsInFlight(int agreed, int most) {
        use(terms(agreed, 64 * BLOCK));
        for (int i = 0; i < 20; i++) {
            lone.read(i, i);
            assertEquals(Math.min(i + 1, most), lone.requests().size());
        }
        lone.answer(lone.requests().getFirst());
        assertEquals(most + 1, lone.requests().size());
    }

    // H3
    @Test
    void bytesInFlight() {
        use(terms(16, 8 * BLOCK));
        lone.submit(1, new Operation.Read(0, 4 * BLOCK));
        lone.submit(2, new Operation.Read(4 * BLOCK, 3 * BLOCK));
        assertEquals(2, lone.requests().size(), "one below");
        lone.read(3, 20);
        assertEquals(3, lone.requests().size(), "exactly");
        lone.submit(4, new Operation.Trim(30 * BLOCK, 4 * BLOCK));
        assertEquals(4, lone.requests().size(), "a TRIM has none");
        lone.read(5, 40);
        assertEquals(4, lone.requests().size(), "one beyond");
        lone.answer(lone.requests().get(2));
        assertEquals(5, lone.requests().size());
    }

    // D4
    @Test
    void retainedBytes() {
        lone.everythingIsGivenBack();
        lone = LoneClient.attached(LoneClient.settings(Machine.NEVER, 4 * BLOCK, LoneClient.TERMS));
        lone.submit(1, new Operation.Zero(0, 4 * BLOCK + 1, false));
        assertEquals(Problem.TOO_LARGE, lone.outcome(1, Outcome.Refused.class).problem());
        lone.submit(2, new Operation.Zero(0, 4 * BLOCK, false));
        assertEquals(1, lone.requests().size(), "exactly");
        lone.write(3, 9);
        assertEquals(1, lone.requests().size(), "one beyond");
        lone.writeDurable(4, 20);
        assertEquals(2, lone.requests().size(), "and what has not to be retained goes on");
        lone.answerAll();
        assertEquals(4, lone.outcomes.size());
        for (int i = 5; i < 9; i++) {
            lone.write(i, i);
        }
        long writes = lone.requests().stream()
                .filter(request -> request.kind() == Kind.WRITE && !request.durable())
                .count();
        assertEquals(1 + 3, writes, "three beside the one that is retained, or on its way to be");
    }

    // R7, L4: the bytes that have not left this host; and whatever they are, the client listens.
    @Test
    void unsentBytes() {
        int most = 2 * LoneClient.TERMS.bytesMax() + (1 << 16);
        lone.write(1, 0);
        lone.sent();
        for (int i = 0; i < 2 * most / 32; i++) {
            lone.say(new Message.Ping(i));
        }
        int pongs = most / 32 + 1;
        assertEquals(pongs, lone.all(Message.Pong.class).size(), "the last one was begun exactly at the limit");
        lone.step(new LinkPort.Sent(lone.link, 31));
        lone.say(new Message.Ping(1));
        assertEquals(pongs, lone.all(Message.Pong.class).size(), "one byte beyond");
        lone.step(new LinkPort.Sent(lone.link, 1));
        lone.say(new Message.Ping(1));
        assertEquals(pongs + 1, lone.all(Message.Pong.class).size());
        lone.answer(lone.request());
        lone.outcome(1, Outcome.Done.class);
    }

    // R7, G8: a peer that lives and takes nothing is not told more and more, whatever is given up and submitted
    // meanwhile.
    @Test
    void unsentRequests() {
        lone.everythingIsGivenBack();
        lone = LoneClient.attached(LoneClient.settings(LoneClient.SECOND, 1 << 20, LoneClient.TERMS));
        int most = 2 * LoneClient.TERMS.bytesMax() + (1 << 16);
        for (int i = 0; i < 1000; i++) {
            lone.writeDurable(i, i % 200);
            if (i % 10 == 0) {
                lone.pass(2 * LoneClient.SECOND);
            }
        }
        assertTrue(lone.unsent() > most, "only what the limit stops is a test of it");
        assertTrue(lone.unsent() < most + 2 * BLOCK, lone.unsent() + " bytes");
        int before = lone.requests().size();
        lone.writeDurable(1001, 201);
        assertEquals(before, lone.requests().size());
        lone.sent();
        assertTrue(lone.requests().size() > before);
        lone.answer(lone.request());
        lone.outcome(1001, Outcome.Done.class);
    }

    // T7: so many, and the client flushes unasked.
    @Test
    void doubtsBeforeTheClientFlushes() {
        Doubts doubts = doubts(1024);
        Waiting waiting = new Waiting(new Transactions(), new Retention(), doubts);
        assertFalse(waiting.wantsFlush(LoneClient.settings()));
        doubts.add(5_000, 5_001, 1);
        assertTrue(waiting.wantsFlush(LoneClient.settings()));
    }

    // T7, R7: so many, and one stands for all of them: reads wait without need, and none that has to is let go.
    @Test
    void doubtsInAll() {
        Doubts doubts = doubts(2048);
        assertEquals(2048, doubts.size());
        assertFalse(doubts.concern(read(2 * 77 + 1)));
        doubts.add(9_000, 9_001, 3_000);
        assertEquals(1, doubts.size());
        for (long offset : List.of(0L, 2L * 77, 2L * 77 + 1, 2L * 2047, 9_000L)) {
            assertTrue(doubts.concern(read(offset)));
        }
        assertFalse(doubts.concern(read(9_001)));
        doubts.flushed(3_000);
        assertTrue(doubts.concern(read(0)), "submitted before the last of them was told");
        doubts.written(4_000, 4_001, 3_001);
        assertFalse(doubts.concern(read(4_000)));
        doubts.flushed(3_001);
        assertEquals(0, doubts.size());
    }

    // T7, R7: writes that split what is in doubt make no more of it, either.
    @Test
    void doubtsThatAreSplit() {
        Doubts doubts = new Doubts();
        doubts.add(0, 1 << 20, 1);
        for (int i = 0; i < 2047; i++) {
            doubts.written(4 * i + 2, 4 * i + 3, 2);
        }
        assertEquals(2048, doubts.size());
        doubts.written(1 << 19, (1 << 19) + 1, 2);
        assertEquals(1, doubts.size());
        assertTrue(doubts.concern(read(0)) && doubts.concern(read((1 << 20) - 1)));
    }

    private static Doubts doubts(int count) {
        Doubts doubts = new Doubts();
        for (int i = 0; i < count; i++) {
            doubts.add(2 * i, 2 * i + 1, i);
        }
        return doubts;
    }

    private static Transaction read(long offset) {
        return new Transaction(Transaction.Purpose.SUBMITTED, 1, new Operation.Read(offset, 1), 1, Machine.NEVER);
    }

    // D3
    @ParameterizedTest
    @CsvSource({"31, 31", "32, 32", "33, 32", "200, 32"})
    void replayPiecesInFlight(int agreed, int most) {
        use(terms(agreed, 1 << 20));
        for (int i = 0; i < 40; i++) {
            lone.write(i, 2 * i);
            lone.answer(lone.request());
        }
        lone.nextBoot();
        assertEquals(most, lone.requests().size());
        lone.answer(lone.requests().getFirst());
        assertEquals(most + 1, lone.requests().size());
    }

    // D3, T3: from the oldest unanswered replay to the newest, so that all of them fit the window.
    @Test
    void replayIdsAheadOfTheOldest() {
        use(terms(64, 1 << 20));
        lone.device(new Device(LoneClient.DEVICE.identity(), 1024 * BLOCK, BLOCK, Permission.BOTH));
        lone.lose();
        lone.attach();
        for (int i = 0; i < 400; i++) {
            lone.write(i, 2 * i);
            lone.answer(lone.request());
        }
        lone.nextBoot();
        for (int i = 1; i < lone.requests().size(); i++) {
            lone.answer(lone.requests().get(i));
        }
        assertEquals(384, lone.requests().size());
        lone.answer(lone.requests().getFirst());
        assertEquals(400, lone.requests().size());
    }

    // T3: the ids below the mark that a settled set can list, and a window that moves on all the same.
    @Test
    void openIdsBelowTheWindow() {
        use(terms(512, 1 << 20));
        for (int i = 0; i < 510; i++) {
            lone.read(i, 0);
        }
        for (int i = 510; i < 1500; i++) {
            lone.read(i, 1);
            assertTrue(lone.request().id() < lone.request().settled().end());
            lone.sent();
            lone.answer(lone.request());
        }
        assertEquals(510, lone.request().settled().openCount());
        lone.read(1500, 1);
        lone.read(1501, 1);
        assertEquals(1501, lone.requests().size(), "511 in flight");
    }

    // H3, T2: what the new terms allow less of waits, and all of it settles.
    @ParameterizedTest
    @CsvSource({"1, 64, 1", "4, 64, 4", "15, 64, 15", "16, 64, 15", "16, 4, 4", "16, 5, 5", "16, 15, 15"})
    void resendsStayWithinTermsThatBecameSmaller(int transactions, int blocks, int most) {
        use(terms(16, 64 * BLOCK));
        for (int i = 0; i < 15; i++) {
            lone.write(i, i);
        }
        assertEquals(15, lone.requests().size());
        lone.read(20, 20);
        lone.terms(terms(transactions, blocks * BLOCK));
        lone.nextBoot();
        assertEquals(most, lone.requests().size());
        assertTrue(lone.requests().stream().allMatch(Message.Request::resend));
        for (int i = 0; i < 15; i++) {
            long resends =
                    lone.requests().stream().filter(Message.Request::resend).count();
            assertEquals(Math.min(15, most + i), resends, "answered " + i);
            lone.answer(lone.requests().get(i));
        }
        lone.answerAll();
        assertEquals(16, lone.outcomes.size());
    }

    // H3, G6: one that is larger than everything that is allowed now goes alone, to hear so.
    @Test
    void resendThatNoLongerFitsAtAllIsSentAlone() {
        use(terms(16, 8 * BLOCK));
        lone.submit(1, new Operation.Read(0, 4 * BLOCK));
        lone.submit(2, new Operation.Read(4 * BLOCK, 4 * BLOCK));
        lone.terms(new Terms(1, 1, 7, 60_000, 2 * BLOCK, 16, 2 * BLOCK));
        lone.nextBoot();
        for (int i = 0; i < 2; i++) {
            assertEquals(i + 1, lone.requests().size());
            lone.answer(lone.request(), Problem.TOO_LARGE);
        }
        assertEquals(2, lone.outcomes.size());
    }
}
