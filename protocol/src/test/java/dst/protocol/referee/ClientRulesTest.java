package dst.protocol.referee;

import static dst.protocol.wire.Message.Request.RESEND;

import dst.protocol.Agreement;
import dst.protocol.BlockPort;
import dst.protocol.BootCause;
import dst.protocol.ClientControl;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Outcome;
import dst.protocol.Side;
import dst.protocol.trace.Layer;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Message;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule as it binds a client: a wrong client that is caught, and a right one that is not accused. */
class ClientRulesTest {
    private final ClientScript it = ClientScript.attached();

    @Test
    void honestClientIsNotAccused() {
        it.wrote(1, 1, 0, 1, 2);
        it.settled = Script.settled(1);
        it.submitRead(2, 0, 2);
        it.send(it.read(2, 0, 2));
        it.receive(it.readDone(2, 1, 2));
        it.out(new BlockPort.Completed(2, new Outcome.Done(Script.data(1, 2))));
        it.receive(new Message.Ping(8));
        it.send(new Message.Pong(8));
        it.receive(new Message.Ping(9));
        it.send(new Message.Pong(9));
        it.in(new ClientControl.Detach(1000));
        it.send(it.flush(3));
        it.receive(it.done(3, 0, 1));
        it.out(new ClientControl.Detached(List.of()));
        it.next();
        it.accusesNobody();
    }

    @Test
    void h1SendsBytesThatAreNoMessage() {
        it.damagedBytes();
        it.accuses("H1", Side.CLIENT, "no message");
    }

    @Test
    void h1CallsARightPeerWrong() {
        it.out(new LinkPort.Close(it.link, Closing.peerWrong("H1", "no frame begins where one should")));
        it.accuses("H1", Side.CLIENT, "in order");
    }

    @Test
    void accusationOfWhatAnAnswerSaysIsNotJudgedByItsBytes() {
        it.out(new LinkPort.Close(it.link, Closing.peerWrong("D2", "execution number 0 is none, or known already")));
        it.accusesNobody();
    }

    @Test
    void h1DamageOnTheWayExcusesTheAccusation() {
        it.in(new LinkPort.Received(it.link, Unpooled.wrappedBuffer(new byte[64])));
        it.out(new LinkPort.Close(it.link, Closing.peerWrong("H1", "no frame begins where one should")));
        it.accusesNobody();
    }

    @Test
    void h3EchoesAnotherAgreement() {
        it.connect();
        it.receive(new Message.Preamble(1, 1));
        it.receive(new Message.Welcome(Script.AGREEMENT, Script.BOOT, BootCause.STARTED, 5));
        Device smaller = new Device(Script.DEVICE.identity(), Script.BLOCK, Script.BLOCK, Script.DEVICE.permission());
        it.send(new Message.Attach(new Agreement(1, Script.TERMS, smaller), 5, true));
        it.accuses("H3", Side.CLIENT, "echoed");
    }

    @Test
    void h6UsesAnotherDeviceSilently() {
        ClientScript script = new ClientScript();
        script.connect();
        script.receive(new Message.Preamble(1, 1));
        script.receive(new Message.Welcome(Script.AGREEMENT, Script.BOOT, BootCause.STARTED, 5));
        script.send(new Message.Attach(Script.AGREEMENT, 5, false));
        script.receive(new Message.Attached(Script.AGREEMENT, Script.HOLDER, Script.BOOT, false));
        script.send(new Message.Replayed(5, Script.BOOT));
        script.submitRead(1, 0, 1);
        script.send(script.read(1, 0, 1));
        script.accuses("H6", Side.CLIENT, "told its user nothing");
    }

    @Test
    void t1SkipsAnId() {
        it.submitRead(1, 0, 1);
        it.send(it.read(2, 0, 1));
        it.accuses("T1", Side.CLIENT, "from id 0 to read 2");
    }

    @Test
    void t2ResendsWithOtherContent() {
        it.submitRead(1, 0, 1);
        it.send(it.read(1, 0, 1));
        it.send(it.read(1, 1, 1));
        it.accuses("T2", Side.CLIENT, "again");
    }

    @Test
    void t2ResendsWithoutSayingSo() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.send(it.write(1, 0, 0, 1));
        it.accuses("T2", Side.CLIENT, "without saying so");
    }

    @Test
    void t2ResendThatSaysSoIsRight() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.send(it.write(1, RESEND, 0, 1));
        it.accusesNobody();
    }

    @Test
    void t2SendsNewBeforeWhatLostItsLink() {
        lostLink();
        it.submitWrite(2, 4, 4);
        it.send(it.write(2, 0, 4, 4));
        it.next();
        it.accuses("T2", Side.CLIENT, "whose link had broken");
    }

    @Test
    void t2SendsWhatLostItsLinkFirst() {
        lostLink();
        it.send(it.write(1, RESEND, 0, 1));
        it.submitWrite(2, 4, 4);
        it.send(it.write(2, 0, 4, 4));
        it.next();
        it.accusesNobody();
    }

    private void lostLink() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.cut();
        it.attach(Script.BOOT);
    }

    @Test
    void t2PassesOverAnOlderOne() {
        backoff(false);
        it.accuses("T2", Side.CLIENT, "passed over");
    }

    @Test
    void t2GivesEachItsTurn() {
        backoff(true);
        it.accusesNobody();
    }

    private void backoff(boolean fair) {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.submitWrite(2, 4, 4);
        it.send(it.write(2, 0, 4, 4));
        for (int i = 0; i < 10; i++) {
            it.now += 10_000_000L << i;
            it.next();
            it.send(it.write(2, RESEND, 4, 4));
            if (fair) {
                it.send(it.write(1, RESEND, 0, 1));
            }
        }
        it.next();
    }

    @Test
    void t3SendsASettledId() {
        it.submitRead(1, 0, 1);
        it.settled = Script.settled(1);
        it.send(it.read(1, 0, 1));
        it.accuses("T3", Side.CLIENT, "settled in the same request");
    }

    @Test
    void t3ClaimsThatAnOpenOperationIsSettled() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.settled = Script.settled(1);
        it.submitRead(2, 8, 1);
        it.send(it.read(2, 8, 1));
        it.next();
        it.accuses("T3", Side.CLIENT, "told nobody");
    }

    @Test
    void t3WithinOneStepTheOrderIsFree() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.submitRead(2, 8, 1);
        it.settled = Script.settled(1);
        it.send(it.read(2, 8, 1));
        it.unknown(1);
        it.next();
        it.accusesNobody();
    }

    @Test
    void t4BelievesAnAnswerOfAnEarlierBoot() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.cut();
        it.attach(Script.NEXT_BOOT);
        it.send(new Message.Replayed(5, Script.NEXT_BOOT));
        it.send(it.write(1, RESEND, 0, 1));
        it.boot = Script.BOOT;
        it.receive(it.done(1, 1, 0L));
        it.done(1);
        it.accuses("T4", Side.CLIENT, "no such answer of its newest boot");
    }

    @Test
    void t5SendsWhatOverlapsAnOpenOne() {
        it.submitWrite(1, 0, 1, 1);
        it.submitRead(2, 1, 1);
        it.send(it.write(1, 0, 0, 1, 1));
        it.send(it.read(2, 1, 1));
        it.next();
        it.accuses("T5", Side.CLIENT, "overlapping");
    }

    @Test
    void t5OverlappingReadsAreRight() {
        it.submitRead(1, 0, 2);
        it.submitRead(2, 1, 1);
        it.send(it.read(1, 0, 2));
        it.send(it.read(2, 1, 1));
        it.next();
        it.accusesNobody();
    }

    @Test
    void t6SendsOtherBytesThanSubmitted() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 2));
        it.accuses("T6", Side.CLIENT, "other bytes");
    }

    @Test
    void t6ACopyWithOtherBytes() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.send(it.write(1, RESEND, 0, 2));
        it.accuses("T6", Side.CLIENT, "other bytes than before");
    }

    @Test
    void l1NeverAnswersAPing() {
        it.receive(new Message.Ping(1));
        it.receive(new Message.Ping(2));
        it.accuses("L1", Side.CLIENT, "never answered");
    }

    @Test
    void l1HoldsASilentLink() {
        for (int i = 0; i < 40; i++) {
            it.now += 5_000_000_000L;
            it.next();
        }
        it.accuses("L1", Side.CLIENT, "heard nothing");
    }

    @Test
    void l1AStoppedClockMeasuresNoSilenceUntilItRunsAgain() {
        it.tap(Layer.world("world"), new WorldEvent.Struck("stop-clock", "the client", 0));
        silence();
        it.tap(Layer.world("world"), new WorldEvent.Healed());
        it.next();
        it.accusesNobody();
    }

    @Test
    void l1AClockThatRunsAgainMeasuresSilence() {
        it.tap(Layer.world("world"), new WorldEvent.Struck("stop-clock", "the client", 0));
        it.tap(Layer.world("world"), new WorldEvent.Healed());
        silence();
        it.accuses("L1", Side.CLIENT, "heard nothing");
    }

    private void silence() {
        for (int i = 0; i < 40; i++) {
            it.now += 5_000_000_000L;
            it.next();
        }
    }

    @Test
    void l1AProcessThatStoodStillIsNotAccused() {
        it.now += 500_000_000_000L;
        it.next();
        it.out(new LinkPort.Close(it.link, Closing.of(Closing.Cause.PEER_SILENT, "")));
        it.now += 500_000_000_000L;
        it.next();
        it.accusesNobody();
    }

    @Test
    void l5DoesNotDetach() {
        it.out(new LinkPort.Close(it.link, Closing.of(Closing.Cause.DONE, "")));
        it.in(new ClientControl.Detach(1_000_000_000L));
        for (int i = 0; i < 10; i++) {
            it.now += 30_000_000_000L;
            it.next();
        }
        it.accuses("L5", Side.CLIENT, "asked to detach");
    }
}
