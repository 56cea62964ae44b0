package dst.protocol.referee;

import dst.protocol.Access;
import dst.protocol.Agreement;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which of a server's choices of who has to go are right, and which are not (R7). */
class ServerSharesTest {
    private static final String DISK = "disk";
    private static final String SHARED = "shared";
    private static final String ALSO_SHARED = "also shared";

    private static final Device READABLE =
            new Device(Script.DEVICE.identity(), Script.DEVICE.size(), Script.DEVICE.blockSize(), Permission.READ);

    private final ServerScript it;

    ServerSharesTest() {
        it = with(2, 2, 9);
    }

    private static ServerScript with(int links, int handshakes, int attachments) {
        ServerSettings settings = new ServerSettings(links, handshakes, attachments, 1 << 20);
        ServerScript script = new ServerScript(new Referee(new Limits(Map.of(), Map.of("server", settings), Set.of())));
        script.open(Script.BOOT);
        for (String name : new String[] {SHARED, ALSO_SHARED}) {
            script.in(new ServerControl.ExportOpened(
                    new Export(name, 0, 1 << 20, READABLE, Script.TERMS, true),
                    Holder.NOBODY,
                    Access.ofEverybody(Permission.READ)));
        }
        return script;
    }

    private static Unique token(ServerScript script, String export) {
        return export.equals(DISK) ? Script.TOKEN : new Unique(9, script.link);
    }

    private static Agreement agreement(String export) {
        return export.equals(DISK) ? Script.AGREEMENT : new Agreement(1, Script.TERMS, READABLE);
    }

    private static void open(ServerScript script, String principal) {
        script.link++;
        script.in(new LinkPort.Accepted(script.link, "peer", principal));
        script.send(new Message.Preamble(1, 1));
    }

    private static void connect(ServerScript script, String principal) {
        open(script, principal);
        script.receive(new Message.Preamble(1, 1));
    }

    /** Up to the echo. */
    private static void echo(ServerScript script, String principal, String export) {
        echo(script, principal, export, 0);
    }

    private static void echo(ServerScript script, String principal, String export, int slot) {
        connect(script, principal);
        script.receive(new Message.Hello(
                export, token(script, export), slot, script.link, Script.TERMS, Holder.NOBODY, Unique.NONE));
        long epoch = export.equals(DISK) ? Script.HOLDER.epoch() : 0;
        script.send(new Message.Welcome(agreement(export), script.boot, script.cause, epoch));
        script.receive(new Message.Attach(agreement(export), epoch, export.equals(DISK)));
    }

    private static void grant(ServerScript script, String export) {
        Holder holder = export.equals(DISK) ? Script.HOLDER : new Holder(0, token(script, export));
        script.send(new Message.Attached(agreement(export), holder, script.boot, false));
    }

    private static void attach(ServerScript script, String principal, String export) {
        echo(script, principal, export);
        grant(script, export);
    }

    private static void turnAway(ServerScript script, long link) {
        script.out(new LinkPort.Send(link, script.bytes(new Message.Refuse(Problem.LIMIT, ""))));
        script.out(new LinkPort.Close(link, Closing.of(Closing.Cause.REFUSED, "")));
    }

    // Links.

    @Test
    void r7TurnsAwayANewcomerThoughAnotherHasMore() {
        attach(it, "greedy", SHARED);
        attach(it, "greedy", SHARED);
        echo(it, "honest", SHARED);
        turnAway(it, 3);
        it.accuses("R7", Side.SERVER, "link 3 of honest");
    }

    @Test
    void r7TakesAPlaceOfWhoeverHasMost() {
        attach(it, "greedy", SHARED);
        attach(it, "greedy", SHARED);
        echo(it, "honest", SHARED);
        turnAway(it, 2);
        grant(it, SHARED);
        it.in(new Control.TimerFired());
        it.accusesNobody();
    }

    @Test
    void r7TakesAPlaceOfSomebodyWhoHasNoMore() {
        attach(it, "one", SHARED);
        attach(it, "two", SHARED);
        echo(it, "three", SHARED);
        turnAway(it, 1);
        it.accuses("R7", Side.SERVER, "no more than three had 1");
    }

    @Test
    void r7TurnsAwayANewcomerOfWhoeverHasMost() {
        attach(it, "one", SHARED);
        attach(it, "two", SHARED);
        echo(it, "two", SHARED);
        turnAway(it, 3);
        it.accusesNobody();
    }

    @Test
    void r7TakesAPlaceOfSomebodyWhoHasMoreAndNotMost() {
        ServerScript script = with(5, 2, 9);
        for (int i = 0; i < 5; i++) {
            attach(script, i < 3 ? "greedy" : "large", SHARED);
        }
        echo(script, "honest", SHARED);
        turnAway(script, 4);
        script.accuses("R7", Side.SERVER, "greedy had 3");
    }

    @Test
    void r7LooksAtExportsOfOnePeer() {
        attach(it, "unix", SHARED);
        attach(it, "unix", SHARED);
        echo(it, "unix", ALSO_SHARED);
        turnAway(it, 3);
        it.accuses("R7", Side.SERVER, "unix had 3, 2 of them at shared");
    }

    @Test
    void r7KnowsThatAHostOfIpv6HasManyAddresses() {
        attach(it, "2001:db8:0:1:0:0:0:1", SHARED);
        attach(it, "2001:db8:0:1:0:0:0:2", SHARED);
        echo(it, "10.0.0.1", SHARED);
        turnAway(it, 3);
        it.accuses("R7", Side.SERVER, "2001:db8:0:1::/64 had 2");
    }

    @Test
    void r7TurnsAwaySomebodyThoughThereIsRoom() {
        attach(it, "one", SHARED);
        echo(it, "two", SHARED);
        turnAway(it, 2);
        it.accuses("R7", Side.SERVER, "there was room");
    }

    // L2: of one slot only the newest link stays, so that it needs no place.
    @Test
    void r7TurnsAwayTheNewerLinkOfASlot() {
        attach(it, "one", SHARED);
        attach(it, "holder", DISK);
        echo(it, "holder", DISK);
        turnAway(it, 3);
        it.accuses("R7", Side.SERVER, "there was room");
    }

    @Test
    void r7TakesTheOnlyLinkOfAHolderForAReader() {
        attach(it, "holder", DISK);
        attach(it, "holder", SHARED);
        echo(it, "reader", SHARED);
        turnAway(it, 1);
        it.accuses("R7", Side.SERVER, "the only one of whoever held disk");
    }

    @Test
    void r7TakesAFurtherLinkOfAHolder() {
        attach(it, "holder", DISK);
        echo(it, "holder", DISK, 1);
        grant(it, DISK);
        echo(it, "reader", SHARED);
        turnAway(it, 1);
        grant(it, SHARED);
        it.in(new Control.TimerFired());
        it.accusesNobody();
    }

    @Test
    void r7HoldsTooManyLinks() {
        attach(it, "one", SHARED);
        attach(it, "two", SHARED);
        attach(it, "three", SHARED);
        it.in(new Control.TimerFired());
        it.accuses("R7", Side.SERVER, "3 links that were through");
    }

    // R7: an attachment has so many slots, whoever has whatever else.
    @Test
    void r7RefusesASlotThatThereIsNot() {
        connect(it, "one");
        it.receive(new Message.Hello(SHARED, new Unique(9, 9), 16, 1, Script.TERMS, Holder.NOBODY, Unique.NONE));
        turnAway(it, 1);
        it.accusesNobody();
    }

    // Handshakes.

    @Test
    void r7EndsAHandshakeOfWhoeverHasFewer() {
        connect(it, "honest");
        connect(it, "greedy");
        open(it, "greedy");
        turnAway(it, 1);
        it.accuses("R7", Side.SERVER, "greedy had 2");
    }

    @Test
    void r7EndsTheOldestHandshakeOfWhoeverHasMost() {
        connect(it, "honest");
        connect(it, "greedy");
        open(it, "greedy");
        turnAway(it, 2);
        it.in(new Control.TimerFired());
        it.accusesNobody();
    }

    @Test
    void r7EndsANewerHandshakeOfWhoeverHasMost() {
        connect(it, "honest");
        connect(it, "greedy");
        open(it, "greedy");
        turnAway(it, 3);
        it.accuses("R7", Side.SERVER, "link 2 of the same peer");
    }

    // Whoever is through stands in nobody's way who is not.
    @Test
    void r7TurnsAwayAnybodyWhoConnectsWhereAllPlacesAreTaken() {
        attach(it, "greedy", SHARED);
        attach(it, "greedy", SHARED);
        connect(it, "honest");
        turnAway(it, 3);
        it.accuses("R7", Side.SERVER, "no more than 2 handshakes");
    }

    // Readers.

    @Test
    void r7TurnsAwayAReaderThoughAnotherPeerHasMore() {
        ServerScript script = with(9, 2, 2);
        attach(script, "greedy", SHARED);
        attach(script, "greedy", SHARED);
        echo(script, "honest", SHARED);
        turnAway(script, 3);
        script.accuses("R7", Side.SERVER, "link 3 of honest");
    }

    @Test
    void r7EndsAReaderOfWhoeverHasMost() {
        ServerScript script = with(9, 2, 2);
        attach(script, "greedy", SHARED);
        attach(script, "greedy", SHARED);
        echo(script, "honest", SHARED);
        turnAway(script, 1);
        grant(script, SHARED);
        script.in(new Control.TimerFired());
        script.accusesNobody();
    }

    @Test
    void r7EndsAReaderOfSomebodyWhoHasNoMore() {
        ServerScript script = with(9, 2, 2);
        attach(script, "one", SHARED);
        attach(script, "two", SHARED);
        echo(script, "three", SHARED);
        turnAway(script, 2);
        script.accuses("R7", Side.SERVER, "no more than three had 1");
    }

    // Readers that are gone count until the disk has ended what they asked for; whose they were is not seen.
    @Test
    void r7IsNotJudgedForReadersWhileTheDiskWorks() {
        ServerScript script = with(9, 2, 2);
        attach(script, "greedy", SHARED);
        attach(script, "greedy", SHARED);
        script.startRead(1, 0, 1);
        echo(script, "honest", SHARED);
        turnAway(script, 3);
        script.accusesNobody();
    }
}
