package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Access;
import dst.protocol.Agreement;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.DiskPort;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server's part of a handshake, from the first bytes to the proposal (H1 to H4, H6). */
class GreetingTest {
    private final LoneServer lone = LoneServer.open();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    // H1
    @Test
    void serverRefusesAVersionThatItDoesNotSpeak() {
        lone.step(new LinkPort.Accepted(1, "peer", "somebody"));
        lone.say(1, new Message.Preamble(2, 3));
        assertEquals(Problem.VERSION, lone.refusal(1));
        assertEquals(Closing.Cause.REFUSED, lone.closed.get(1L).cause());
    }

    // H1
    @Test
    void serverTakesTheHighestCommonVersion() {
        lone.step(new LinkPort.Accepted(1, "peer", "somebody"));
        lone.say(1, new Message.Preamble(0, 9));
        assertEquals(
                1, lone.greet(1, LoneServer.ANN, 1, Holder.NOBODY).agreement().version());
    }

    // H1, G8
    @Test
    void serverClosesALinkOfAnotherProtocol() {
        lone.step(new LinkPort.Accepted(1, "peer", "somebody"));
        lone.raw(1, "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("H1", lone.closed.get(1L).rule());
        assertTrue(lone.notes.getLast().contains("H1"), lone.notes.toString());
    }

    // H3
    @Test
    void serverProposesWhatBothCanDo() {
        long link = lone.connect();
        Terms offer = new Terms(3, 1, Terms.FUA | 64, 1_000, 2 * LoneServer.LARGEST, 4, 2 * LoneServer.LARGEST);
        lone.say(link, new Message.Hello("disk", LoneServer.ANN, 0, 1, offer, Holder.NOBODY, Unique.NONE));
        Message.Welcome welcome = lone.last(link, Message.Welcome.class);
        assertEquals(
                new Terms(1, 1, Terms.FUA, 1_000, LoneServer.LARGEST, 4, 2 * LoneServer.LARGEST),
                welcome.agreement().terms());
        assertEquals(LoneServer.DEVICE, welcome.agreement().device());
        assertEquals(lone.boot, welcome.boot());
    }

    // H3
    @Test
    void serverRefusesWithoutACommonChecksum() {
        long link = lone.connect();
        lone.say(
                link,
                new Message.Hello(
                        "disk",
                        LoneServer.ANN,
                        0,
                        1,
                        new Terms(2, 1, 0, 1_000, 512, 4, 512),
                        Holder.NOBODY,
                        Unique.NONE));
        assertEquals(Problem.DISAGREED, lone.refusal(link));
    }

    // H3
    @Test
    void serverRefusesTermsThatCannotCarryABlock() {
        long link = lone.connect();
        lone.say(
                link,
                new Message.Hello(
                        "disk",
                        LoneServer.ANN,
                        0,
                        1,
                        new Terms(1, 1, 0, 1_000, 511, 4, 511),
                        Holder.NOBODY,
                        Unique.NONE));
        assertEquals(Problem.DISAGREED, lone.refusal(link));
    }

    // H3
    @Test
    void serverRefusesAnEchoThatDiffers() {
        long link = lone.connect();
        Message.Welcome welcome = lone.greet(link, LoneServer.ANN, 1, Holder.NOBODY);
        Device larger = new Device(LoneServer.DEVICE.identity(), 2 * LoneServer.SIZE, 512, Permission.BOTH);
        Agreement other = new Agreement(1, welcome.agreement().terms(), larger);
        lone.say(link, new Message.Attach(other, welcome.epoch(), false));
        assertEquals(Problem.DISAGREED, lone.refusal(link));
        assertTrue(lone.persists.isEmpty());
    }

    // H4
    @Test
    void serverIsNotReadyBeforeItsFirstExportIsSetUp() {
        LoneServer early = new LoneServer();
        early.step(new DiskPort.Opened(0, early.boot, BootCause.STARTED));
        long link = early.connect();
        early.say(link, early.hello(LoneServer.ANN, 1, Holder.NOBODY));
        assertEquals(Problem.NOT_READY, early.refusal(link));
        early.everythingIsGivenBack();
    }

    // H3
    @Test
    void serverNamesAnExportThatItDoesNotHave() {
        long link = lone.connect();
        lone.say(link, new Message.Hello("other", LoneServer.ANN, 0, 1, LoneServer.TERMS, Holder.NOBODY, Unique.NONE));
        assertEquals(Problem.NO_SUCH_EXPORT, lone.refusal(link));
    }

    // H4, D5
    @Test
    void serverIsNotReadyWhileABootEnds() {
        long link = lone.attach(LoneServer.ANN);
        lone.say(link, lone.flush(1));
        lone.fail(0);
        long again = lone.connect();
        lone.say(again, lone.hello(LoneServer.ANN, 2, lone.holder));
        assertEquals(Problem.NOT_READY, lone.refusal(again));
    }

    // H5
    @Test
    void serverRefusesAClientThatKnowsAnotherDevice() {
        long link = lone.connect();
        lone.say(
                link,
                new Message.Hello("disk", LoneServer.ANN, 0, 1, LoneServer.TERMS, Holder.NOBODY, new Unique(3, 3)));
        assertEquals(Problem.OTHER_DEVICE, lone.refusal(link));
    }

    // H5: the state beside the disk is another one, and so are its epochs.
    @Test
    void serverDoesNotCallReplacedWhoeverHoldsAnEpochOfAnotherDevice() {
        long link = lone.connect();
        lone.say(
                link,
                new Message.Hello(
                        "disk",
                        LoneServer.ANN,
                        0,
                        1,
                        LoneServer.TERMS,
                        new Holder(7, LoneServer.ANN),
                        new Unique(3, 3)));
        assertEquals(Problem.OTHER_DEVICE, lone.refusal(link));
    }

    // H1
    @Test
    void serverAccusesAClientOfAMessageOutOfPlace() {
        long link = lone.connect();
        lone.say(link, lone.write(1, 0));
        assertEquals(Closing.Cause.PEER_WRONG, lone.closed.get(link).cause());
        assertTrue(lone.disk.isEmpty());
    }

    // H1
    @Test
    void serverAccusesAClientThatGreetsTwice() {
        long link = lone.attach(LoneServer.ANN);
        lone.say(link, lone.hello(LoneServer.ANN, 7, lone.holder));
        assertEquals("H1", lone.closed.get(link).rule());
    }

    // R7
    @Test
    void serverLetsAHandshakeGoThatTakesTooLong() {
        long link = lone.connect();
        lone.now = lone.server.nextDeadline();
        lone.fire();
        assertEquals(Closing.Cause.PEER_SILENT, lone.closed.get(link).cause());
        assertEquals(Machine.NEVER, lone.server.nextDeadline());
    }

    // G3: what was proposed of an export as it was before is nothing that anybody could be granted.
    @Test
    void proposalOfAnExportThatIsOpenedAnewIsTakenBack() {
        long link = lone.connect();
        Message.Welcome welcome = lone.greet(link, LoneServer.ANN, 1, Holder.NOBODY);
        lone.step(new ServerControl.ExportOpened(
                LoneServer.exported(LoneServer.DEVICE, LoneServer.TERMS),
                new Holder(7, LoneServer.BOB),
                Access.ofEverybody(Permission.BOTH)));
        lone.say(link, new Message.Attach(welcome.agreement(), welcome.epoch(), false));
        lone.endAll();
        assertEquals(List.of(), lone.persists);
        assertTrue(lone.closed.containsKey(link));
    }
}
