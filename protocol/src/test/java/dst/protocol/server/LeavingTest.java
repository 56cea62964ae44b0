package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Machine;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server goes away, to come back: in order, or at its deadline; and what the next one knows of it (L6, H5). */
class LeavingTest {
    private static final long SECOND = 1_000_000_000L;
    private static final List<ServerControl.Left> CLEAN = List.of(new ServerControl.Left(true));
    private static final List<ServerControl.Left> UNCLEAN = List.of(new ServerControl.Left(false));

    private final LoneServer lone = LoneServer.open();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private final long ann = lone.attach(LoneServer.ANN);

    private void leave() {
        lone.step(new ServerControl.Leave(SECOND));
    }

    private void leaveInOrder() {
        leave();
        lone.endAll();
        lone.persistAll();
    }

    private Message.Refuse goneAway(long link) {
        Message.Refuse refuse = lone.last(link, Message.Refuse.class);
        assertEquals(Problem.GOES_AWAY, refuse.problem());
        assertEquals(Closing.Cause.DONE, lone.closed.get(link).cause());
        return refuse;
    }

    private boolean owed(long link) {
        return lone.last(link, Message.Attached.class).owed();
    }

    // L6
    @Test
    void whatRunsIsAnsweredAndFlushedAndThenItsClientIsTold() {
        lone.say(ann, lone.write(1, 0));
        leave();
        assertEquals(1, lone.disk.size());
        lone.end(0);
        assertEquals(Problem.NONE, lone.answer(ann).problem());
        assertInstanceOf(DiskRequest.Flush.class, lone.disk.getFirst());
        assertFalse(lone.closed.containsKey(ann));
        lone.end(0);
        assertEquals(
                new Holder(1, LoneServer.ANN, false, 1),
                lone.persists.getFirst().holder());
        assertTrue(lone.left.isEmpty(), "what is said to be on record has to be");
        lone.persistAll();
        assertEquals(1, goneAway(ann).commit());
        assertEquals(CLEAN, lone.left);
        assertEquals(Machine.NEVER, lone.server.nextDeadline());
    }

    // L6: whoever only holds it keeps nobody waiting.
    @Test
    void idleHolderIsToldAtOnce() {
        leaveInOrder();
        goneAway(ann);
        assertEquals(CLEAN, lone.left);
    }

    // L6: a flush that is asked for already serves the same end.
    @Test
    void flushThatWaitsIsAnswered() {
        lone.say(ann, lone.write(1, 0));
        lone.say(ann, lone.flush(2));
        leaveInOrder();
        assertEquals(
                List.of(1L, 2L),
                lone.answers(ann).stream().map(Message.Answer::id).toList());
    }

    // L6: it is sent again in the next boot, so it is not answered in this one.
    @Test
    void nothingThatIsHeldOrComesLaterStarts() {
        lone.say(ann, lone.write(1, 0));
        lone.say(ann, lone.write(2, 0));
        leave();
        lone.say(ann, lone.write(3, 9));
        lone.say(ann, lone.read(4, 9));
        lone.end(0);
        assertEquals(1, lone.disk.size());
        assertInstanceOf(DiskRequest.Flush.class, lone.disk.getFirst());
        lone.endAll();
        lone.persistAll();
        assertEquals(
                List.of(1L), lone.answers(ann).stream().map(Message.Answer::id).toList());
        assertEquals(CLEAN, lone.left);
    }

    // L6, R4: what had begun is brought to its end.
    @Test
    void restOfAShortTransferIsNoBeginning() {
        lone.say(ann, lone.request(1, Kind.WRITE, 0, 2, 0, Settled.NONE, 1));
        leave();
        lone.end(0, new DiskResult.Transferred(LoneServer.BLOCK));
        assertInstanceOf(DiskRequest.Write.class, lone.disk.getFirst());
        lone.endAll();
        lone.persistAll();
        assertEquals(Problem.NONE, lone.answer(ann).problem());
        assertEquals(CLEAN, lone.left);
    }

    // L6
    @Test
    void whoComesMeanwhileHearsThatItGoesAway() {
        long proposed = lone.connect();
        Message.Welcome welcome = lone.greet(proposed, LoneServer.BOB, 1, Holder.NOBODY);
        leave();
        lone.say(proposed, new Message.Attach(welcome.agreement(), welcome.epoch(), false));
        goneOrRefused(proposed);
        long late = lone.connect();
        lone.say(late, lone.hello(LoneServer.ANN, 0, 9, lone.holder));
        goneOrRefused(late);
    }

    private void goneOrRefused(long link) {
        assertEquals(Problem.GOES_AWAY, lone.refusal(link));
        assertTrue(lone.closed.containsKey(link));
    }

    // L6, H5
    @Test
    void takerThatIsNotRecordedIsSentAway() {
        long bob = lone.connect();
        lone.ask(bob, LoneServer.BOB, 1);
        leaveInOrder();
        goneAway(bob);
        assertEquals(LoneServer.ANN, lone.holder.token());
        assertEquals(CLEAN, lone.left);
    }

    // L6, H5: it joins in the next boot, where nothing is owed.
    @Test
    void takerThatIsBeingRecordedIsNotGrantedAndStaysOnRecord() {
        lone.say(ann, new Message.Replayed(1, lone.boot));
        long bob = lone.connect();
        lone.ask(bob, LoneServer.BOB, 1);
        lone.endAll();
        leave();
        lone.persistAll();
        lone.endAll();
        lone.persistAll();
        assertTrue(lone.all(bob, Message.Attached.class).isEmpty());
        assertEquals(CLEAN, lone.left);
        assertEquals(new Holder(2, LoneServer.BOB, false, 1), lone.holder);
        lone.restart(lone.holder);
        assertFalse(owed(lone.join(LoneServer.BOB)));
    }

    // L6
    @Test
    void deadlineComesFirstAndNothingIsClaimed() {
        lone.say(ann, lone.write(1, 0));
        leave();
        assertEquals(SECOND, lone.server.nextDeadline());
        lone.now = SECOND;
        lone.fire();
        assertEquals(0, goneAway(ann).commit());
        assertEquals(UNCLEAN, lone.left);
        assertTrue(lone.persists.isEmpty());
        assertEquals(Machine.NEVER, lone.server.nextDeadline());
    }

    // L6, D5: what the failed flush may have lost nobody is let in to write again.
    @Test
    void failedFlushIsNotClean() {
        lone.say(ann, lone.write(1, 0));
        leave();
        lone.end(0);
        lone.fail(0);
        assertEquals(Closing.Cause.BOOT_ENDED, lone.closed.get(ann).cause());
        lone.endAll();
        assertEquals(UNCLEAN, lone.left);
        assertTrue(lone.persists.isEmpty());
    }

    // L6: with nobody there whose word it is, too.
    @Test
    void failedFlushIsNotCleanWhoeverUsedTheDisk() {
        lone.restart(Holder.NOBODY);
        leave();
        lone.fail(0);
        lone.endAll();
        assertEquals(UNCLEAN, lone.left);
    }

    // L6, H5: on record for the next boot,
    @Test
    void nobodyIsOwedInTheBootAfter() {
        leaveInOrder();
        lone.restart(lone.holder);
        assertFalse(owed(lone.attach(LoneServer.BOB)));
    }

    // L6, H5: ... also to the holder itself,
    @Test
    void holderComesBackAndIsOwedNothing() {
        leaveInOrder();
        lone.restart(lone.holder);
        assertFalse(owed(lone.join(LoneServer.ANN)));
    }

    // L6, H5: ... also after a second such end,
    @Test
    void leavingTwiceIsCleanTwice() {
        leaveInOrder();
        lone.restart(lone.holder);
        lone.left.clear();
        leaveInOrder();
        assertEquals(CLEAN, lone.left);
        lone.restart(lone.holder);
        assertFalse(owed(lone.attach(LoneServer.BOB)));
    }

    // L6, H5: ... and for no other: in the next one the holder may have been back, and written.
    @Test
    void somebodyIsOwedInTheBootAfterThat() {
        leaveInOrder();
        lone.restart(lone.holder);
        lone.restart(lone.holder);
        assertTrue(owed(lone.attach(LoneServer.BOB)));
    }

    // L6, D5
    @Test
    void somebodyIsOwedIfTheNextBootEndsWhileTheServerLives() {
        leaveInOrder();
        lone.restart(lone.holder);
        lone.join(LoneServer.ANN);
        lone.step(new DiskPort.Opened(0, lone.boot = new Boot(3, new Unique(3, 3)), BootCause.REOPENED));
        assertTrue(owed(lone.attach(LoneServer.BOB)));
    }

    // L6, D3: everything that this boot was given is flushed; what the one before was given is not all there.
    @Test
    void leavingBeforeTheReplayIsNotClean() {
        lone.restart(new Holder(1, LoneServer.ANN));
        leaveInOrder();
        assertEquals(UNCLEAN, lone.left);
        lone.restart(lone.holder);
        assertTrue(owed(lone.attach(LoneServer.BOB)));
    }

    // L5, H5: whoever opens the export again finds the same.
    @Test
    void nobodyIsOwedAfterACleanRemoval() {
        lone.step(new ServerControl.RemoveExport("disk", SECOND));
        lone.endAll();
        assertTrue(lone.removed.isEmpty(), "whoever opens it again has to find the record");
        lone.persistAll();
        assertEquals(List.of(new ServerControl.Removed("disk", true)), lone.removed);
        lone.restart(lone.holder);
        assertFalse(owed(lone.attach(LoneServer.BOB)));
    }

    // L6, L5: removed is removed, and no reason to stay.
    @Test
    void exportThatIsBeingRemovedGoesFirst() {
        lone.say(ann, lone.write(1, 0));
        lone.step(new ServerControl.RemoveExport("disk", Machine.NEVER));
        leave();
        lone.endAll();
        lone.persistAll();
        lone.endAll();
        assertTrue(lone.last(ann, Message.Goodbye.class).clean());
        assertEquals(1, lone.removed.size());
        assertEquals(CLEAN, lone.left);
    }

    // L6, L5
    @Test
    void diskOfARemovedExportIsLeftAlone() {
        lone.step(new ServerControl.RemoveExport("disk", Machine.NEVER));
        lone.endAll();
        lone.persistAll();
        lone.endAll();
        assertEquals(1, lone.removed.size());
        leave();
        assertTrue(lone.disk.isEmpty(), lone.disk.toString());
        assertEquals(CLEAN, lone.left);
    }

    // L6, L5
    @Test
    void removalIsOverAtTheDeadlineOfTheServer() {
        lone.say(ann, lone.write(1, 0));
        lone.step(new ServerControl.RemoveExport("disk", Machine.NEVER));
        leave();
        lone.now = SECOND;
        lone.fire();
        assertFalse(lone.last(ann, Message.Goodbye.class).clean());
        assertEquals(UNCLEAN, lone.left);
    }

    // L6, H5
    @Test
    void clientThatLeavesMeanwhileEndsItsEpoch() {
        leave();
        lone.say(ann, new Message.Goodbye(true, 0, lone.boot, "detached"));
        lone.endAll();
        lone.persistAll();
        assertEquals(new Holder(2, Unique.NONE, true), lone.holder);
        assertEquals(CLEAN, lone.left);
    }
}
