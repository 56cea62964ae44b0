package dst.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.LinkPort;
import dst.protocol.Operation;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R7: what a connection has under way it was granted before; until then requests wait with the peer, and none is refused. */
class NbdRoomTest {
    private static final int BLOCK = 4096;

    private final Served served = Served.serving();

    @AfterEach
    void nothingLeaks() {
        assertEquals(0, served.leaked());
    }

    @Test
    void requestWaitsUnreadUntilItsMemoryIsGranted() {
        served.grants = false;
        served.receive(Served.request(Command.READ.number, 1, 0, BLOCK));
        assertTrue(served.wants >= BLOCK, served.wants + " wanted");
        assertEquals(0, served.submitted.size());
        assertEquals(List.of(), served.reading, "memory is mostly granted at once");
        served.receive(Served.request(Command.READ.number, 2, 0, BLOCK));
        assertEquals(List.of(false), served.reading);
        served.grant();
        assertEquals(new Operation.Read(0, BLOCK), served.submitted.get(1L));
        assertTrue(served.reading.getLast());
    }

    @Test
    void contentOfAWriteIsTakenOnlyWhenAllOfItHasRoom() {
        served.grants = false;
        served.receive(Served.request(Command.WRITE.number, 1, 0, 3 * BLOCK));
        served.receive(new byte[BLOCK]);
        assertEquals(0, served.submitted.size());
        served.grant();
        served.receive(new byte[2 * BLOCK]);
        assertEquals(1, served.submitted.size());
        assertEquals(0, served.wants, "it has room for all of it");
        served.done(1);
    }

    @Test
    void whatIsOverIsGivenBackAndWhatIsNotSentIsNot() {
        served.receive(Served.request(Command.READ.number, 1, 0, BLOCK));
        served.done(1, new byte[BLOCK]);
        assertTrue(served.granted >= BLOCK, "the answer is not sent yet, and " + served.granted + " bytes are kept");
        served.step(new LinkPort.Sent(1, 1 << 20));
        assertEquals(0, served.granted);
    }

    @Test
    void requestThatIsRefusedNeedsNoMemory() {
        served.grants = false;
        served.receive(Served.request(Command.READ.number, 1, 0, -512));
        served.receive(Served.request(Command.READ.number, 2, Served.SIZE, BLOCK));
        assertEquals(0, served.wants);
        assertNull(served.closing);
        assertFalse(served.heard().isEmpty(), "both are answered");
    }

    @Test
    void whoWaitsAndHasRoomOfItsOwnByThenGoesOn() {
        served.receive(Served.request(Command.READ.number, 1, 0, 64 << 10));
        served.done(1, new byte[64 << 10]);
        served.grants = false;
        served.receive(Served.request(Command.READ.number, 2, 0, 64 << 10));
        assertTrue(served.wants > 0);
        served.step(new LinkPort.Sent(1, 1 << 20));
        assertEquals(0, served.wants, "nothing more is wanted");
        assertEquals(1, served.submitted.size());
        // What was granted too late comes back.
        served.wants = 1000;
        served.grant();
        served.done(2, new byte[64 << 10]);
        served.step(new LinkPort.Sent(1, 1 << 20));
        assertEquals(0, served.granted);
    }
}
