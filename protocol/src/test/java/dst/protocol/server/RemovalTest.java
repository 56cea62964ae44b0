package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Closing;
import dst.protocol.DiskRequest;
import dst.protocol.Holder;
import dst.protocol.Machine;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An export is taken away: flushed, said and let go, by the deadline at the latest (L5). */
class RemovalTest {
    private final LoneServer lone = LoneServer.open();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private final long link = lone.attach(LoneServer.ANN);

    // L5
    @Test
    void removalFlushesSaysSoAndEnds() {
        lone.say(link, lone.write(1, 0));
        lone.step(new ServerControl.RemoveExport("disk", 1_000));
        lone.end(0);
        lone.end(0);
        lone.persistAll();
        Message.Goodbye goodbye = lone.last(link, Message.Goodbye.class);
        assertTrue(goodbye.clean());
        assertEquals(1, goodbye.commit());
        assertEquals(List.of(new ServerControl.Removed("disk", true)), lone.removed);
        assertEquals(Closing.Cause.DONE, lone.closed.get(link).cause());
    }

    // L5
    @Test
    void removalEndsAtItsDeadlineAndKeepsTheDiskUntilWhatRunsHasEnded() {
        lone.say(link, lone.write(1, 0));
        lone.step(new ServerControl.RemoveExport("disk", 1_000));
        lone.now = 1_000;
        assertEquals(lone.now, lone.server.nextDeadline());
        lone.fire();
        assertEquals(Machine.NEVER, lone.server.nextDeadline());
        assertFalse(lone.last(link, Message.Goodbye.class).clean());
        assertTrue(lone.removed.isEmpty());
        lone.end(0);
        assertEquals(List.of(new ServerControl.Removed("disk", false)), lone.removed);
    }

    // L5: a flush is an operation of the disk too; and what was not said to the client was not clean.
    @Test
    void removalKeepsTheDiskWhileItsFlushRuns() {
        lone.step(new ServerControl.RemoveExport("disk", 1_000));
        assertInstanceOf(DiskRequest.Flush.class, lone.disk.getFirst());
        lone.now = 1_000;
        lone.fire();
        assertTrue(lone.removed.isEmpty());
        lone.end(0);
        assertEquals(List.of(new ServerControl.Removed("disk", false)), lone.removed);
    }

    // L5, D5: what the failed flush may have lost nobody is let in to write again, so that there is nothing to wait
    // for.
    @Test
    void removalEndsWithAFailedFlushAndIsNotClean() {
        lone.step(new ServerControl.RemoveExport("disk", Machine.NEVER));
        lone.fail(0);
        lone.endAll();
        assertTrue(lone.removed.isEmpty());
        lone.drawBoot();
        assertEquals(List.of(new ServerControl.Removed("disk", false)), lone.removed);
    }

    // L5, D5: whoever used the disk: nobody's word is needed for it.
    @Test
    void removalWithAFailedFlushIsNotCleanAlsoIfNobodyHoldsTheExport() {
        lone.restart(Holder.NOBODY);
        lone.step(new ServerControl.RemoveExport("disk", Machine.NEVER));
        lone.fail(0);
        lone.endAll();
        assertTrue(lone.removed.isEmpty());
        lone.drawBoot();
        assertEquals(List.of(new ServerControl.Removed("disk", false)), lone.removed);
    }

    // L5, D3: in the middle of a replay not everything that was acknowledged is there.
    @Test
    void removalIsCleanInALaterBootOnlyOnceTheHolderHasReplayed() {
        assertFalse(removedCleanAfterARestart(false));
        assertTrue(removedCleanAfterARestart(true));
    }

    private boolean removedCleanAfterARestart(boolean replayed) {
        lone.restart(lone.holder);
        long back = lone.join(LoneServer.ANN);
        if (replayed) {
            lone.say(back, new Message.Replayed(lone.holder.epoch(), lone.boot));
        }
        lone.removed.clear();
        lone.step(new ServerControl.RemoveExport("disk", 1_000));
        lone.endAll();
        lone.persistAll();
        boolean clean = lone.removed.getLast().clean();
        assertEquals(clean, lone.last(back, Message.Goodbye.class).clean());
        return clean;
    }

    // L5, H5: nobody is left who could have anything to write again.
    @Test
    void removalIsCleanIfTheLastHolderHadLeftNothingBehind() {
        lone.restart(new Holder(2, Unique.NONE, true));
        lone.step(new ServerControl.RemoveExport("disk", 1_000));
        lone.endAll();
        assertEquals(List.of(new ServerControl.Removed("disk", true)), lone.removed);
    }

    // L5: what whoever flushes on and on asks for is no more than what the removal itself asks for.
    @Test
    void removalDoesNotWaitForAClientThatGoesOnFlushing() {
        lone.say(link, lone.flush(1));
        lone.step(new ServerControl.RemoveExport("disk", Machine.NEVER));
        for (int id = 2; id <= 9 && lone.removed.isEmpty(); id++) {
            lone.say(link, lone.flush(id));
            lone.end(0);
            lone.persistAll();
        }
        assertEquals(List.of(new ServerControl.Removed("disk", true)), lone.removed);
        assertEquals(1, lone.answers(link).getFirst().id());
    }

    // L5: a flush of the client's serves the same end.
    @Test
    void removalStillFlushesForTheClient() {
        lone.say(link, lone.write(1, 0));
        lone.step(new ServerControl.RemoveExport("disk", 1_000));
        lone.say(link, lone.flush(2));
        lone.say(link, lone.write(3, 7));
        lone.endAll();
        lone.persistAll();
        assertEquals(
                List.of(Problem.REMOVED, Problem.NONE, Problem.NONE),
                lone.answers(link).stream().map(Message.Answer::problem).toList());
        assertEquals(1, lone.removed.size());
    }

    // L5, G6
    @Test
    void whoAsksForARemovedExportHearsThatItWasRemoved() {
        lone.step(new ServerControl.RemoveExport("disk", 1_000));
        lone.endAll();
        lone.persistAll();
        long late = lone.connect();
        lone.say(late, lone.hello(LoneServer.ANN, 9, lone.holder));
        assertEquals(Problem.REMOVED, lone.refusal(late));
    }

    @Test
    void removalWithoutADeadlineWaits() {
        lone.say(link, lone.write(1, 0));
        lone.now = 5;
        lone.step(new ServerControl.RemoveExport("disk", Machine.NEVER));
        lone.fire();
        assertTrue(lone.removed.isEmpty());
        assertFalse(lone.closed.containsKey(link));
        lone.endAll();
        lone.persistAll();
        assertEquals(1, lone.removed.size());
    }

    // L5, H5
    @Test
    void removalEndsATakeoverThatIsNotRecordedYet() {
        long bob = lone.connect();
        lone.ask(bob, LoneServer.BOB, 1);
        lone.step(new ServerControl.RemoveExport("disk", 1_000));
        lone.endAll();
        assertTrue(lone.closed.containsKey(bob));
        assertTrue(lone.removed.isEmpty(), "what is being recorded has to be known before anybody opens it again");
        lone.persistAll();
        assertEquals(1, lone.removed.size());
    }
}
