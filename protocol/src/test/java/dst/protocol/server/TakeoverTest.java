package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Closing;
import dst.protocol.DiskRequest;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Problem;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An export changes hands, and a holder comes back over other links (H5, L2, G3). */
class TakeoverTest {
    private final LoneServer lone = LoneServer.open();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    // H5
    @Test
    void serverGrantsOnlyAfterWhatRunsEndedAndAFlushAndTheRecord() {
        long ann = lone.attach(LoneServer.ANN);
        lone.say(ann, lone.write(1, 0));
        long bob = lone.connect();
        lone.ask(bob, LoneServer.BOB, 1);
        assertEquals(1, lone.disk.size());
        assertTrue(lone.closed.containsKey(ann));
        lone.end(0);
        assertInstanceOf(DiskRequest.Flush.class, lone.disk.getFirst());
        assertTrue(lone.persists.isEmpty());
        lone.end(0);
        assertTrue(lone.all(bob, Message.Attached.class).isEmpty());
        lone.persistAll();
        assertEquals(
                new Holder(2, LoneServer.BOB),
                lone.last(bob, Message.Attached.class).holder());
    }

    // H5, G3
    @Test
    void serverStartsNothingOfTheOldHolderOnceItChangesHands() {
        long ann = lone.attach(LoneServer.ANN);
        lone.say(ann, lone.write(1, 0));
        lone.say(ann, lone.write(2, 0));
        long bob = lone.connect();
        lone.ask(bob, LoneServer.BOB, 1);
        lone.say(ann, lone.write(3, 5));
        lone.end(0);
        assertInstanceOf(DiskRequest.Flush.class, lone.disk.getFirst());
        assertEquals(1, lone.disk.size());
    }

    // H5
    @Test
    void oldHolderHearsNotReadyUntilTheRecordAndReplacedAfterIt() {
        lone.attach(LoneServer.ANN);
        Holder old = lone.holder;
        lone.ask(lone.connect(), LoneServer.BOB, 1);
        long before = lone.connect();
        lone.say(before, lone.hello(LoneServer.ANN, 9, old));
        assertEquals(Problem.NOT_READY, lone.refusal(before));
        lone.endAll();
        lone.persistAll();
        long after = lone.connect();
        lone.say(after, lone.hello(LoneServer.ANN, 10, old));
        assertEquals(Problem.REPLACED, lone.refusal(after));
    }

    // H5
    @Test
    void failedFlushRefusesTheGrantAndTheOldHolderStays() {
        lone.attach(LoneServer.ANN);
        long bob = lone.connect();
        lone.ask(bob, LoneServer.BOB, 1);
        lone.fail(0);
        assertEquals(Closing.Cause.BOOT_ENDED, lone.closed.get(bob).cause());
        lone.endAll();
        lone.drawBoot();
        assertTrue(lone.persists.isEmpty());
        long ann = lone.join(LoneServer.ANN);
        assertEquals(lone.holder, lone.last(ann, Message.Attached.class).holder());
    }

    // H5
    @Test
    void takerThatGoesBeforeTheRecordLeavesTheHolderInPlace() {
        lone.attach(LoneServer.ANN);
        long bob = lone.connect();
        lone.ask(bob, LoneServer.BOB, 1);
        lone.step(new LinkPort.Closed(bob, "gone"));
        lone.endAll();
        assertTrue(lone.persists.isEmpty());
        long ann = lone.join(LoneServer.ANN);
        assertEquals(1, lone.last(ann, Message.Attached.class).holder().epoch());
    }

    // H5: repeated by the holder, it joins.
    @Test
    void takerWhoseGrantWasLostJoinsWithTheSameToken() {
        long first = lone.connect();
        lone.ask(first, LoneServer.ANN, 1);
        lone.endAll();
        lone.step(new LinkPort.Closed(first, "gone"));
        lone.persistAll();
        long second = lone.connect();
        lone.ask(second, LoneServer.ANN, 2);
        assertEquals(lone.holder, lone.last(second, Message.Attached.class).holder());
        assertTrue(lone.persists.isEmpty());
    }

    // H5
    @Test
    void onlyTheCurrentEpochCanBeEnded() {
        lone.attach(LoneServer.ANN);
        long bob = lone.connect();
        Message.Welcome welcome = lone.greet(bob, LoneServer.BOB, 1, Holder.NOBODY);
        lone.say(bob, new Message.Attach(welcome.agreement(), welcome.epoch() - 1, false));
        assertEquals(Problem.EPOCH_NOT_CURRENT, lone.refusal(bob));
    }

    // H5, H3: nobody's token is no token.
    @Test
    void clientWithoutATokenIsRefused() {
        long link = lone.connect();
        lone.say(link, lone.hello(Unique.NONE, 1, Holder.NOBODY));
        assertEquals(Problem.MALFORMED, lone.refusal(link));
        assertEquals("H5", lone.closed.get(link).rule());
    }

    // H5
    @Test
    void takerIsOwedUnlessTheHolderReplayedInThisBoot() {
        long ann = lone.attach(LoneServer.ANN);
        assertFalse(lone.last(ann, Message.Attached.class).owed());
        long bob = lone.attach(LoneServer.BOB);
        assertTrue(lone.last(bob, Message.Attached.class).owed());
        lone.say(bob, new Message.Replayed(lone.holder.epoch(), lone.boot));
        long again = lone.attach(LoneServer.ANN);
        assertFalse(lone.last(again, Message.Attached.class).owed());
    }

    // H5
    @Test
    void takerIsNotOwedAfterACleanGoodbye() {
        long ann = lone.attach(LoneServer.ANN);
        lone.say(ann, new Message.Goodbye(true, 0, lone.boot, "detached"));
        assertEquals(Closing.Cause.DONE, lone.closed.get(ann).cause());
        lone.persistAll();
        long bob = lone.attach(LoneServer.BOB);
        assertFalse(lone.last(bob, Message.Attached.class).owed());
    }

    // L2
    @Test
    void newerLinkOfTheSlotSupersedesTheOlderAtOnce() {
        long first = lone.attach(LoneServer.ANN);
        long second = lone.join(LoneServer.ANN);
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(first).cause());
        lone.say(first, lone.write(1, 0));
        assertTrue(lone.disk.isEmpty());
        lone.say(second, lone.write(1, 0));
        assertEquals(1, lone.disk.size());
    }

    // L2: only a newer link of the same slot supersedes.
    @Test
    void lateEchoOfAnOlderLinkDoesNotSupersedeTheNewerOne() {
        lone.attach(LoneServer.ANN);
        long older = lone.connect();
        Message.Welcome welcome = lone.greet(older, LoneServer.ANN, older, lone.holder);
        long newer = lone.join(LoneServer.ANN);
        lone.say(older, new Message.Attach(welcome.agreement(), welcome.epoch(), true));
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(older).cause());
        assertFalse(lone.closed.containsKey(newer));
    }

    // L2
    @Test
    void lateEchoOfATakersOlderLinkDoesNotTakeTheNewerOnesPlace() {
        lone.attach(LoneServer.ANN);
        long older = lone.connect();
        Message.Welcome welcome = lone.greet(older, LoneServer.BOB, 1, Holder.NOBODY);
        long newer = lone.connect();
        lone.ask(newer, LoneServer.BOB, 2);
        lone.say(older, new Message.Attach(welcome.agreement(), welcome.epoch(), false));
        lone.endAll();
        lone.persistAll();
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(older).cause());
        assertEquals(2, lone.last(newer, Message.Attached.class).holder().epoch());
    }

    // T4, D2: an answer after a change of hands would speak of another epoch.
    @Test
    void whatStillRanForTheOldHolderIsAnsweredToNobody() {
        long ann = lone.attach(LoneServer.ANN);
        lone.say(ann, lone.write(1, 0));
        long bob = lone.connect();
        lone.ask(bob, LoneServer.BOB, 1);
        lone.endAll();
        lone.persistAll();
        assertTrue(lone.answers(ann).isEmpty());
        assertTrue(lone.answers(bob).isEmpty());
    }
}
