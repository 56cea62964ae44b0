package dst.protocol.referee;

import static dst.protocol.wire.Message.Request.RESEND;

import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.LinkPort;
import dst.protocol.Side;
import dst.protocol.trace.Layer;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Message;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How long a client takes: the pauses between the copies of a request (T2), and the silence before a link is dead (L1). */
class ClientTimesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final ClientSettings SETTINGS = ClientSettings.of("disk");

    private final ClientScript it =
            ClientScript.attached(new Referee(new Limits(Map.of("client", SETTINGS), Map.of(), Set.of())));

    @Test
    void t2PausesThatDoubleAreRight() {
        resends(2, 4, 8, 16, 32, 32, 32);
        it.accusesNobody();
    }

    @Test
    void t2APauseThatDoesNotDouble() {
        resends(2, 2, 2, 2);
        it.accuses("T2", Side.CLIENT, "time-out number 3 in a row");
    }

    @Test
    void t2TheFirstPauseIsTooShort() {
        resends(0);
        it.accuses("T2", Side.CLIENT, "time-out number 1 in a row");
    }

    @Test
    void t2AClockThatWasSetExcusesAShortPause() {
        resends(2);
        it.tap(Layer.client("client"), new WorldEvent.ClockSet(it.now, it.now + 100 * SECOND, 0));
        it.send(it.write(1, RESEND, 0, 1));
        it.accusesNobody();
    }

    @Test
    void t2PausesBeginAnewAfterALostLink() {
        resends(2, 4, 8);
        it.cut();
        it.attach(Script.BOOT);
        it.send(it.write(1, RESEND, 0, 1));
        it.now += 2 * SECOND;
        it.send(it.write(1, RESEND, 0, 1));
        it.accusesNobody();
    }

    private void resends(int... pauses) {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        for (int seconds : pauses) {
            it.now += seconds * SECOND;
            it.receive(new Message.Pong(1));
            it.send(it.write(1, RESEND, 0, 1));
        }
    }

    @Test
    void l1TakesAHealthyLinkForDead() {
        it.receive(new Message.Pong(1));
        it.now += 4 * SECOND;
        takesForDead();
        it.accuses("L1", Side.CLIENT, "took link 1 for dead");
    }

    @Test
    void l1TakesASilentLinkForDead() {
        it.receive(new Message.Pong(1));
        it.now += 15 * SECOND;
        takesForDead();
        it.accusesNobody();
    }

    @Test
    void l1AClockThatWasSetMeasuresAnySilence() {
        it.receive(new Message.Pong(1));
        it.tap(Layer.client("client"), new WorldEvent.ClockSet(it.now, it.now + 100 * SECOND, 0));
        takesForDead();
        it.accusesNobody();
    }

    @Test
    void l1WhatThePeerTakesIsNoProofThatItLives() {
        it.receive(new Message.Pong(1));
        it.now += 15 * SECOND;
        it.send(it.read(1, 0, 1));
        it.in(new LinkPort.Sent(it.link, 1));
        takesForDead();
        it.accusesNobody();
    }

    private void takesForDead() {
        it.out(new LinkPort.Close(it.link, Closing.of(Closing.Cause.PEER_SILENT, "nothing was heard for too long")));
        it.next();
    }
}
