package dst.nbd;

import static dst.nbd.Served.request;
import static dst.nbd.Served.simple;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever has said its last word still hears what becomes of all that it asked for, unless it does not listen. */
class NbdFarewellTest {
    private Served served = Served.serving();

    @AfterEach
    void everyPageIsBack() {
        assertEquals(0, served.leaked());
    }

    private void say(boolean goodbye, Served.Bytes before) {
        served.receive(
                goodbye
                        ? before.and(request(Command.DISC.number, 9, 0, 0)).and(request(Command.FLUSH.number, 10, 0, 0))
                        : before);
        if (!goodbye) {
            served.step(new NbdServerControl.HalfClosed());
        }
    }

    private Closing.Cause ended() {
        assertNotNull(served.closing);
        return served.closing.cause();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everythingAskedForBeforeIsAnsweredAndTakenBeforeTheEnd(boolean goodbye) {
        say(goodbye, request(Command.FLUSH.number, 8, 0, 0).and(request(Command.TRIM.number, 7, 0, 512)));
        served.done(2);
        served.done(1);
        assertEquals(simple(7, 0) + simple(8, 0), served.heard());
        served.step(new LinkPort.Sent(1, 16));
        assertNull(served.closing);
        served.step(new LinkPort.Sent(1, 16));
        assertEquals(Closing.Cause.DONE, ended());
    }

    @Test
    void goodbyeAndThenTheEndOfItsDirectionIsNoMore() {
        say(true, request(Command.FLUSH.number, 8, 0, 0));
        served.step(new NbdServerControl.HalfClosed());
        assertNull(served.closing);
        served.done(1);
        assertEquals(simple(8, 0), served.heard());
        served.step(new LinkPort.Sent(1, 16));
        assertEquals(Closing.Cause.DONE, ended());
    }

    @Test
    void whatWaitedForRoomIsBegunAllTheSame() {
        Served.Bytes many = Served.bytes();
        for (int i = 0; i < Requests.REQUESTS_MAX + 5; i++) {
            many.and(request(Command.FLUSH.number, i, 0, 0));
        }
        say(false, many);
        long tag = 1;
        while (!served.submitted.isEmpty()) {
            served.done(tag++);
        }
        assertEquals(Requests.REQUESTS_MAX + 5, tag - 1);
        assertEquals(2 * 16 * (tag - 1), served.heard().length());
        served.step(new LinkPort.Sent(1, 16 * (tag - 1)));
        assertEquals(Closing.Cause.DONE, ended());
    }

    @Test
    void halfACommandIsNone() {
        say(false, request(Command.WRITE.number, 8, 0, 1024).bytes(new byte[700]));
        assertEquals(List.of(), List.copyOf(served.submitted.values()));
        assertEquals(Closing.Cause.DONE, ended());
    }

    @Test
    void whoEndsItsDirectionWithinTheHandshakeIsHeardOutWhenTheExportIsThere() {
        served = new Served(Served.export());
        NbdExport given = Served.export();
        served.gives = null;
        served.receive(Served.bytes()
                .number(3)
                .and(Served.option(Nbd.GO, Served.name("disk")))
                .and(request(Command.FLUSH.number, 8, 0, 0)));
        served.step(new NbdServerControl.HalfClosed());
        assertNull(served.closing);
        served.step(new NbdServerControl.Opened(given));
        assertEquals(1, served.submitted.size());
        served.forget();
        served.done(1);
        assertEquals(simple(8, 0), served.heard());
        served.step(new LinkPort.Sent(1, 1 << 20));
        assertEquals(Closing.Cause.DONE, ended());
    }

    @Test
    void whoEndsItsDirectionBeforeItAskedForAnExportIsGone() {
        served = Served.greeted(Served.export());
        served.step(new NbdServerControl.HalfClosed());
        assertEquals(Closing.Cause.DONE, ended());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoTakesNothingOfItIsLetGo(boolean goodbye) {
        assertEquals(Machine.NEVER, served.server.nextDeadline());
        say(goodbye, request(Command.READ.number, 8, 0, 512).and(request(Command.READ.number, 8, 0, 512)));
        served.now += NbdServer.LAST_CALL_NANOS_MAX - 1;
        served.done(1, new byte[512]);
        served.step(new Control.TimerFired());
        served.now += NbdServer.LAST_CALL_NANOS_MAX - 1;
        served.step(new LinkPort.Sent(1, 1));
        served.now += NbdServer.LAST_CALL_NANOS_MAX - 1;
        served.step(new Control.TimerFired());
        assertNull(served.closing, "something happened each time");
        assertEquals(served.now + 1, served.server.nextDeadline());
        served.now++;
        served.step(new Control.TimerFired());
        assertEquals(Closing.Cause.PEER_SILENT, ended());
        assertFalse(served.submitted.isEmpty());
        served.done(2, new byte[512]);
    }
}
