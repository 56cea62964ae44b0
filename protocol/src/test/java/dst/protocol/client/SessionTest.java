package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client's part of a handshake, and its one link's life (H1 to H6, L1 to L3). */
class SessionTest {
    private LoneClient lone = LoneClient.attached();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private void use(LoneClient other) {
        lone.everythingIsGivenBack();
        lone = other;
    }

    // H3, H5
    @Test
    void saysWhoItIsWhatItOffersAndWhatItKnows() {
        Message.Hello hello = lone.all(Message.Hello.class).getFirst();
        assertEquals(
                new Message.Hello("disk", LoneClient.TOKEN, 0, 1, LoneClient.TERMS, Holder.NOBODY, Unique.NONE), hello);
        assertEquals(
                new Message.Attach(lone.agreement(), 1, false),
                lone.all(Message.Attach.class).getFirst());
        lone.lose();
        lone.open();
        Message.Hello again = lone.all(Message.Hello.class).getFirst();
        assertEquals(LoneClient.HOLDER, again.held());
        assertEquals(LoneClient.DEVICE.identity(), again.known());
        assertEquals(2, again.generation());
        lone.welcome();
        assertTrue(lone.all(Message.Attach.class).getFirst().joins());
    }

    // H1
    @Test
    void clientEndsALinkWithoutACommonVersion() {
        use(new LoneClient(LoneClient.settings()));
        lone.step(new LinkPort.Opened(lone.link));
        lone.say(new Message.Preamble(2, 3));
        assertEquals(Closing.Cause.REFUSED, lone.closed.get(1L).cause());
    }

    // H3
    @Test
    void serverThatProposesMoreThanWasOfferedIsAccused() {
        use(new LoneClient(LoneClient.settings()));
        lone.open();
        lone.terms(Terms.DEFAULT);
        lone.welcome();
        assertEquals("H3", lone.closed.get(1L).rule());
    }

    // H3, D3: nothing could be replayed on such terms.
    @Test
    void serverThatProposesALargestTransferBelowOneBlockIsAccused() {
        use(new LoneClient(LoneClient.settings()));
        lone.open();
        lone.terms(new Terms(1, 1, 0, 5_000, 511, 16, 511));
        lone.welcome();
        assertEquals("H3", lone.closed.get(1L).rule());
    }

    // H3
    @Test
    void serverWhoseEchoDiffersIsAccused() {
        use(new LoneClient(LoneClient.settings()));
        lone.open();
        lone.welcome();
        lone.say(new Message.Attached(lone.agreement(), LoneClient.HOLDER, LoneClient.boot(5), false));
        assertEquals("H3", lone.closed.get(1L).rule());
        assertTrue(lone.changes.isEmpty());
    }

    // H5
    @Test
    void serverThatGrantsToSomebodyElseIsAccused() {
        use(new LoneClient(LoneClient.settings()));
        lone.open();
        lone.welcome();
        lone.say(new Message.Attached(lone.agreement(), new Holder(1, new Unique(3, 3)), lone.boot, false));
        assertEquals("H5", lone.closed.get(1L).rule());
    }

    // H1
    @Test
    void serverThatSpeaksOutOfTurnIsAccused() {
        List<Message> early = List.of(
                new Message.Attached(lone.agreement(), LoneClient.HOLDER, lone.boot, false),
                new Message.Answer(1, Problem.NONE, 1, lone.boot, 0, 0, Unpooled.EMPTY_BUFFER),
                new Message.Goodbye(true, 9, lone.boot, "removed"));
        for (Message message : early) {
            use(new LoneClient(LoneClient.settings()));
            lone.open();
            lone.say(message);
            assertEquals("H1", lone.closed.get(1L).rule(), message.toString());
            assertTrue(lone.failures.isEmpty());
        }
    }

    // H5
    @Test
    void clientThatKnowsAnotherDeviceRefusesAndFails() {
        use(new LoneClient(new ClientSettings(
                "disk", LoneClient.TERMS, new Unique(8, 8), Machine.NEVER, 1, 1, 1, 1, ClientPolicy.ORDINARY)));
        lone.open();
        lone.welcome();
        assertEquals(
                Problem.OTHER_DEVICE, lone.all(Message.Refuse.class).getFirst().problem());
        assertEquals(Problem.OTHER_DEVICE, lone.failures.getFirst().problem());
    }

    // H5
    @Test
    void replacedClientFailsAndNeverComesBack() {
        lone.write(1, 0);
        lone.answerAll();
        lone.write(2, 3);
        lone.lose();
        lone.read(3, 9);
        lone.open();
        lone.say(new Message.Refuse(Problem.REPLACED, "by another"));
        lone.outcome(2, Outcome.Unknown.class);
        lone.outcome(3, Outcome.Refused.class);
        assertEquals(List.of(new Range(0, 512)), lone.failures.getFirst().lost());
        assertEquals(Machine.NEVER, lone.client.nextDeadline());
        lone.write(4, 0);
        assertEquals(
                Problem.DEVICE_FAILED, lone.outcome(4, Outcome.Refused.class).problem());
    }

    // H4
    @Test
    void clientWaitsForAServerThatIsNotReady() {
        lone.lose();
        lone.open();
        lone.say(new Message.Refuse(Problem.NOT_READY, "not yet"));
        assertTrue(lone.failures.isEmpty());
        assertTrue(lone.client.nextDeadline() < lone.now + LoneClient.SECOND);
    }

    // H4, G6: a server says so only when everything that it has is set up; waiting would be for ever.
    @Test
    void exportThatTheServerDoesNotHaveFailsTheDeviceThatHeldIt() {
        lone.write(1, 0);
        lone.lose();
        lone.open();
        lone.say(new Message.Refuse(Problem.NO_SUCH_EXPORT, "never heard of it"));
        assertEquals(Problem.NO_SUCH_EXPORT, lone.failures.getFirst().problem());
        lone.outcome(1, Outcome.Unknown.class);
    }

    // H6
    @Test
    void changedDeviceIsToldUpwards() {
        Device larger = new Device(LoneClient.DEVICE.identity(), 2 * LoneClient.SIZE, 512, Permission.READ);
        lone.device(larger);
        lone.lose();
        lone.attach();
        assertEquals(larger, lone.changes.getLast().device());
        assertEquals(2, lone.changes.size());
        lone.lose();
        lone.attach();
        assertEquals(2, lone.changes.size());
    }

    // H6, G1
    @Test
    void deviceFailsIfWhatIsRetainedNoLongerFits() {
        for (Device other : List.of(
                new Device(LoneClient.DEVICE.identity(), 4 * 512, 512, Permission.BOTH),
                new Device(LoneClient.DEVICE.identity(), LoneClient.SIZE, 4096, Permission.BOTH),
                new Device(LoneClient.DEVICE.identity(), LoneClient.SIZE, 512, Permission.READ))) {
            use(LoneClient.attached(
                    LoneClient.settings(Machine.NEVER, 1 << 20, new Terms(1, 1, 7, 5_000, 4096, 16, 1 << 16))));
            lone.write(1, 9);
            lone.answerAll();
            lone.device(other);
            lone.lose();
            lone.attach();
            assertEquals(
                    List.of(new Range(9 * 512, 512)), lone.failures.getFirst().lost(), other.toString());
            assertTrue(lone.requests().isEmpty());
        }
    }

    // L3
    @Test
    void linkThatHasLivedIsTriedAgainAtOnceAndOneThatHasNotAfterAGrowingPause() {
        lone.pass(LoneClient.SECOND);
        lone.step(new LinkPort.Closed(lone.link, "reset"));
        assertEquals(lone.now, lone.client.nextDeadline());
        lone.step(new Control.TimerFired());
        long before = 0;
        for (int i = 0; i < 8; i++) {
            lone.step(new LinkPort.Closed(lone.link, "refused"));
            long pause = lone.client.nextDeadline() - lone.now;
            assertTrue(pause >= before / 2 && pause > 0, pause + " after " + before);
            assertTrue(pause <= 32 * LoneClient.SECOND / 10);
            before = pause;
            lone.now += pause;
            lone.step(new Control.TimerFired());
        }
        assertTrue(before > LoneClient.SECOND);
    }

    // L1
    @Test
    void silentServerIsAskedAndThenGivenUp() {
        long link = lone.link;
        long before = lone.now;
        lone.passUntil(() -> lone.closed.containsKey(link));
        assertEquals(2, lone.all(Message.Ping.class).size());
        assertEquals(Closing.Cause.PEER_SILENT, lone.closed.get(link).cause());
        assertEquals(15 * LoneClient.SECOND, lone.now - before);
    }

    // L1, G6: on a slow way a request may take longer than three keepalives, and its receiver has nothing to say.
    @Test
    void serverThatStillTakesWhatWaitsForItLives() {
        long link = lone.link;
        lone.submit(1, new Operation.Read(0, 512));
        for (int i = 0; i < 4; i++) {
            lone.now += 14 * LoneClient.SECOND;
            lone.step(new LinkPort.Sent(link, 1));
            lone.step(new Control.TimerFired());
        }
        assertTrue(lone.closed.isEmpty());
        lone.now += LoneClient.SECOND;
        lone.sent();
        lone.now += 14 * LoneClient.SECOND;
        lone.step(new Control.TimerFired());
        assertEquals(
                Closing.Cause.PEER_SILENT,
                lone.closed.get(link).cause(),
                "that the last byte has left is no sign of life");
    }

    // L1, G6: a link may be dead in one direction only, and this host's own kernel takes something too.
    @Test
    void serverThatTakesAndTakesAndNeverSaysAnythingIsDeadInTheEnd() {
        long link = lone.link;
        long before = lone.now;
        lone.submit(1, new Operation.Read(0, 512));
        while (lone.closed.isEmpty()) {
            lone.now += LoneClient.SECOND;
            lone.step(new LinkPort.Sent(link, 1));
            lone.step(new Control.TimerFired());
        }
        assertEquals(Closing.Cause.PEER_SILENT, lone.closed.get(link).cause());
        assertEquals(135 * LoneClient.SECOND, lone.now - before);
    }

    // L1
    @Test
    void connectThatNobodyAnswersIsGivenUp() {
        use(new LoneClient(LoneClient.settings()));
        lone.passUntil(() -> !lone.closed.isEmpty());
        assertEquals(15 * LoneClient.SECOND, lone.now);
        lone.passUntil(() -> lone.link == 2);
        assertEquals(2, lone.link);
    }

    // L1
    @Test
    void keepaliveIsAnswered() {
        lone.say(new Message.Ping(77));
        assertEquals(77, lone.all(Message.Pong.class).getFirst().nonce());
    }

    // R7, G8
    @Test
    void serverThatAsksAndNeverReadsIsNotToldMoreAndMore() {
        lone.sent();
        for (int i = 0; i < 50_000; i++) {
            lone.say(new Message.Ping(i));
        }
        int pongs = lone.all(Message.Pong.class).size();
        assertTrue(pongs < 10_000, pongs + " pongs");
        lone.sent();
        lone.say(new Message.Ping(1));
        assertEquals(pongs + 1, lone.all(Message.Pong.class).size());
    }

    // G8
    @Test
    void serverThatSendsGarbageIsAccusedAndTriedAgain() {
        long link = lone.link;
        lone.raw(new byte[64]);
        assertEquals("H1", lone.closed.get(link).rule());
        lone.passUntil(() -> lone.link != link);
        lone.attach();
        lone.read(1, 0);
        assertEquals(1, lone.requests().size());
    }

    // L2
    @Test
    void lateBytesOfALinkThatWasGivenUpAreDropped() {
        long before = lone.link;
        lone.lose();
        long now = lone.link;
        lone.link = before;
        lone.say(new Message.Ping(1));
        lone.step(new LinkPort.Opened(before));
        lone.step(new LinkPort.Closed(before, "again"));
        lone.step(new LinkPort.Sent(before, 100));
        lone.link = now;
        lone.attach();
        assertTrue(lone.closed.isEmpty());
    }

    // L6, D2: what the server had made durable is not written again, the rest is.
    @Test
    void serverThatGoesAwayIsWaitedForAndBelievedWhatIsDurable() {
        lone.write(1, 0);
        lone.answer(lone.request());
        lone.write(2, 5);
        lone.answer(lone.request());
        lone.write(3, 9);
        lone.say(new Message.Refuse(Problem.GOES_AWAY, "", 1));
        assertEquals(Closing.Cause.DONE, lone.closed.get(1L).cause());
        assertTrue(lone.failures.isEmpty());
        lone.renew();
        connectsAgain();
        lone.attach();
        assertEquals(
                List.of(5 * 512L),
                lone.requests().stream()
                        .filter(Message.Request::replay)
                        .map(Message.Request::offset)
                        .toList());
    }

    // L6: of a program that has no word for it, or to one that has not: it comes again all the same.
    @Test
    void serverThatIsNotReadyOnALinkThatLivesIsWaitedFor() {
        for (Problem problem : List.of(Problem.NOT_READY, Problem.NOT_SUPPORTED)) {
            use(LoneClient.attached());
            lone.say(new Message.Refuse(problem, ""));
            assertTrue(lone.failures.isEmpty());
            assertTrue(lone.client.nextDeadline() < LoneClient.SECOND * 10);
        }
    }

    // L6, L3, G8: a server that goes on and on saying so is not asked more often than one that is not there.
    @Test
    void serverThatGoesAwayForEverDoesNotMakeTheClientSpin() {
        int connects = 0;
        while (lone.now < 60 * LoneClient.SECOND) {
            lone.say(new Message.Refuse(Problem.GOES_AWAY, "", 0));
            connectsAgain();
            lone.attach();
            connects++;
        }
        assertTrue(connects < 200, connects + " connects in a minute");
        assertTrue(lone.failures.isEmpty());
    }

    private void connectsAgain() {
        long before = lone.link;
        lone.passUntil(() -> lone.link != before);
    }
}
