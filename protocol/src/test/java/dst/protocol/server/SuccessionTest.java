package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Problem;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a change of hands leaves on record wherever the server's process ends, and what whoever comes next is told (H5, G1, G3). */
class SuccessionTest {
    private static final Holder ANNS = new Holder(1, LoneServer.ANN);
    private static final Holder BOBS = new Holder(2, LoneServer.BOB);

    private final LoneServer lone = LoneServer.open();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private final long ann = lone.attach(LoneServer.ANN);

    private long comesBack(Unique token, Holder held) {
        return lone.attach(lone.connect(), lone.hello(token, 0, 100 + lone.closed.size(), held));
    }

    private boolean owed(long link) {
        return lone.last(link, Message.Attached.class).owed();
    }

    private Holder granted(long link) {
        return lone.last(link, Message.Attached.class).holder();
    }

    // H5
    @Test
    void serverThatDiesWhileDrainingLeavesTheOldHolder() {
        lone.say(ann, lone.write(1, 0));
        lone.ask(lone.connect(), LoneServer.BOB, 1);
        assertInstanceOf(DiskRequest.Write.class, lone.disk.getFirst());
        lone.restart(ANNS);
        assertEquals(ANNS, granted(comesBack(LoneServer.ANN, ANNS)));
    }

    // H5
    @Test
    void serverThatDiesWhileFlushingLeavesTheOldHolder() {
        lone.ask(lone.connect(), LoneServer.BOB, 1);
        assertInstanceOf(DiskRequest.Flush.class, lone.disk.getFirst());
        lone.restart(ANNS);
        assertEquals(ANNS, granted(comesBack(LoneServer.ANN, ANNS)));
        assertTrue(lone.persists.isEmpty());
    }

    // H5: what was being recorded was not: the taker asks again, and the holder is not told that it was replaced.
    @Test
    void serverThatDiesBeforeTheRecordIsDurableLeavesTheOldHolder() {
        lone.ask(lone.connect(), LoneServer.BOB, 1);
        lone.endAll();
        assertEquals(BOBS, lone.persists.getFirst().holder());
        lone.restart(ANNS);
        long bob = comesBack(LoneServer.BOB, Holder.NOBODY);
        assertTrue(lone.all(bob, Message.Attached.class).isEmpty());
        lone.endAll();
        lone.persistAll();
        assertEquals(BOBS, granted(bob));
    }

    // H5: what was being recorded was: the taker was never granted, but it joins, and the old holder hears "replaced".
    @Test
    void serverThatDiesWhenTheRecordIsDurableLeavesTheTaker() {
        lone.ask(lone.connect(), LoneServer.BOB, 1);
        lone.endAll();
        lone.restart(BOBS);
        assertEquals(Problem.REPLACED, lone.refusal(comesBack(LoneServer.ANN, ANNS)));
        assertEquals(BOBS, granted(comesBack(LoneServer.BOB, Holder.NOBODY)));
        assertTrue(lone.persists.isEmpty());
    }

    // H5
    @Test
    void serverThatDiesAfterTheGrantLeavesTheTaker() {
        lone.attach(LoneServer.BOB);
        lone.restart(BOBS);
        assertEquals(Problem.REPLACED, lone.refusal(comesBack(LoneServer.ANN, ANNS)));
        assertEquals(BOBS, granted(comesBack(LoneServer.BOB, BOBS)));
    }

    // H5: at each step, until the record is durable, the old holder waits; nothing of it starts (G3).
    @Test
    void oldHolderHearsNotReadyAtEveryStepBeforeTheRecord() {
        lone.say(ann, lone.write(1, 0));
        lone.ask(lone.connect(), LoneServer.BOB, 1);
        assertEquals(Problem.NOT_READY, lone.refusal(comesBack(LoneServer.ANN, ANNS)));
        lone.end(0);
        assertEquals(Problem.NOT_READY, lone.refusal(comesBack(LoneServer.ANN, ANNS)));
        lone.end(0);
        assertFalse(lone.persists.isEmpty());
        assertEquals(Problem.NOT_READY, lone.refusal(comesBack(LoneServer.ANN, ANNS)));
        lone.persistAll();
        assertEquals(Problem.REPLACED, lone.refusal(comesBack(LoneServer.ANN, ANNS)));
    }

    // H5: a third one waits too, and then finds another epoch.
    @Test
    void secondTakerWaitsForTheFirst() {
        long early = lone.connect();
        Message.Welcome welcome = lone.greet(early, new Unique(0xC, 1), 1, Holder.NOBODY);
        lone.ask(lone.connect(), LoneServer.BOB, 1);
        assertEquals(Problem.NOT_READY, lone.refusal(comesBack(new Unique(0xD, 1), Holder.NOBODY)));
        lone.endAll();
        lone.persistAll();
        lone.say(early, new Message.Attach(welcome.agreement(), welcome.epoch(), false));
        assertEquals(Problem.EPOCH_NOT_CURRENT, lone.refusal(early));
    }

    // H5: a record that the server did not ask for, or not yet, grants nothing.
    @Test
    void recordThatWasNotAskedForGrantsNothing() {
        long bob = lone.connect();
        lone.ask(bob, LoneServer.BOB, 1);
        lone.step(new DurablePort.Kept("disk", BOBS));
        assertTrue(lone.all(bob, Message.Attached.class).isEmpty());
    }

    // H5: said in this boot, it is true for this boot.
    @Test
    void takerIsOwedWhenTheHolderHasNotReplayedInTheNewBoot() {
        lone.say(ann, new Message.Replayed(1, lone.boot));
        lone.restart(ANNS);
        long back = comesBack(LoneServer.ANN, ANNS);
        assertTrue(owed(back));
        assertTrue(owed(lone.attach(LoneServer.BOB)));
    }

    // H5, D3
    @Test
    void takerIsNotOwedWhenTheHolderHasReplayedInTheNewBoot() {
        lone.restart(ANNS);
        long back = comesBack(LoneServer.ANN, ANNS);
        lone.say(back, new Message.Replayed(1, lone.boot));
        assertFalse(owed(lone.attach(LoneServer.BOB)));
    }

    // H5: the flush of the takeover made durable what the holder had; a boot that ends after it takes nothing away.
    @Test
    void takerIsNotOwedWhenTheBootEndsAfterTheFlushOfItsTakeover() {
        lone.say(ann, new Message.Replayed(1, lone.boot));
        lone.ask(lone.connect(), LoneServer.BOB, 1);
        lone.endAll();
        lone.step(new DiskPort.Opened(0, lone.boot = new Boot(2, new Unique(2, 2)), BootCause.REOPENED));
        lone.persistAll();
        assertFalse(owed(comesBack(LoneServer.BOB, Holder.NOBODY)));
    }

    // H5: a clean goodbye ends the epoch on record, before anybody is granted or told of it.
    @Test
    void cleanGoodbyeEndsTheEpochOnRecord() {
        lone.say(ann, new Message.Goodbye(true, 0, lone.boot, "detached"));
        assertEquals(new Holder(2, Unique.NONE, true), lone.persists.getFirst().holder());
        assertEquals(Problem.NOT_READY, lone.refusal(comesBack(LoneServer.BOB, Holder.NOBODY)));
        lone.persistAll();
        long bob = lone.attach(LoneServer.BOB);
        assertEquals(new Holder(3, LoneServer.BOB), granted(bob));
        assertFalse(owed(bob));
    }

    // H5: that is what survives the server.
    @Test
    void nobodyIsOwedAfterACleanGoodbyeAndARestart() {
        lone.say(ann, new Message.Goodbye(true, 0, lone.boot, "detached"));
        lone.persistAll();
        lone.restart(lone.holder);
        assertFalse(owed(lone.attach(LoneServer.BOB)));
    }

    // H5: a goodbye that did not get on record before the server died is as if it had not been said.
    @Test
    void somebodyIsOwedIfTheGoodbyeDidNotGetOnRecord() {
        lone.say(ann, new Message.Goodbye(true, 0, lone.boot, "detached"));
        lone.restart(ANNS);
        assertTrue(owed(lone.attach(LoneServer.BOB)));
    }

    // H5, D5: clean means of this boot.
    @Test
    void goodbyeOfAnotherBootIsNotClean() {
        lone.say(ann, new Message.Goodbye(true, 0, new Boot(7, new Unique(7, 7)), "detached"));
        assertTrue(lone.persists.isEmpty());
        assertTrue(owed(lone.attach(LoneServer.BOB)));
    }

    // H5, G3: what still runs for whoever has left ends before the next one is granted.
    @Test
    void cleanGoodbyeDoesNotSpareTheNextHolderDrainingAndFlushing() {
        lone.say(ann, lone.write(1, 0));
        lone.say(ann, lone.write(2, 0));
        lone.say(ann, new Message.Goodbye(true, 0, lone.boot, "detached"));
        lone.persistAll();
        long bob = lone.connect();
        lone.ask(bob, LoneServer.BOB, 1);
        assertEquals(1, lone.disk.size());
        lone.end(0);
        assertInstanceOf(DiskRequest.Flush.class, lone.disk.getFirst());
        assertTrue(lone.all(bob, Message.Attached.class).isEmpty());
        lone.endAll();
        lone.persistAll();
        assertEquals(new Holder(3, LoneServer.BOB), granted(bob));
    }

    // H5: an epoch that the server ended by force is not a clean one; what it had not flushed is owed after a restart.
    @Test
    void epochThatWasEndedByForceStaysOwed() {
        lone.say(ann, new Message.Replayed(1, lone.boot));
        lone.say(ann, lone.write(1, 0));
        lone.say(ann, lone.write(1, 0, 99, Message.Request.RESEND, Settled.NONE));
        lone.persistAll();
        assertEquals(new Holder(2, Unique.NONE), lone.holder);
        lone.restart(lone.holder);
        assertTrue(owed(lone.attach(LoneServer.BOB)));
    }

    // H5: in the boot in which it had replayed the taker's flush keeps all of it.
    @Test
    void nobodyIsOwedForAnEpochEndedByForceInTheBootInWhichItReplayed() {
        lone.say(ann, new Message.Replayed(1, lone.boot));
        lone.say(ann, lone.write(1, 0));
        lone.say(ann, lone.write(1, 0, 99, Message.Request.RESEND, Settled.NONE));
        lone.persistAll();
        assertFalse(owed(lone.attach(LoneServer.BOB)));
    }

    // H5: who is not to take an export from anybody is told that somebody has it, as long as he is there.
    @Test
    void welcomeSaysThatSomebodyElseLivesInTheExport() {
        assertFalse(lone.last(ann, Message.Welcome.class).occupied());
        long bob = lone.connect();
        assertTrue(lone.greet(bob, LoneServer.BOB, 1, Holder.NOBODY).occupied());
        long own = lone.connect();
        assertFalse(lone.greet(own, LoneServer.ANN, own, ANNS).occupied());
        lone.step(new LinkPort.Closed(ann, "gone"));
        assertFalse(lone.greet(lone.connect(), LoneServer.BOB, 2, Holder.NOBODY).occupied(), "who has no link is away");
    }

    // H5: nor does he take it from somebody who came back before his echo; he hears of him first.
    @Test
    void whoWasToldThatNobodyLivesThereIsToldAgainIfSomebodyHasComeBack() {
        lone.step(new LinkPort.Closed(ann, "gone"));
        long bob = lone.connect();
        Message.Welcome welcome = lone.greet(bob, LoneServer.BOB, 1, Holder.NOBODY);
        assertFalse(welcome.occupied());
        long back = lone.join(LoneServer.ANN);
        lone.say(bob, new Message.Attach(welcome.agreement(), welcome.epoch(), false));
        assertEquals(Problem.NOT_READY, lone.refusal(bob));
        assertFalse(lone.closed.containsKey(back));
        lone.ask(lone.connect(), LoneServer.BOB, 2);
        assertTrue(lone.closed.containsKey(back), "who takes it all the same may");
    }
}
