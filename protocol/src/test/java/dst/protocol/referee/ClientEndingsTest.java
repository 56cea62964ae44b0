package dst.protocol.referee;

import dst.protocol.Agreement;
import dst.protocol.BlockPort;
import dst.protocol.BootCause;
import dst.protocol.ClientControl;
import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Side;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.trace.Layer;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Message;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How a client ends, comes back, and keeps within its limits; and that nobody is convicted for what a hostile peer does. */
class ClientEndingsTest {
    private final ClientScript it = ClientScript.attached();

    private void hearsReplaced() {
        it.cut();
        it.connect();
        it.receive(new Message.Preamble(1, 1));
        it.receive(new Message.Refuse(Problem.REPLACED, ""));
    }

    private void fails(Range... lost) {
        it.out(new BlockPort.Failed(Problem.REPLACED, "", List.of(lost)));
    }

    @Test
    void h5GoesOnAfterItWasReplaced() {
        hearsReplaced();
        it.next();
        it.accuses("H5", Side.CLIENT, "had not failed");
    }

    @Test
    void h5ComesBackAfterItWasReplaced() {
        hearsReplaced();
        fails();
        it.next();
        it.out(new LinkPort.Connect(9, 0));
        it.accuses("H5", Side.CLIENT, "by itself");
    }

    @Test
    void t4TellsWhatNobodyCanHaveDone() {
        submitLarge();
        it.done(2);
        it.accuses("T4", Side.CLIENT, "nothing of it");
    }

    @Test
    void t4WhatIsDoneElsewhereIsNoPartOfIt() {
        submitLarge();
        it.wrote(1, 1, 4096, 1);
        it.done(2);
        it.accuses("T4", Side.CLIENT, "nothing of it");
    }

    @Test
    void t4WhatIsTooLargeForOneRequestMayBeDoneInPieces() {
        submitLarge();
        it.send(it.request(1, Kind.TRIM, 0, 0, Unpooled.EMPTY_BUFFER, 64));
        it.receive(it.done(1, 1, 0L));
        it.done(2);
        it.next();
        it.accusesNobody();
    }

    @Test
    void t4AFlushNeedsNoFeature() {
        withoutTrim();
        it.in(new BlockPort.Submit(1, new Operation.Flush()));
        it.done(1);
        it.accuses("T4", Side.CLIENT, "had never sent it");
    }

    @Test
    void t4ATrimThatNobodyKnowsMayBeDoneByOtherMeans() {
        withoutTrim();
        it.in(new BlockPort.Submit(1, new Operation.Trim(0, Script.BLOCK)));
        it.send(it.request(1, Kind.ZERO, 0, 0, Unpooled.EMPTY_BUFFER, 1));
        it.receive(it.done(1, 1, 0L));
        it.done(1);
        it.next();
        it.accusesNobody();
    }

    private void withoutTrim() {
        Terms all = Script.TERMS;
        Terms less = new Terms(
                all.checksums(),
                all.ciphers(),
                all.features() & ~Terms.TRIM,
                all.keepaliveMillis(),
                all.largestTransfer(),
                all.transactionsMax(),
                all.bytesMax());
        it.cut();
        it.attach(Script.BOOT, new Agreement(1, less, Script.DEVICE));
        it.send(new Message.Replayed(Script.HOLDER.epoch(), Script.BOOT));
    }

    private void submitLarge() {
        it.in(new BlockPort.Submit(2, new Operation.Trim(0, Script.TERMS.largestTransfer() + Script.BLOCK)));
    }

    @Test
    void h5GoesOnWithAnotherDevice() {
        usesDevice(new Unique(8, 8));
        it.accuses("H5", Side.CLIENT, "the one that it has used is");
    }

    @Test
    void h5GoesOnWithItsDevice() {
        usesDevice(Script.DEVICE.identity());
        it.accusesNobody();
    }

    private void usesDevice(Unique identity) {
        it.submitRead(1, 0, 1);
        it.send(it.read(1, 0, 1));
        it.receive(it.readDone(1, 7));
        it.done(1, 7);
        it.cut();
        Device device = Script.DEVICE;
        it.attach(
                Script.BOOT,
                new Agreement(
                        1, Script.TERMS, new Device(identity, device.size(), device.blockSize(), device.permission())));
        it.send(new Message.Replayed(Script.HOLDER.epoch(), Script.BOOT));
        it.submitRead(2, 0, 1);
        it.send(it.read(2, 0, 1));
        it.next();
    }

    @Test
    void h5ForgetsWhatIsPending() {
        it.submitWrite(1, 0, 1);
        hearsReplaced();
        fails();
        it.next();
        it.accuses("H5", Side.CLIENT, "had not been told");
    }

    @Test
    void h5ConcealsWhatItRetained() {
        it.wrote(1, 1, 3, 1);
        hearsReplaced();
        fails();
        it.accuses("H5", Side.CLIENT, "block 3");
    }

    @Test
    void h5FailsAndTellsEverybody() {
        it.wrote(1, 1, 3, 1);
        it.submitWrite(2, 0, 1);
        hearsReplaced();
        fails(new Range(3 * Script.BLOCK, Script.BLOCK));
        it.unknown(2);
        it.next();
        it.accusesNobody();
    }

    @Test
    void l5ConcealsWhatItRetained() {
        it.wrote(1, 1, 3, 1);
        it.in(new ClientControl.Detach(1000));
        it.out(new ClientControl.Detached(List.of()));
        it.accuses("L5", Side.CLIENT, "block 3");
    }

    @Test
    void l3ComesBackWithoutAPause() {
        it.connect();
        it.cut();
        it.out(new LinkPort.Connect(9, 0));
        it.accuses("L3", Side.CLIENT, "without a pause");
    }

    @Test
    void l3AtOnceIsRightIfTheLinkHadLivedAndInAnotherSlot() {
        it.cut();
        it.out(new LinkPort.Connect(8, 0));
        it.in(new LinkPort.Closed(8, "refused"));
        it.out(new LinkPort.Connect(9, 1));
        it.next();
        it.out(new LinkPort.Connect(10, 0));
        it.accusesNobody();
    }

    @Test
    void l4StopsReceiving() {
        it.out(new LinkPort.Reading(1, false));
        it.accuses("L4", Side.CLIENT, "stopped receiving");
    }

    @Test
    void d6ReplaysATrim() {
        it.wrote(1, 1, 0, 1);
        it.cut();
        it.attach(Script.NEXT_BOOT);
        it.send(it.request(2, Kind.TRIM, Message.Request.REPLAY, 0, Unpooled.EMPTY_BUFFER, 1));
        it.accuses("D6", Side.CLIENT, "only what was written");
    }

    private static ClientScript retaining(long bytes) {
        ClientSettings settings = ClientSettings.of("disk");
        settings = new ClientSettings(
                "disk",
                settings.terms(),
                Unique.NONE,
                settings.patienceNanos(),
                settings.resendNanos(),
                settings.reconnectNanos(),
                bytes,
                5,
                ClientPolicy.ORDINARY);
        ClientScript script = new ClientScript(new Referee(new Limits(Map.of("client", settings), Map.of(), Set.of())));
        script.tap(Layer.client("client"), new WorldEvent.ProcessStarted());
        script.in(new Control.Started(Script.TOKEN, 1));
        script.attach(Script.BOOT);
        script.send(new Message.Replayed(5, Script.BOOT));
        return script;
    }

    @Test
    void d4RetainsTooMuch() {
        ClientScript script = retaining(2 * Script.BLOCK);
        script.wrote(1, 1, 0, 1, 2);
        script.wrote(2, 2, 2, 3);
        script.accuses("D4", Side.CLIENT, "1536 bytes");
    }

    @Test
    void d4WhatIsDurableOrOverwrittenIsNotRetained() {
        ClientScript script = retaining(2 * Script.BLOCK);
        script.wrote(1, 1, 0, 1, 2);
        script.wrote(2, 2, 1, 3);
        script.send(script.flush(3));
        script.receive(script.answer(3, Problem.NONE, 0, 2));
        script.submitWrite(4, 4, 1, 2);
        script.send(script.write(4, 0, 4, 1, 2));
        script.receive(script.answer(4, Problem.NONE, 3, 2));
        script.done(4);
        script.accusesNobody();
    }

    @Test
    void h1HoldsALinkOnWhichWrongBytesCame() {
        it.in(new LinkPort.Received(1, Unpooled.wrappedBuffer(new byte[64])));
        it.next();
        it.accuses("H1", Side.CLIENT, "still held the link");
    }

    @Test
    void h1GoesOnWithAVersionThatItDoesNotSpeak() {
        it.connect();
        it.receive(new Message.Preamble(2, 3));
        it.receive(new Message.Welcome(Script.AGREEMENT, Script.BOOT, BootCause.STARTED, 5));
        it.send(new Message.Attach(Script.AGREEMENT, 5, true));
        it.accuses("H1", Side.CLIENT, "version 1");
    }

    @Test
    void aHostileServerConvictsNobody() {
        it.submitWrite(1, 0, 1);
        it.send(it.write(1, 0, 0, 1));
        it.receive(it.answer(77, Problem.NONE, 5, 5));
        it.receive(new Message.Attached(Script.AGREEMENT, Script.HOLDER, Script.NEXT_BOOT, false));
        it.receive(it.readDone(1, 9));
        it.receive(new Message.Hello("x", Script.TOKEN, 0, 1, Script.TERMS, Script.HOLDER, Unique.NONE));
        it.out(new LinkPort.Close(1, Closing.peerWrong("H1", "not due")));
        it.next();
        it.accusesNobody();
    }

    @Test
    void anIgnoredNodeIsNotJudged() {
        ClientScript script = new ClientScript(new Referee(new Limits(Map.of(), Map.of(), Set.of("client"))));
        script.connect();
        script.damagedBytes();
        script.accusesNobody();
    }
}
