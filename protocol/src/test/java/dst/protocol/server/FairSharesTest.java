package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dst.protocol.Access;
import dst.protocol.Device;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Unique;
import dst.protocol.referee.Limits;
import dst.protocol.referee.Referee;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where not all can have a place: whoever has most gives way, and nobody locks others out (R7). */
class FairSharesTest {
    private static final String SHARED = "disk";
    private static final String ALSO_SHARED = "library";
    private static final String OWN = "own";
    private static final String OTHER = "other";
    private static final List<String> NAMES = List.of(SHARED, ALSO_SHARED, OWN, OTHER);

    private LoneServer lone = LoneServer.open();
    private Referee referee = new Referee();
    private long generation;
    private long tokens;

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
        assertEquals(List.of(), referee.findings());
        referee.discard();
    }

    /** Two exports that all read, and two that somebody holds. */
    private void serve(int linksMax, int handshakesMax, int attachmentsMax) {
        lone.everythingIsGivenBack();
        ServerSettings settings = new ServerSettings(linksMax, handshakesMax, attachmentsMax, 1 << 30);
        lone = new LoneServer(settings);
        referee = new Referee(new Limits(Map.of(), Map.of("server", settings), Set.of()));
        lone.tap = referee;
        lone.restart(LoneServer.shared(), Holder.NOBODY);
        for (String name : NAMES.subList(1, NAMES.size())) {
            boolean shared = name.equals(ALSO_SHARED);
            Device device = shared ? LoneServer.shared().device() : LoneServer.DEVICE;
            long start = NAMES.indexOf(name) * LoneServer.SIZE;
            Export export = new Export(name, 0, start, device, LoneServer.TERMS, shared);
            lone.step(new ServerControl.ExportOpened(export, Holder.NOBODY, Access.ofEverybody(Permission.BOTH)));
        }
    }

    private Unique anybody() {
        return new Unique(0xF, ++tokens);
    }

    /** Up to the echo, and with everything that the disk has to do for a grant. */
    private long attach(String principal, String export, Unique token, int slot, Holder held) {
        long link = lone.connect(principal);
        lone.attach(link, new Message.Hello(export, token, slot, ++generation, LoneServer.TERMS, held, Unique.NONE));
        lone.endAll();
        lone.persistAll();
        return link;
    }

    private long read(String principal, String export) {
        return attach(principal, export, anybody(), 0, Holder.NOBODY);
    }

    private long hold(String principal, String export) {
        return attach(principal, export, anybody(), 0, Holder.NOBODY);
    }

    private void ask(long link, long id, long block) {
        lone.say(
                link,
                new Message.Request(
                        id,
                        Kind.READ,
                        0,
                        block * LoneServer.BLOCK,
                        LoneServer.BLOCK,
                        0,
                        lone.boot,
                        Settled.NONE,
                        0,
                        Unpooled.EMPTY_BUFFER));
    }

    private void assertLive(long... links) {
        for (long link : links) {
            assertFalse(lone.closed.containsKey(link), "link " + link + ": " + lone.closed.get(link));
            assertEquals(1, lone.all(link, Message.Attached.class).size(), "link " + link);
        }
    }

    private void assertTurnedAway(long... links) {
        Set<Long> expected = new TreeSet<>();
        for (long link : links) {
            expected.add(link);
            assertEquals(Problem.LIMIT, lone.refusal(link));
        }
        assertEquals(expected, lone.closed.keySet());
    }

    // Links.

    @Test
    void newcomerOfAnotherPeerTakesAPlaceOfWhoeverHasMost() {
        serve(4, 4, 9);
        long first = read("greedy", SHARED);
        long second = read("greedy", SHARED);
        long third = read("greedy", SHARED);
        long fourth = read("greedy", SHARED);
        assertLive(first, second, third, fourth);
        long honest = read("honest", SHARED);
        assertTurnedAway(first);
        assertLive(second, third, fourth, honest);
        long also = read("honest", SHARED);
        assertTurnedAway(first, second);
        assertLive(third, fourth, honest, also);
    }

    @Test
    void newcomerOfWhoeverHasMostGetsNothing() {
        serve(3, 4, 9);
        long honest = read("honest", SHARED);
        long one = read("greedy", SHARED);
        long two = read("greedy", SHARED);
        long three = read("greedy", SHARED);
        assertTurnedAway(three);
        assertLive(honest, one, two);
    }

    // Whoever comes back at once for what it lost would displace the other, and so on for ever.
    @Test
    void equalSharesAreLeftAlone() {
        serve(4, 4, 9);
        long[] all = {read("one", SHARED), read("one", SHARED), read("two", SHARED), read("two", SHARED)};
        long again = read("one", SHARED);
        long also = read("two", SHARED);
        assertTurnedAway(again, also);
        assertLive(all);
    }

    @Test
    void peersOfOneEachAreLeftAlone() {
        serve(2, 4, 9);
        long one = read("one", SHARED);
        long two = read("two", SHARED);
        assertTurnedAway(read("three", SHARED));
        assertLive(one, two);
    }

    @Test
    void ofOnePeerTheExportWithMostLinksGivesWay() {
        serve(3, 4, 9);
        long own = read("unix", ALSO_SHARED);
        long one = read("unix", SHARED);
        long two = read("unix", SHARED);
        long also = read("unix", ALSO_SHARED);
        assertTurnedAway(also);
        long other = read("unix", OWN);
        assertTurnedAway(also, one);
        assertLive(own, two, other);
    }

    @Test
    void whoNeverAskedGoesBeforeWhoAskedLongestAgo() {
        serve(3, 4, 9);
        long early = read("greedy", SHARED);
        long late = read("greedy", SHARED);
        long never = read("greedy", SHARED);
        ask(late, 1, 0);
        ask(early, 1, 1);
        ask(late, 2, 2);
        lone.endAll();
        read("honest", SHARED);
        assertTurnedAway(never);
        read("decent", SHARED);
        assertTurnedAway(never, early);
        assertLive(late);
    }

    @Test
    void whoHasWorkUnderWayGoesLast() {
        serve(2, 4, 9);
        long busy = read("greedy", SHARED);
        long idle = read("greedy", SHARED);
        ask(busy, 1, 0);
        ask(idle, 1, 1);
        lone.end(1);
        long link = lone.connect("honest");
        lone.attach(link, new Message.Hello(SHARED, anybody(), 0, 1, LoneServer.TERMS, Holder.NOBODY, Unique.NONE));
        assertTurnedAway(idle);
        assertLive(busy, link);
        lone.endAll();
        assertEquals(1, lone.answers(busy).size());
    }

    // A device with a file system on top is not to stop for somebody who reads along.
    @Test
    void onlyLinkOfAHolderIsNotDisplacedByAReader() {
        serve(2, 4, 9);
        long own = hold("busy", OWN);
        long other = hold("busy", OTHER);
        assertTurnedAway(read("reader", SHARED));
        assertLive(own, other);
    }

    @Test
    void onlyLinkOfAHolderIsDisplacedByTheFirstOneOfAnother() {
        serve(2, 4, 9);
        long reads = read("busy", SHARED);
        long own = hold("busy", OWN);
        long other = hold("honest", OTHER);
        assertTurnedAway(reads);
        assertLive(own, other);
        serve(1, 4, 9);
        long only = hold("busy", OWN);
        assertTurnedAway(hold("honest", OTHER));
        assertLive(only);
    }

    @Test
    void furtherLinkOfAHolderGivesWayToAReader() {
        serve(3, 4, 9);
        Unique token = anybody();
        long first = attach("busy", OWN, token, 0, Holder.NOBODY);
        Holder held = lone.last(first, Message.Attached.class).holder();
        long second = attach("busy", OWN, token, 1, held);
        long third = attach("busy", OWN, token, 2, held);
        assertLive(first, second, third);
        long one = read("reader", SHARED);
        long two = read("other reader", SHARED);
        assertTurnedAway(first, second);
        assertLive(third, one, two);
    }

    // L2: what it takes the place of has one.
    @Test
    void newerLinkOfASlotNeedsNoPlace() {
        serve(2, 4, 9);
        Unique token = anybody();
        long first = attach("one", SHARED, token, 0, Holder.NOBODY);
        long other = read("two", SHARED);
        long newer = attach("one", SHARED, token, 0, Holder.NOBODY);
        assertEquals(Set.of(first), lone.closed.keySet());
        assertLive(other, newer);
    }

    // H5
    @Test
    void takerNeedsNoPlaceBesideTheHolders() {
        serve(2, 4, 9);
        long old = hold("one", OWN);
        long other = read("two", SHARED);
        long taker = hold("three", OWN);
        assertEquals(Set.of(old), lone.closed.keySet());
        assertLive(other, taker);
    }

    // H5: nobody loses anything to somebody for whom there is no place.
    @Test
    void takerWithoutAPlaceTakesNothing() {
        serve(2, 4, 9);
        Unique token = anybody();
        long away = attach("owner", OWN, token, 0, Holder.NOBODY);
        Holder held = lone.last(away, Message.Attached.class).holder();
        lone.step(new LinkPort.Closed(away, "gone"));
        long one = read("one", SHARED);
        long two = read("two", SHARED);
        assertTurnedAway(hold("taker", OWN));
        lone.step(new LinkPort.Closed(one, "gone"));
        long back = attach("owner", OWN, token, 0, held);
        assertLive(two, back);
        assertEquals(held, lone.last(back, Message.Attached.class).holder());
    }

    @Test
    void whoeverOnlyConnectsDisplacesNobodyWhoIsThrough() {
        serve(2, 3, 9);
        long one = read("greedy", SHARED);
        long two = read("greedy", SHARED);
        List<Long> silent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            silent.add(lone.connect("honest"));
        }
        assertTurnedAway(silent.get(0), silent.get(1));
        assertLive(one, two);
    }

    // Handshakes.

    @Test
    void oldestHandshakeOfWhoeverHasMostGoes() {
        serve(9, 3, 9);
        long honest = lone.connect("honest");
        long first = lone.connect("greedy");
        long second = lone.connect("greedy");
        long third = lone.connect("greedy");
        assertTurnedAway(first);
        long fourth = lone.connect("greedy");
        assertTurnedAway(first, second);
        assertFalse(
                lone.closed.containsKey(honest) || lone.closed.containsKey(third) || lone.closed.containsKey(fourth));
    }

    @Test
    void hostOfIpv6IsOnePeerWithAllItsAddresses() {
        serve(3, 3, 9);
        long one = read("2001:db8:0:1:0:0:0:1", SHARED);
        long two = read("2001:db8:0:1:0:0:0:2", SHARED);
        long honest = read("honest", SHARED);
        long three = read("2001:db8:0:1:0:0:0:3", SHARED);
        assertTurnedAway(three);
        long also = read("also honest", SHARED);
        assertTurnedAway(three, one);
        assertLive(two, honest, also);
    }

    // Readers.

    @Test
    void readerOfWhoeverHasMostGivesWayWithAllItsLinks() {
        serve(9, 9, 2);
        Unique token = anybody();
        long one = attach("greedy", SHARED, token, 0, Holder.NOBODY);
        long same = attach("greedy", SHARED, token, 1, Holder.NOBODY);
        long two = read("greedy", SHARED);
        long honest = read("honest", SHARED);
        assertTurnedAway(one, same);
        assertLive(two, honest);
    }

    @Test
    void newReaderOfWhoeverHasMostGetsNothing() {
        serve(9, 9, 2);
        long one = read("one", SHARED);
        long two = read("two", SHARED);
        assertTurnedAway(read("one", SHARED), read("two", ALSO_SHARED), read("three", SHARED));
        assertLive(one, two);
    }

    @Test
    void readersOfOnePeerMakeRoomForTheReaderOfAnotherExport() {
        serve(9, 9, 2);
        long one = read("unix", SHARED);
        long two = read("unix", SHARED);
        long other = read("unix", ALSO_SHARED);
        assertTurnedAway(one);
        assertLive(two, other);
    }

    // R7: what the disk still does for a reader counts until it has ended; whoever came for its place comes again.
    @Test
    void placeOfABusyReaderIsThereWhenTheDiskHasEnded() {
        serve(9, 9, 2);
        long one = read("greedy", SHARED);
        long two = read("greedy", SHARED);
        ask(one, 1, 0);
        ask(two, 1, 1);
        Message.Hello hello = new Message.Hello(SHARED, anybody(), 0, 1, LoneServer.TERMS, Holder.NOBODY, Unique.NONE);
        long early = lone.attach(lone.connect("honest"), hello);
        assertTurnedAway(one, early);
        lone.end(0);
        long again = lone.attach(lone.connect("honest"), hello);
        assertLive(two, again);
        lone.endAll();
    }
}
