package dst.protocol.referee;

import static dst.protocol.wire.Message.Request.DURABLE;
import static dst.protocol.wire.Message.Request.RESEND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Agreement;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Finding;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Problem;
import dst.protocol.Sentence;
import dst.protocol.ServerControl;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule but those of durability, as it binds a server: a wrong server that is caught, and a right one that is not accused. */
class ServerRulesTest {
    private final ServerScript it = ServerScript.attached();

    @Test
    void honestServerIsNotAccused() {
        it.wrote(1, 1, 0, 1, 2);
        it.receive(it.read(2, 0, 2));
        it.read(it.startRead(2, 0, 2), Script.data(1, 2));
        it.send(it.readDone(2, 1, 2));
        it.receive(it.flush(3));
        it.flushed();
        it.send(it.done(3, 0, 1));
        it.receive(it.write(4, DURABLE, 0, 3));
        it.moved(it.start(ticket -> new DiskRequest.Write(ticket, 4, 0, Script.data(3), true)), 1);
        it.send(it.done(4, 2, 1));
        it.receive(it.write(4, DURABLE | RESEND, 0, 3));
        it.send(it.done(4, 2, 1));
        it.receive(it.write(5, 0, 64, 3));
        it.send(it.answer(5, Problem.OUT_OF_RANGE, 0, 1));
        it.receive(new Message.Ping(3));
        it.send(new Message.Pong(3));
        it.receive(new Message.Ping(4));
        it.send(new Message.Pong(4));
        it.accusesNobody();
    }

    @Test
    void h1CallsARightPeerWrong() {
        it.receive(it.write(1, 0, 64, 3));
        it.out(new LinkPort.Close(it.link, Closing.peerWrong("H1", "no frame begins where one should")));
        it.accuses("H1", Side.SERVER, "in order");
    }

    @Test
    void h1CallsAWrongPeerWrong() {
        it.receive(it.write(1, 0, 0, 3));
        it.receive(it.write(1, RESEND, 0, 4));
        it.out(new LinkPort.Close(it.link, Closing.peerWrong("T2", "other content")));
        it.accusesNobody();
    }

    @Test
    void h4WelcomesInABootThatHasEnded() {
        it.failed(it.startFlush());
        it.out(new LinkPort.Close(it.link, Closing.of(Closing.Cause.BOOT_ENDED, "")));
        it.greet();
        it.send(new Message.Welcome(Script.AGREEMENT, Script.BOOT, BootCause.STARTED, 5));
        it.accuses("H4", Side.SERVER, "had ended");
    }

    @Test
    void h5GrantsBeforeItIsDurable() {
        it.greet();
        it.send(new Message.Welcome(Script.AGREEMENT, Script.BOOT, BootCause.STARTED, 5));
        it.receive(new Message.Attach(Script.AGREEMENT, 5, false));
        it.send(new Message.Attached(Script.AGREEMENT, new Holder(6, Script.TOKEN), Script.BOOT, false));
        it.accuses("H5", Side.SERVER, "on durable record was epoch 5");
    }

    @Test
    void h5GrantsWithoutAFlush() {
        takeover(false);
        it.accuses("H5", Side.SERVER, "not flushed");
    }

    @Test
    void h5FlushesAndPersistsFirst() {
        takeover(true);
        it.accusesNobody();
    }

    private void takeover(boolean flushes) {
        Holder next = new Holder(6, Script.TOKEN);
        it.wrote(1, 1, 0, 1);
        it.greet();
        it.send(new Message.Welcome(Script.AGREEMENT, Script.BOOT, BootCause.STARTED, 5));
        it.receive(new Message.Attach(Script.AGREEMENT, 5, false));
        if (flushes) {
            it.flushed();
        }
        it.out(new DurablePort.Keep("disk", next));
        it.in(new DurablePort.Kept("disk", next));
        it.send(new Message.Attached(Script.AGREEMENT, next, Script.BOOT, false));
    }

    @Test
    void t3ExecutesTwice() {
        it.wrote(1, 1, 0, 1);
        it.receive(it.write(1, RESEND, 0, 1));
        it.startWrite(1, 0, 1);
        it.accuses("T3", Side.SERVER, "a second time");
    }

    @Test
    void t3StartsASettledId() {
        it.receive(it.write(1, 0, 0, 1));
        it.settled = Script.settled(1);
        it.receive(it.write(2, 0, 8, 2));
        it.startWrite(2, 8, 2);
        it.startWrite(1, 0, 1);
        it.accuses("T3", Side.SERVER, "settled set");
    }

    @Test
    void t3AnswersACopyOtherwise() {
        it.wrote(1, 1, 0, 1);
        it.receive(it.write(1, RESEND, 0, 1));
        it.send(it.done(1, 2, 0));
        it.accuses("T3", Side.SERVER, "but before with done, execution 1");
    }

    @Test
    void t3ExecutesAgainInAnotherBoot() {
        it.wrote(1, 1, 0, 1);
        it.powerCut(Script.NEXT_BOOT);
        it.attach();
        it.wrote(1, 1, 0, 1);
        it.accusesNobody();
    }

    @Test
    void t4ExecutesARequestOfAnEarlierBoot() {
        it.powerCut(Script.NEXT_BOOT);
        it.attach();
        it.boot = Script.BOOT;
        it.receive(it.write(1, 0, 0, 1));
        it.startWrite(1, 0, 1);
        it.accuses("T4", Side.SERVER, "earlier boot or epoch");
    }

    @Test
    void t5StartsOverSomethingThatRuns() {
        it.receive(it.write(1, 0, 0, 1, 1));
        it.receive(it.read(2, 1, 1));
        it.startWrite(1, 0, 1, 1);
        it.startRead(2, 1, 1);
        it.accuses("T5", Side.SERVER, "overlapping");
    }

    @Test
    void whatIsFoundNamesTheValueAndThoseThatItNeededToBeWrong() {
        it.receive(it.write(1, 0, 0, 1, 1));
        it.receive(it.read(2, 1, 1));
        it.receive(it.read(3, 8, 1));
        it.startWrite(1, 0, 1, 1);
        it.startRead(2, 1, 1);
        long guilty = it.values;
        Finding finding = it.referee.findings().getFirst();
        assertEquals(guilty, finding.guilty().value());
        assertEquals(
                List.of(guilty - 4, guilty - 3, guilty - 1, guilty),
                finding.named().stream().map(Sentence.Crossing::value).sorted().toList());
        it.accuses("T5", Side.SERVER, "overlapping");
    }

    @Test
    void t3NamesWhatSaidThatTheOperationIsSettled() {
        it.receive(it.write(1, 0, 0, 1));
        it.settled = Script.settled(1);
        it.receive(it.write(2, 0, 8, 1));
        long said = it.values;
        it.moved(it.startWrite(2, 8, 1), 1);
        it.startWrite(1, 0, 1);
        Finding finding = it.referee.findings().getFirst();
        assertTrue(finding.named().stream().anyMatch(one -> one.value() == said), finding::toString);
        it.accuses("T3", Side.SERVER, "settled set");
    }

    @Test
    void t8RefusesWhatItExecuted() {
        it.receive(it.write(1, 0, 0, 1));
        it.moved(it.startWrite(1, 0, 1), 1);
        it.send(it.answer(1, Problem.REMOVED, 0, 0));
        it.accuses("T8", Side.SERVER, "had executed it");
    }

    @Test
    void r2ExecutesOutsideTheDevice() {
        it.receive(it.write(1, 0, 63, 1, 2));
        it.startWrite(1, 63, 1, 2);
        it.accuses("R2", Side.SERVER, "outside the device");
    }

    @Test
    void r3AnswersADiskErrorAsDone() {
        it.receive(it.write(1, 0, 0, 1));
        it.failed(it.startWrite(1, 0, 1));
        it.send(it.done(1, 1, 0));
        it.accuses("R3", Side.SERVER, "the disk had failed it");
    }

    @Test
    void r4AnswersAShortWriteAsWhole() {
        it.receive(it.write(1, 0, 0, 1, 2));
        it.moved(it.startWrite(1, 0, 1, 2), 1);
        it.send(it.done(1, 1, 0));
        it.accuses("R4", Side.SERVER, "only 512 bytes");
    }

    @Test
    void r4ContinuesWithTheWrongBytes() {
        it.receive(it.write(1, 0, 0, 1, 2));
        it.moved(it.startWrite(1, 0, 1, 2), 1);
        it.startWrite(1, 1, 1);
        it.accuses("R4", Side.SERVER, "other bytes");
    }

    @Test
    void r4ContinuesAShortWrite() {
        it.receive(it.write(1, 0, 0, 1, 2));
        it.moved(it.startWrite(1, 0, 1, 2), 1);
        it.moved(it.startWrite(1, 1, 2), 1);
        it.send(it.done(1, 1, 0));
        it.accusesNobody();
    }

    @Test
    void r5WritesOtherBytes() {
        it.receive(it.write(1, 0, 0, 1));
        it.startWrite(1, 0, 2);
        it.accuses("R5", Side.SERVER, "other bytes");
    }

    @Test
    void r5WritesElsewhere() {
        it.receive(it.write(1, 0, 0, 1));
        it.startWrite(1, 1, 1);
        it.accuses("R5", Side.SERVER, "offset 512");
    }

    @Test
    void r5AnswersOtherData() {
        it.receive(it.read(1, 0, 1));
        it.read(it.startRead(1, 0, 1), Script.data(1));
        it.send(it.readDone(1, 2));
        it.accuses("R5", Side.SERVER, "other bytes");
    }

    @Test
    void l5GivesUpAnExportThatIsInUse() {
        it.receive(it.write(1, 0, 0, 1));
        it.startWrite(1, 0, 1);
        it.out(new ServerControl.Removed("disk", true));
        it.accuses("L5", Side.SERVER, "was running");
    }

    @Test
    void l1NeverAnswersAPing() {
        it.receive(new Message.Ping(1));
        it.receive(new Message.Ping(2));
        it.accuses("L1", Side.SERVER, "never answered");
    }

    @Test
    void h3GoesOnDespiteAnotherEcho() {
        it.greet();
        it.send(new Message.Welcome(Script.AGREEMENT, Script.BOOT, BootCause.STARTED, 5));
        it.receive(new Message.Attach(new Agreement(1, Script.TERMS, otherDevice()), 5, true));
        it.send(new Message.Attached(Script.AGREEMENT, Script.HOLDER, Script.BOOT, false));
        it.accuses("H3", Side.SERVER, "its peer echoed");
    }

    private static Device otherDevice() {
        return new Device(Script.TOKEN, 512, 512, Script.DEVICE.permission());
    }

    @Test
    void h1SendsBytesThatAreNoMessage() {
        it.out(new LinkPort.Send(it.link, Unpooled.wrappedBuffer(new byte[64])));
        it.accuses("H1", Side.SERVER, "no message");
    }
}
