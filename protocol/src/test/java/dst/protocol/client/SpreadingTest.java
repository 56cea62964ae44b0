package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Boot;
import dst.protocol.ClientControl;
import dst.protocol.ClientPolicy;
import dst.protocol.Control;
import dst.protocol.Holding;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Overlap;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.wire.Message;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes over which of several links, and where it goes when one of them is lost, silent or slow (T2, T4, D3, L1, R7). */
class SpreadingTest {
    private LoneClient lone = LoneClient.attached(LoneClient.settings(), 3);

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private void use(LoneClient other) {
        lone.everythingIsGivenBack();
        lone = other;
    }

    private List<Integer> counts() {
        return IntStream.range(0, 3)
                .mapToObj(slot -> lone.on(slot).requests().size())
                .toList();
    }

    private int count() {
        return counts().stream().mapToInt(Integer::intValue).sum();
    }

    /** Lets time pass, with a server that is alive on all links, until this. */
    private void passUntil(BooleanSupplier reached) {
        for (int i = 0; i < 1000 && !reached.getAsBoolean(); i++) {
            lone.now = Math.max(lone.now, lone.client.nextDeadline());
            lone.step(new Control.TimerFired());
            for (int slot = 0; slot < 3 && lone.connected(slot); slot++) {
                lone.on(slot).say(new Message.Pong(0));
            }
        }
        assertTrue(reached.getAsBoolean());
    }

    private List<Long> ids(int slot) {
        return lone.on(slot).requests().stream().map(Message.Request::id).toList();
    }

    @Test
    void eachRequestGoesWhereTheFewestBytesAreUnderWay() {
        lone.submit(1, new Operation.Read(0, 2048));
        lone.read(2, 10);
        lone.read(3, 11);
        lone.read(4, 12);
        assertEquals(List.of(List.of(1L), List.of(2L, 4L), List.of(3L)), List.of(ids(0), ids(1), ids(2)));
        use(LoneClient.attached(LoneClient.settings(), 3));
        for (int i = 0; i < 4; i++) {
            lone.flush(i);
        }
        assertEquals(List.of(2, 1, 1), counts(), "where those are equal, the fewest requests");
    }

    // A link that answers sooner is asked more.
    @Test
    void fastLinkCarriesMoreThanASlowOne() {
        for (int i = 0; i < 60; i += 2) {
            lone.read(i, i);
            lone.read(i + 1, i + 1);
            lone.on(0).answerAll();
        }
        assertEquals(List.of(58, 1, 1), counts());
    }

    // T2
    @Test
    void whatALostLinkCarriedGoesOverTheLivingOnesAtOnce() {
        for (int i = 0; i < 6; i++) {
            lone.write(i, i);
        }
        List<Long> lost = ids(1);
        Message.Request original = lone.on(1).requests().getFirst();
        lone.step(new LinkPort.Closed(lone.link, "reset"));
        List<Message.Request> copies = new ArrayList<>();
        copies.addAll(lone.on(0).requests());
        copies.addAll(lone.on(2).requests());
        copies.removeIf(request -> !request.resend());
        assertEquals(lost, copies.stream().map(Message.Request::id).sorted().toList());
        assertTrue(original.sameContent(copies.getFirst()));
        assertEquals(List.of(3, 2, 3), counts());
        lone.on(1);
        lone.passUntil(() -> lone.on(1).all(Message.Request.class).isEmpty());
        lone.attach();
        assertTrue(lone.on(1).requests().isEmpty(), "it is under way already");
    }

    // T2: also if it is the last one of many.
    @Test
    void whatHasNoLinkWaitsForTheNext() {
        lone.write(1, 0);
        for (int slot : List.of(2, 1, 0)) {
            lone.on(slot).step(new LinkPort.Closed(lone.link, "reset"));
        }
        lone.now += LoneClient.SECOND;
        lone.fire();
        lone.on(2).attach();
        assertEquals(List.of(1L), ids(2));
        assertTrue(lone.request().resend());
    }

    // T2
    @Test
    void whatIsNotAnsweredInTimeIsTriedOnAnotherLink() {
        lone.write(1, 0);
        assertEquals(List.of(1, 0, 0), counts());
        for (int copies = 2; copies <= 5; copies++) {
            int wanted = copies;
            passUntil(() -> count() == wanted);
            assertEquals(List.of((copies + 1) / 2, copies / 2, 0), counts());
        }
    }

    // L1: until it is heard again.
    @Test
    void linkThatIsSilentGetsNothingNewWhileOthersSpeak() {
        lone.write(1, 0);
        lone.now += 2 * LoneClient.SECOND;
        lone.on(1).say(new Message.Pong(0));
        lone.fire();
        assertEquals(1, lone.on(1).requests().size());
        for (int i = 2; i < 8; i++) {
            lone.write(i, i);
        }
        assertEquals(1, lone.on(0).requests().size());
        lone.say(new Message.Pong(0));
        lone.write(9, 9);
        assertEquals(2, lone.on(0).requests().size());
    }

    // L1
    @Test
    void deadLinkIsGivenUpAndTheOthersGoOn() {
        long dead = lone.on(1).link;
        for (int i = 0; i < 100 && !lone.closed.containsKey(dead); i++) {
            lone.now = Math.max(lone.now, lone.client.nextDeadline());
            lone.step(new Control.TimerFired());
            lone.on(0).say(new Message.Pong(0));
            lone.on(2).say(new Message.Pong(0));
        }
        assertEquals(1, lone.closed.size());
        lone.write(1, 0);
        lone.on(0).answerAll();
        lone.outcome(1, Outcome.Done.class);
    }

    // R7: a link whose bytes do not leave this host is no way for a copy, and its neighbour is.
    @Test
    void congestionIsOneLinksOwn() {
        Terms terms = new Terms(1, 1, 7, 5_000, 1 << 16, 16, 1 << 16);
        use(LoneClient.attached(LoneClient.settings(Machine.NEVER, 1 << 20, terms), 2));
        lone.on(0).sent();
        lone.on(1).sent();
        lone.submit(1, new Operation.Write(0, lone.bytes(1 << 16, 1), false));
        for (int i = 0; i < 5; i++) {
            int before = lone.on(1).requests().size();
            passUntil(() -> lone.on(1).requests().size() > before);
            lone.sent();
        }
        assertTrue(lone.on(1).requests().size() >= 5);
        assertTrue(lone.on(0).requests().size() <= 4, lone.requests().size() + " copies");
        lone.flush(2);
        assertEquals(Kind.FLUSH, lone.on(1).request().kind(), "however much is under way there");
    }

    // T2: also if more is under way there.
    @Test
    void anotherLinkIsTriedThoughTheLastOneHasLessToDo() {
        use(LoneClient.attached(LoneClient.settings(), 2));
        lone.read(1, 0);
        lone.now += LoneClient.SECOND;
        lone.submit(2, new Operation.Read(4 * 512, 4 * 512));
        lone.on(0).say(new Message.Pong(0));
        lone.on(1).say(new Message.Pong(0));
        lone.now += LoneClient.SECOND;
        lone.fire();
        assertEquals(List.of(2L, 1L), ids(1));
    }

    // T2: on a new link.
    @Test
    void pausesBeginAnewAfterALostLink() {
        use(LoneClient.attached());
        lone.write(1, 0);
        lone.pass(7 * LoneClient.SECOND);
        assertEquals(3, lone.requests().size());
        lone.lose();
        lone.attach();
        lone.pass(2 * LoneClient.SECOND - 1);
        assertEquals(1, lone.requests().size());
        lone.pass(1);
        assertEquals(2, lone.requests().size());
    }

    // R7: nor for what its neighbour lost, again and again.
    @Test
    void lostLinksFillNoOtherOneWithoutEnd() {
        use(LoneClient.attached(LoneClient.settings(), 2));
        int most = 2 * LoneClient.TERMS.bytesMax() + (1 << 16);
        for (int i = 0; i < 4; i++) {
            lone.submit(i, new Operation.Write(i * 2048, lone.bytes(2048, i), false));
        }
        for (int i = 0; i < 30; i++) {
            passUntil(() -> !lone.on(0).requests().isEmpty());
            lone.lose();
            lone.attach();
            lone.sent();
        }
        lone.on(1);
        assertTrue(lone.unsent() < most + 4096, lone.unsent() + " bytes");
        lone.on(1).sent();
        for (int slot = 0; slot < 2; slot++) {
            lone.on(slot).answerAll();
        }
        assertEquals(4, lone.outcomes.size());
    }

    // D3: nothing but the replay on any link, and it goes over all of them.
    @Test
    void replayHoldsEverythingBackOnAllLinks() {
        for (int i = 0; i < 20; i++) {
            lone.write(i, 2 * i);
            lone.on(0).answerAll();
        }
        assertEquals(20, lone.outcomes.size());
        lone.read(100, 100);
        nextBoot();
        lone.read(101, 101);
        assertEquals(List.of(16, 0, 0), counts(), "as many as were agreed, on what was there");
        lone.on(0).requests().stream().limit(8).forEach(lone::answerHonestly);
        assertEquals(List.of(16, 2, 2), counts());
        List<Long> open = ids(1);
        lone.on(1).step(new LinkPort.Closed(lone.link, "reset"));
        assertTrue(ids(2).containsAll(open), "the other living links do its part");
        assertTrue(IntStream.range(0, 3)
                .allMatch(slot -> lone.on(slot).requests().stream().allMatch(Message.Request::replay)));
        lone.now += LoneClient.SECOND;
        lone.fire();
        lone.on(1).attach();
        for (int slot : List.of(2, 0)) {
            assertTrue(lone.on(1).all(Message.Replayed.class).isEmpty());
            answerReplays(slot);
        }
        for (int slot = 0; slot < 3; slot++) {
            List<Message> said = lone.heard.get(lone.on(slot).link);
            int replayed = said.indexOf(new Message.Replayed(1, lone.boot));
            assertTrue(replayed > 0, "slot " + slot);
            assertTrue(said.stream()
                    .limit(replayed)
                    .noneMatch(one -> one instanceof Message.Request request && !request.replay()));
        }
        lone.on(2).lose();
        lone.attach();
        assertEquals(1, lone.all(Message.Replayed.class).size(), "again, to a link that comes later");
    }

    private void answerReplays(int slot) {
        for (Message.Request request : lone.on(slot).requests()) {
            if (request.replay()) {
                lone.answerHonestly(request);
            }
        }
    }

    /** All links are lost, and all come back in the next boot, the first one first. */
    private void nextBoot() {
        lone.renew();
        for (int slot = 0; slot < 3; slot++) {
            lone.on(slot).step(new LinkPort.Closed(lone.link, "reset"));
        }
        lone.now += LoneClient.SECOND;
        lone.fire();
        for (int slot = 0; slot < 3; slot++) {
            lone.on(slot).attach();
        }
    }

    // T4: neither the answer nor its commit number counts, on whatever link it comes.
    @Test
    void answerOfAnEarlierBootIsDiscarded() {
        lone.write(1, 0);
        lone.on(0).answerAll();
        lone.write(2, 5);
        long id = lone.on(0).request().id();
        Boot earlier = lone.boot;
        nextBoot();
        answerReplays(0);
        for (int slot = 0; slot < 3; slot++) {
            lone.on(slot).say(new Message.Answer(id, Problem.NONE, 1, earlier, 2, 2, Unpooled.EMPTY_BUFFER));
        }
        assertFalse(lone.outcomes.containsKey(2L));
        nextBoot();
        assertTrue(lone.on(0).requests().getFirst().replay(), "it was not released by the commit number");
    }

    // D2: answers of different links overtake each other.
    @Test
    void commitNumberCountsForAnswersThatCameTooLateForIt() {
        lone.write(1, 0);
        Message.Request write = lone.on(0).request();
        lone.flush(2);
        lone.on(1)
                .say(new Message.Answer(
                        lone.on(1).request().id(), Problem.NONE, 1, lone.boot, 0, 7, Unpooled.EMPTY_BUFFER));
        lone.on(0).say(new Message.Answer(write.id(), Problem.NONE, 1, lone.boot, 7, 0, Unpooled.EMPTY_BUFFER));
        nextBoot();
        assertTrue(lone.on(0).requests().isEmpty());
        lone.write(3, 0);
        lone.on(0).answerAll();
        nextBoot();
        assertTrue(lone.on(0).requests().getFirst().replay(), "the numbers of a boot are its own");
    }

    // T2: so often and no more, by whatever it was sent again.
    @Test
    void attemptsAreLimited() {
        ClientPolicy twice = new ClientPolicy(1, Overlap.WAIT, 0, Holding.TAKE, 2);
        use(LoneClient.attached(LoneClient.settings().with(twice)));
        lone.write(1, 0);
        lone.lose();
        lone.attach();
        lone.answerHonestly(lone.request());
        lone.outcome(1, Outcome.Done.class);
        lone.write(2, 5);
        lone.pass(3 * LoneClient.SECOND);
        assertEquals(3, lone.requests().size());
        assertFalse(lone.outcomes.containsKey(2L));
        lone.pass(10 * LoneClient.SECOND);
        assertEquals(Problem.TIMED_OUT, lone.outcome(2, Outcome.Unknown.class).problem());
        assertEquals(3, lone.requests().size());
        lone.write(3, 7);
        lone.lose();
        lone.attach();
        lone.lose();
        lone.attach();
        lone.outcome(3, Outcome.Unknown.class);
        assertTrue(lone.requests().stream().noneMatch(request -> request.offset() == 7 * 512));
    }

    // T2, D3, D4: not those that the client owes.
    @Test
    void attemptsOfReplaysAndOwnFlushesAreNot() {
        ClientPolicy once = new ClientPolicy(1, Overlap.WAIT, 0, Holding.TAKE, 1);
        use(LoneClient.attached(LoneClient.settings().with(once)));
        lone.write(1, 0);
        lone.answerAll();
        lone.nextBoot();
        lone.pass(100 * LoneClient.SECOND);
        assertTrue(lone.requests().size() > 2);
        lone.answer(lone.request());
        lone.step(new ClientControl.Detach(Machine.NEVER));
        lone.pass(100 * LoneClient.SECOND);
        lone.answer(lone.request());
        assertEquals(1, lone.detached.size());
    }
}
