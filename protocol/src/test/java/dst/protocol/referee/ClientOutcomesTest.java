package dst.protocol.referee;

import static dst.protocol.wire.Message.Request.RESEND;

import dst.protocol.BlockPort;
import dst.protocol.Operation;
import dst.protocol.Problem;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import org.junit.jupiter.api.Test;

/** What a client tells of its operations, T4, T7, T8, G5, R4 and R5: told wrongly it is caught, told rightly it is not accused. */
class ClientOutcomesTest {
    private final ClientScript it = ClientScript.attached();

    @Test
    void t7ReadsADoubtfulBlock() {
        becomesUnknown();
        it.submitRead(2, 0, 1);
        it.send(it.read(2, 0, 1));
        it.accuses("T7", Side.CLIENT, "no flush or write sent after");
    }

    /** Over NBD nobody can say that it was refused: Unknown is told, and it is known that nothing was done. */
    @Test
    void t7WhatWasRefusedForSureIsNotDoubtful() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.receive(it.answer(1, Problem.REMOVED, 0, 0));
        it.unknown(1);
        it.next();
        it.submitRead(2, 0, 1);
        it.send(it.read(2, 0, 1));
        it.accusesNobody();
    }

    /** The first of two equal flushes ran out of patience as the second one went out. */
    @Test
    void t4OfTwoEqualOnesTheOtherMayHaveBeenSent() {
        twoFlushesOneSent();
        it.receive(it.done(1, 0, 0L));
        it.done(2);
        it.accusesNobody();
    }

    @Test
    void t4OfTwoEqualOnesOnlyOneCanBeDoneByOneAnswer() {
        twoFlushesOneSent();
        it.in(new BlockPort.Submit(3, new Operation.Flush()));
        it.receive(it.done(1, 0, 0L));
        it.done(2);
        it.done(3);
        it.accuses("T4", Side.CLIENT, "had never sent it");
    }

    private void twoFlushesOneSent() {
        it.in(new BlockPort.Submit(1, new Operation.Flush()));
        it.in(new BlockPort.Submit(2, new Operation.Flush()));
        it.send(it.flush(1));
        it.unknown(1);
        it.next();
    }

    /** A server that says two things of one request: which of them the client heard first is not seen. */
    @Test
    void t4OfAServerThatContradictsItselfEitherWordMayBeBelieved() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.receive(it.answer(1, Problem.TOO_LARGE, 0, 0));
        it.receive(it.done(1, 1, 0L));
        it.done(1);
        it.accusesNobody();
    }

    @Test
    void t4ARefusalAloneCannotBeToldAsDone() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.receive(it.answer(1, Problem.TOO_LARGE, 0, 0));
        it.done(1);
        it.accuses("T4", Side.CLIENT, "no such answer");
    }

    @Test
    void t7ReadsAfterAFlush() {
        becomesUnknown();
        it.send(it.flush(2));
        it.receive(it.done(2, 0, 0L));
        it.submitRead(2, 0, 1);
        it.send(it.read(3, 0, 1));
        it.accusesNobody();
    }

    private void becomesUnknown() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.next();
        it.unknown(1);
        it.settled = Script.settled(1);
        it.next();
    }

    @Test
    void t8RefusesWhatMayHaveBeenExecuted() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.cut();
        it.attach(Script.NEXT_BOOT);
        it.send(new Message.Replayed(5, Script.NEXT_BOOT));
        it.send(it.write(1, RESEND, 0, 1));
        it.receive(it.answer(1, Problem.NOT_PERMITTED, 0, 0));
        it.refused(1);
        it.accuses("T8", Side.CLIENT, "an earlier copy");
    }

    @Test
    void t8RefusesWhatWasRefused() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.receive(it.answer(1, Problem.NOT_PERMITTED, 0, 0));
        it.refused(1);
        it.accusesNobody();
    }

    @Test
    void g5TellsTwice() {
        it.wrote(1, 1, 0, 1);
        it.done(1);
        it.accuses("G5", Side.CLIENT, "tag 1");
    }

    @Test
    void r5GivesOtherDataThanCame() {
        it.submitRead(1, 0, 1);
        it.send(it.read(1, 0, 1));
        it.receive(it.readDone(1, 7));
        it.done(1, 8);
        it.accuses("R5", Side.CLIENT, "other data");
    }

    @Test
    void r4GivesLessThanWasAskedFor() {
        it.submitRead(1, 0, 2);
        it.send(it.read(1, 0, 2));
        it.receive(it.readDone(1, 7, 8));
        it.done(1, 7);
        it.accuses("R4", Side.CLIENT, "gave 512 bytes");
    }
}
