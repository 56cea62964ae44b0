package dst.protocol.referee;

import static dst.protocol.wire.Message.Request.REPLAY;
import static dst.protocol.wire.Message.Request.RESEND;

import dst.protocol.BlockPort;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import org.junit.jupiter.api.Test;

/** A client that uses several links at once: what is wrong over all of them, and what only looks wrong on one. */
class ClientLinksTest {
    private final ClientScript it = ClientScript.attached();

    /** Another link of the same attachment. */
    private long another() {
        it.attach(it.boot);
        return it.link;
    }

    @Test
    void requestsInAnyOrderOverLinksAreRight() {
        long second = another();
        it.submitWrite(1, 0, 1);
        it.submitWrite(2, 4, 4);
        it.submitRead(3, 8, 1);
        it.send(it.write(1, 0, 0, 1));
        it.link = 1;
        it.send(it.write(2, 0, 4, 4));
        it.receive(it.done(2, 1, 0L));
        it.done(2);
        it.settled = Script.settled(2);
        it.link = second;
        it.send(it.read(3, 8, 1));
        it.receive(it.readDone(3, 8));
        it.done(3, 8);
        it.receive(it.done(1, 2, 0L));
        it.done(1);
        it.next();
        it.accusesNobody();
    }

    @Test
    void t2WhatTimesOutMayGoToAnotherLink() {
        another();
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.now += 10_000_000L;
        it.next();
        it.link = 1;
        it.send(it.write(1, RESEND, 0, 1));
        it.submitWrite(2, 4, 4);
        it.send(it.write(2, 0, 4, 4));
        it.next();
        it.accusesNobody();
    }

    @Test
    void t2WhatWasSentOnALivingLinkIsNotOwedWhenAnotherIsLost() {
        another();
        it.submitWrite(1, 0, 1);
        it.link = 1;
        it.send(it.write(1, 0, 0, 1));
        it.link = 2;
        it.cut();
        it.link = 1;
        it.submitWrite(2, 4, 4);
        it.send(it.write(2, 0, 4, 4));
        it.next();
        it.accusesNobody();
    }

    @Test
    void t2SendsNewOnALivingLinkBeforeWhatAnotherLost() {
        another();
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.cut();
        it.link = 1;
        it.submitWrite(2, 4, 4);
        it.send(it.write(2, 0, 4, 4));
        it.next();
        it.accuses("T2", Side.CLIENT, "whose link had broken");
    }

    @Test
    void t4BelievesAnAnswerOfAnOlderBootOnAnOldLink() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        attachNewer();
        answerOnTheOldLink();
        it.done(1);
        it.accuses("T4", Side.CLIENT, "no such answer of its newest boot");
    }

    @Test
    void t4ALateAnswerThatIsThrownAwayIsRight() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        attachNewer();
        answerOnTheOldLink();
        it.link = 2;
        it.boot = Script.NEXT_BOOT;
        it.send(new Message.Replayed(5, Script.NEXT_BOOT));
        it.send(it.write(1, RESEND, 0, 1));
        it.receive(it.done(1, 1, 0L));
        it.done(1);
        it.accusesNobody();
    }

    @Test
    void t4AGrantThatTheClientDoesNotTakeEndsNoBoot() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        attachNewer();
        it.out(new LinkPort.Close(it.link, Closing.of(Closing.Cause.REFUSED, "")));
        answerOnTheOldLink();
        it.done(1);
        it.accusesNobody();
    }

    private void attachNewer() {
        it.attach(Script.NEXT_BOOT);
    }

    private void answerOnTheOldLink() {
        it.next();
        it.link = 1;
        it.boot = Script.BOOT;
        it.receive(it.done(1, 1, 0L));
    }

    @Test
    void d3GoesOnInTheOldBootWhileANewOneIsAttached() {
        attachNewer();
        it.next();
        it.link = 1;
        it.boot = Script.BOOT;
        it.submitRead(1, 8, 1);
        it.send(it.read(1, 8, 1));
        it.accuses("D3", Side.CLIENT, "nothing but the replay");
    }

    @Test
    void d3SendsOtherRequestsOnAnotherLinkOfTheNewBoot() {
        it.wrote(1, 1, 0, 1);
        it.cut();
        it.attach(Script.NEXT_BOOT);
        another();
        it.link = 2;
        it.send(it.write(2, REPLAY, 0, 1));
        it.link = 3;
        it.submitRead(2, 8, 1);
        it.send(it.read(3, 8, 1));
        it.accuses("D3", Side.CLIENT, "was not answered");
    }

    @Test
    void d3SaysReplayedWhileAPieceOnAnotherLinkIsOpen() {
        it.wrote(1, 1, 0, 1, 2);
        it.cut();
        it.attach(Script.NEXT_BOOT);
        another();
        it.link = 2;
        it.send(it.write(2, REPLAY, 0, 1));
        it.receive(it.done(2, 1, 0L));
        it.link = 3;
        it.send(it.write(3, REPLAY, 1, 2));
        it.link = 2;
        it.send(new Message.Replayed(5, Script.NEXT_BOOT));
        it.accuses("D3", Side.CLIENT, "was not answered");
    }

    @Test
    void d3AReplayOverSeveralLinksAndReplayedOnEachIsRight() {
        it.wrote(1, 1, 0, 1, 2);
        it.cut();
        it.attach(Script.NEXT_BOOT);
        another();
        it.link = 2;
        it.send(it.write(2, REPLAY, 0, 1));
        it.link = 3;
        it.send(it.write(3, REPLAY, 1, 2));
        it.receive(it.done(3, 1, 0L));
        it.link = 2;
        it.cut();
        it.link = 3;
        it.send(it.write(2, REPLAY | RESEND, 0, 1));
        it.receive(it.done(2, 2, 0L));
        it.send(new Message.Replayed(5, Script.NEXT_BOOT));
        it.submitRead(2, 8, 1);
        it.send(it.read(4, 8, 1));
        it.link = 3;
        another();
        it.send(new Message.Replayed(5, Script.NEXT_BOOT));
        it.accusesNobody();
    }

    @Test
    void d3ABootWithNothingToReplayBeginsWithReplayed() {
        attachNewer();
        it.submitRead(1, 8, 1);
        it.send(it.read(1, 8, 1));
        it.accuses("D3", Side.CLIENT, "before it had said");
    }

    @Test
    void h6AnotherLinkGoesOnWithADeviceThatIsNotTheOneTold() {
        it.submitRead(1, 8, 1);
        it.send(it.read(1, 8, 1));
        another();
        it.out(new BlockPort.Changed(
                new Device(Script.DEVICE.identity(), 512, 512, Script.DEVICE.permission()), false));
        it.link = 1;
        it.submitRead(2, 9, 1);
        it.send(it.read(2, 9, 1));
        it.accuses("H6", Side.CLIENT, "to a device that is now");
    }

    @Test
    void aGrantOfAnOlderBootMayBeCalledWrong() {
        attachNewer();
        it.next();
        it.connect();
        it.receive(new Message.Preamble(1, 1));
        it.receive(new Message.Welcome(Script.AGREEMENT, Script.BOOT, BootCause.STARTED, 5));
        it.out(new LinkPort.Close(it.link, Closing.peerWrong("T4", "an older boot")));
        it.in(new Control.TimerFired());
        it.accusesNobody();
    }
}
