package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Closing;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Problem;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Silence, wrong bytes, and peers that take more than their share (L1, L4, G8, R1, R7). */
class LivenessTest {
    private final LoneServer lone = LoneServer.open();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private final long link = lone.attach(LoneServer.ANN);

    private void passUntilDeadline() {
        long due = lone.server.nextDeadline();
        assertTrue(due > lone.now, "a deadline that does not move on");
        lone.now = due;
        lone.fire();
    }

    // L1
    @Test
    void silentLinkIsAskedAndThenDead() {
        passUntilDeadline();
        passUntilDeadline();
        assertEquals(2, lone.all(link, Message.Ping.class).size());
        assertFalse(lone.closed.containsKey(link));
        passUntilDeadline();
        assertEquals(Closing.Cause.PEER_SILENT, lone.closed.get(link).cause());
        assertEquals(15_000_000_000L, lone.now);
        assertEquals(Machine.NEVER, lone.server.nextDeadline());
    }

    // L1: traffic is life.
    @Test
    void anythingHeardKeepsALinkAlive() {
        for (int i = 0; i < 10; i++) {
            passUntilDeadline();
            lone.say(link, new Message.Pong(0));
        }
        assertFalse(lone.closed.containsKey(link));
    }

    // L1
    @Test
    void keepaliveIsAnswered() {
        lone.say(link, new Message.Ping(77));
        assertEquals(77, lone.last(link, Message.Pong.class).nonce());
    }

    // G8, H1
    @Test
    void damagedBytesCloseTheLinkAndNothingElse() {
        lone.say(link, lone.write(1, 0));
        lone.raw(link, new byte[64]);
        assertEquals("H1", lone.closed.get(link).rule());
        lone.end(0);
        long again = lone.join(LoneServer.ANN);
        lone.say(again, lone.write(1, 0));
        assertEquals(1, lone.answer(again).execution());
    }

    // L1, G6: on a slow way an answer may take longer than three keepalives, and its receiver has nothing to say.
    @Test
    void clientThatStillTakesWhatWaitsForItLives() {
        for (int i = 0; i < 4; i++) {
            lone.now += 14_000_000_000L;
            lone.step(new LinkPort.Sent(link, 1));
            lone.fire();
        }
        assertFalse(lone.closed.containsKey(link));
        lone.now += 1_000_000_000L;
        lone.sent(link);
        lone.now += 14_000_000_000L;
        lone.fire();
        assertEquals(
                Closing.Cause.PEER_SILENT,
                lone.closed.get(link).cause(),
                "that the last byte has left is no sign of life");
    }

    // L2
    @Test
    void lateBytesOfAClosedLinkAreDropped() {
        lone.step(new LinkPort.Closed(link, "gone"));
        lone.say(link, lone.write(1, 0));
        lone.step(new LinkPort.Closed(link, "gone"));
        lone.step(new LinkPort.Sent(link, 5));
        assertTrue(lone.disk.isEmpty());
    }

    // L1, H5: a peer that refuses ends its link.
    @Test
    void refusalOfAClientEndsTheLink() {
        lone.say(link, new Message.Refuse(Problem.OTHER_DEVICE, "no"));
        assertEquals(Closing.Cause.REFUSED, lone.closed.get(link).cause());
    }

    // R7: what a hanging disk holds is bounded, however much the client gives up on; it only slows down.
    @Test
    void clientThatGivesUpOnWhatRunsIsReadFromMoreSlowly() {
        lone.sent(link);
        List<Long> settled = new ArrayList<>(List.of(0L));
        for (long id = 1; id <= 40; id++) {
            Settled given = LoneServer.settled(settled);
            lone.say(link, lone.request(id, Kind.WRITE, (int) (id * 4 % 64), 4, 0, given, 1));
            settled.add(id);
        }
        int most = 2 * LoneServer.TERMS.bytesMax() / LoneServer.LARGEST;
        assertTrue(lone.disk.size() <= most + 1, lone.disk.size() + " at the disk");
        assertEquals(List.of(new LinkPort.Reading(link, false)), lone.readings);
        lone.endAll();
        assertEquals(new LinkPort.Reading(link, true), lone.readings.getLast());
        assertEquals(40, lone.answer(link).id());
    }

    // R7, G8
    @Test
    void clientThatDoesNotReadItsAnswersIsNotReadFrom() {
        lone.sent(link);
        for (int i = 0; i < 100_000; i++) {
            lone.say(link, new Message.Ping(i));
        }
        int pongs = lone.all(link, Message.Pong.class).size();
        assertTrue(pongs < 20_000, pongs + " pongs");
        lone.sent(link);
        assertTrue(lone.all(link, Message.Pong.class).size() > pongs);
    }

    // L1, L4: who is not read from is not taken for dead as long as it takes what it is sent.
    @Test
    void clientThatIsNotReadFromLivesWhileItReads() {
        lone.sent(link);
        List<Long> settled = new ArrayList<>(List.of(0L));
        for (long id = 1; id <= 40; id++) {
            lone.say(link, lone.request(id, Kind.WRITE, (int) (id * 4 % 64), 4, 0, LoneServer.settled(settled), 1));
            settled.add(id);
        }
        for (int i = 0; i < 10; i++) {
            passUntilDeadline();
            lone.sent(link);
        }
        assertFalse(lone.closed.containsKey(link));
        passUntilDeadline();
        passUntilDeadline();
        passUntilDeadline();
        assertEquals(Closing.Cause.PEER_SILENT, lone.closed.get(link).cause());
    }
}
