package dst.protocol.referee;

import static dst.protocol.wire.Message.Request.DURABLE;
import static dst.protocol.wire.Message.Request.REPLAY;

import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.Operation;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import org.junit.jupiter.api.Test;

/** D2 and D3 as they bind a client: what it retained is written again in a new boot, all of it and nothing else. */
class ClientReplayTest {
    private final ClientScript it = ClientScript.attached();

    @Test
    void d3ForgetsRetainedContent() {
        it.wrote(1, 1, 0, 1, 2);
        it.cut();
        it.attach(Script.NEXT_BOOT);
        replay(2, 0, 1);
        it.send(new Message.Replayed(5, Script.NEXT_BOOT));
        it.accuses("D3", Side.CLIENT, "had not written block 1");
    }

    @Test
    void d3SaysReplayedBeforeItIsAnswered() {
        it.wrote(1, 1, 0, 1);
        it.cut();
        it.attach(Script.NEXT_BOOT);
        it.send(it.write(2, REPLAY, 0, 1));
        it.send(new Message.Replayed(5, Script.NEXT_BOOT));
        it.accuses("D3", Side.CLIENT, "not answered");
    }

    @Test
    void d3SendsOtherRequestsFirst() {
        it.wrote(1, 1, 0, 1);
        it.cut();
        it.attach(Script.NEXT_BOOT);
        replay(2, 0, 1);
        it.submitRead(2, 8, 1);
        it.send(it.read(3, 8, 1));
        it.accuses("D3", Side.CLIENT, "before it had said");
    }

    @Test
    void d3InterruptedReplayBeginsAgainInTheNextBoot() {
        it.wrote(1, 1, 0, 1);
        it.wrote(2, 2, 1, 2);
        it.cut();
        it.attach(Script.NEXT_BOOT);
        replay(3, 0, 1);
        it.cut();
        it.attach(new Boot(3, Script.TOKEN));
        replay(4, 1, 2);
        it.send(new Message.Replayed(5, it.boot));
        it.accuses("D3", Side.CLIENT, "had not written block 0");
    }

    @Test
    void d3ReplaysEverything() {
        it.wrote(1, 1, 0, 1, 2);
        it.cut();
        it.attach(Script.NEXT_BOOT);
        replay(2, 0, 1);
        replay(3, 1, 2);
        it.send(new Message.Replayed(5, Script.NEXT_BOOT));
        it.accusesNobody();
    }

    @Test
    void d3WhatACommitNumberReleasedIsNotOwed() {
        it.wrote(1, 1, 0, 1);
        it.send(it.flush(2));
        it.receive(it.done(2, 0, 1L));
        it.cut();
        it.attach(Script.NEXT_BOOT);
        it.send(new Message.Replayed(5, Script.NEXT_BOOT));
        it.accusesNobody();
    }

    @Test
    void d2UndoesADurableWrite() {
        it.wrote(1, 1, 0, 1);
        it.in(new BlockPort.Submit(2, new Operation.Write(0, Script.data(9), true)));
        it.send(it.write(2, DURABLE, 0, 9));
        it.receive(it.done(2, 2, 0L));
        it.done(2);
        it.cut();
        it.attach(Script.NEXT_BOOT);
        it.send(it.write(3, REPLAY, 0, 1));
        it.accuses("D2", Side.CLIENT, "older content");
    }

    private void replay(long id, long block, int content) {
        it.send(it.write(id, REPLAY, block, content));
        it.receive(it.done(id, id, 0L));
    }
}
