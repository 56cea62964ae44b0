package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientControl;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Kind;
import dst.protocol.Machine;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.wire.Message;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client leaves: flushed and said, by its deadline at the latest (L5). */
class DetachTest {
    private LoneClient lone = LoneClient.attached();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private void use(LoneClient other) {
        lone.everythingIsGivenBack();
        lone = other;
    }

    // L5
    @Test
    void detachEndsWhatIsPendingFlushesAndSaysGoodbye() {
        lone.write(1, 0);
        lone.step(new ClientControl.Detach(LoneClient.SECOND));
        lone.write(2, 5);
        assertEquals(Problem.DETACHED, lone.outcome(2, Outcome.Refused.class).problem());
        assertEquals(1, lone.requests().size());
        lone.answer(lone.request());
        assertEquals(Kind.FLUSH, lone.request().kind());
        assertTrue(lone.detached.isEmpty());
        lone.answer(lone.request());
        assertEquals(List.of(new ClientControl.Detached(List.of())), lone.detached);
        assertTrue(lone.all(Message.Goodbye.class).getFirst().clean());
        assertEquals(Closing.Cause.DONE, lone.closed.get(lone.link).cause());
        assertEquals(Machine.NEVER, lone.client.nextDeadline());
    }

    // L5
    @Test
    void detachAtItsDeadlineNamesWhatIsLost() {
        lone.write(1, 0);
        lone.answer(lone.request());
        lone.write(2, 5);
        lone.write(3, 5);
        lone.now = 7;
        lone.step(new ClientControl.Detach(100));
        assertEquals(107, lone.client.nextDeadline());
        lone.now = 107;
        lone.step(new Control.TimerFired());
        lone.outcome(2, Outcome.Unknown.class);
        lone.outcome(3, Outcome.Refused.class);
        assertEquals(List.of(new ClientControl.Detached(List.of(new Range(0, 512)))), lone.detached);
        assertTrue(lone.all(Message.Goodbye.class).isEmpty());
        assertEquals(Machine.NEVER, lone.client.nextDeadline());
    }

    // L5
    @Test
    void detachWithoutADeadlineWaits() {
        lone.now = 5;
        lone.write(1, 0);
        lone.step(new ClientControl.Detach(Machine.NEVER));
        lone.step(new Control.TimerFired());
        assertTrue(lone.detached.isEmpty());
        assertTrue(lone.client.nextDeadline() > lone.now);
        lone.answerAll();
        assertEquals(1, lone.detached.size());
    }

    // L5, D3: over a lost boot, too.
    @Test
    void detachReplaysWhatALostBootOwes() {
        lone.write(1, 0);
        lone.answer(lone.request());
        lone.step(new ClientControl.Detach(100 * LoneClient.SECOND));
        lone.nextBoot();
        lone.answerAll();
        assertEquals(List.of(new ClientControl.Detached(List.of())), lone.detached);
    }

    // L5
    @Test
    void removedExportFailsTheDeviceAndReleasesWhatTheServerMadeDurable() {
        lone.write(1, 0);
        lone.answer(lone.request());
        lone.write(2, 5);
        lone.answer(lone.request());
        lone.write(3, 7);
        lone.say(new Message.Goodbye(true, 1, lone.boot, "removed"));
        assertEquals(Problem.REMOVED, lone.failures.getFirst().problem());
        assertEquals(List.of(new Range(5 * 512, 512)), lone.failures.getFirst().lost());
        lone.outcome(3, Outcome.Unknown.class);
        lone.step(new ClientControl.Detach(1));
        assertEquals(1, lone.detached.size());
    }

    // L5
    @Test
    void deviceThatFailsWhileItDetachesStillDetaches() {
        lone.write(1, 0);
        lone.step(new ClientControl.Detach(LoneClient.SECOND));
        lone.say(new Message.Refuse(Problem.DISK_FAILED, "for good"));
        assertEquals(1, lone.detached.size());
        assertEquals(1, lone.failures.size());
    }
}
