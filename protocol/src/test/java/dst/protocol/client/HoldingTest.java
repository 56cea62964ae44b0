package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientPolicy;
import dst.protocol.Closing;
import dst.protocol.Holding;
import dst.protocol.Outcome;
import dst.protocol.Overlap;
import dst.protocol.Problem;
import dst.protocol.wire.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client does that finds somebody else in the export (H5). */
class HoldingTest {
    private LoneClient lone = new LoneClient(LoneClient.settings());

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private void use(Holding holding) {
        lone.everythingIsGivenBack();
        lone = new LoneClient(
                LoneClient.settings().with(new ClientPolicy(1, Overlap.WAIT, 0, holding, Integer.MAX_VALUE)));
        lone.occupied = true;
        lone.write(1, 0);
        lone.open();
        lone.welcome();
    }

    // H5
    @Test
    void clientThatTakesEndsTheOthersEpoch() {
        use(Holding.TAKE);
        assertEquals(1, lone.all(Message.Attach.class).size());
    }

    // H5
    @Test
    void clientThatWaitsComesBackUntilNobodyIsThere() {
        use(Holding.WAIT);
        for (int i = 0; i < 5; i++) {
            assertTrue(lone.all(Message.Attach.class).isEmpty());
            assertEquals(Closing.Cause.REFUSED, lone.closed.get(lone.link).cause());
            long before = lone.link;
            assertTrue(lone.client.nextDeadline() > lone.now, "after a pause");
            lone.passUntil(() -> lone.link != before);
            lone.open();
            lone.occupied = i < 4;
            lone.welcome();
        }
        assertTrue(lone.all(Message.Attach.class).isEmpty(), "it may come back");
        long free = lone.now;
        for (int i = 0; lone.all(Message.Attach.class).isEmpty(); i++) {
            assertTrue(i < 100, "it never takes it");
            long before = lone.link;
            lone.passUntil(() -> lone.link != before);
            lone.open();
            lone.welcome();
        }
        assertTrue(lone.now - free >= LoneClient.settings().courtesyNanos());
        lone.say(new Message.Attached(lone.agreement(), LoneClient.HOLDER, lone.boot, false));
        lone.answerAll();
        lone.outcome(1, Outcome.Done.class);
    }

    // H5
    @Test
    void timeBeginsAnewWithEachSightOfTheOther() {
        use(Holding.WAIT);
        long free = 0;
        for (int i = 0; lone.all(Message.Attach.class).isEmpty(); i++) {
            assertTrue(i < 100, "it never takes it");
            long before = lone.link;
            lone.passUntil(() -> lone.link != before);
            lone.open();
            lone.occupied = i == 3;
            free = i == 4 ? lone.now : free;
            lone.welcome();
        }
        assertTrue(lone.now - free >= LoneClient.settings().courtesyNanos());
    }

    // H5
    @Test
    void clientThatRefusesFailsItsDevice() {
        use(Holding.REFUSE);
        assertEquals(Problem.OCCUPIED, lone.failures.getFirst().problem());
        assertTrue(lone.all(Message.Attach.class).isEmpty());
        lone.outcome(1, Outcome.Refused.class);
    }

    // H5: who holds an epoch already joins it, or hears that it was replaced.
    @ParameterizedTest
    @EnumSource(Holding.class)
    void holderOfAnEpochNeverAsks(Holding holding) {
        lone.everythingIsGivenBack();
        lone = LoneClient.attached(
                LoneClient.settings().with(new ClientPolicy(1, Overlap.WAIT, 0, holding, Integer.MAX_VALUE)));
        lone.lose();
        lone.occupied = true;
        lone.attach();
        lone.write(1, 0);
        lone.answerAll();
        lone.outcome(1, Outcome.Done.class);
    }
}
