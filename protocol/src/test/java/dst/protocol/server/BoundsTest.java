package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Access;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerSettings;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each limit of a server at its edge: what is within it is served, what is beyond it is refused by name or slowed down (R7). */
class BoundsTest {
    private LoneServer lone = LoneServer.open();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private void serve(ServerSettings settings) {
        lone.everythingIsGivenBack();
        lone = LoneServer.open(settings, LoneServer.shared(), Access.ofEverybody(Permission.READ));
    }

    /** Somebody who takes at once what it is sent. */
    private long reader(int number) {
        long link = lone.connect();
        lone.sent(link);
        Message.Welcome welcome = lone.greet(link, new Unique(0xAA, number), link, Holder.NOBODY);
        lone.sent(link);
        lone.say(link, new Message.Attach(welcome.agreement(), 0, false));
        lone.sent(link);
        return link;
    }

    private boolean isLive(long link) {
        return !lone.closed.containsKey(link)
                && !lone.all(link, Message.Attached.class).isEmpty();
    }

    // R7
    @Test
    void linkBeyondTheLimitIsRefusedAndTheNextOneTakenWhenOneGoes() {
        serve(new ServerSettings(3, 3, 9, 1 << 30));
        long first = reader(1);
        assertTrue(isLive(first) && isLive(reader(2)) && isLive(reader(3)));
        long beyond = reader(4);
        assertEquals(Problem.LIMIT, lone.refusal(beyond));
        assertEquals(Closing.Cause.REFUSED, lone.closed.get(beyond).cause());
        lone.step(new LinkPort.Closed(first, "gone"));
        assertTrue(isLive(reader(5)));
    }

    // R7: whoever has said nothing takes no place of those that have.
    @Test
    void linksThatSaidNothingAreBesideTheLimitOfTheOthers() {
        serve(new ServerSettings(2, 3, 9, 1 << 30));
        long oldest = lone.connect();
        long other = lone.connect();
        assertTrue(isLive(reader(1)) && isLive(reader(2)));
        assertEquals(0, lone.closed.size());
        lone.connect();
        lone.connect();
        assertEquals(Problem.LIMIT, lone.refusal(oldest));
        assertFalse(lone.closed.containsKey(other));
    }

    // R7
    @Test
    void handshakeBeyondTheLimitEndsTheOldestOne() {
        serve(new ServerSettings(100, 2, 9, 1 << 30));
        assertTrue(isLive(reader(1)) && isLive(reader(2)) && isLive(reader(3)), "what is over does not count");
        long first = lone.connect();
        lone.greet(first, new Unique(1, 1), 1, Holder.NOBODY);
        long second = lone.connect();
        assertEquals(0, lone.closed.size());
        long third = lone.connect();
        assertEquals(Problem.LIMIT, lone.refusal(first));
        assertFalse(lone.closed.containsKey(second) || lone.closed.containsKey(third));
    }

    // R7: a flood of links that say nothing does not keep an honest client out, as long as it is not slower than the
    // whole flood.
    @Test
    void floodOfHandshakesKeepsNobodyOut() {
        serve(new ServerSettings(8, 4, 9, 1 << 30));
        for (int i = 0; i < 50; i++) {
            lone.connect();
        }
        long link = lone.connect();
        lone.connect();
        Message.Welcome welcome = lone.greet(link, LoneServer.ANN, 1, Holder.NOBODY);
        lone.connect();
        lone.connect();
        lone.say(link, new Message.Attach(welcome.agreement(), 0, false));
        for (int i = 0; i < 50; i++) {
            lone.connect();
        }
        assertTrue(isLive(link));
    }

    // R7: to the nanosecond, in both phases in which the peer has to say something.
    @Test
    void handshakeHasADeadline() {
        long silent = lone.connect();
        long proposed = lone.connect();
        lone.greet(proposed, LoneServer.ANN, 1, Holder.NOBODY);
        lone.now = ServerLink.HANDSHAKE_NANOS - 1;
        lone.say(proposed, new Message.Pong(0));
        lone.fire();
        assertTrue(lone.closed.isEmpty());
        assertEquals(ServerLink.HANDSHAKE_NANOS, lone.server.nextDeadline());
        lone.now++;
        lone.fire();
        assertEquals(Closing.Cause.PEER_SILENT, lone.closed.get(silent).cause());
        assertEquals(Closing.Cause.PEER_SILENT, lone.closed.get(proposed).cause());
        assertEquals(Machine.NEVER, lone.server.nextDeadline());
    }

    // R7, H5: who waits for the disk and not for himself has no deadline but silence.
    @Test
    void takerThatWaitsForTheDiskHasNoDeadline() {
        long ann = lone.attach(LoneServer.ANN);
        lone.say(ann, lone.write(1, 0));
        long bob = lone.connect();
        lone.ask(bob, LoneServer.BOB, 1);
        for (int i = 0; i < 10; i++) {
            lone.now += 4_000_000_000L;
            lone.fire();
            lone.say(bob, new Message.Pong(0));
        }
        lone.endAll();
        lone.persistAll();
        assertTrue(isLive(bob));
    }

    // R7: transactions beyond the agreed number, and as many again, wait with the peer; nothing is dropped.
    @Test
    void transactionsBeyondTwiceTheAgreedNumberAreReadMoreSlowly() {
        long link = lone.attach(LoneServer.ANN);
        lone.sent(link);
        int most = 2 * LoneServer.TERMS.transactionsMax();
        for (int id = 1; id <= most; id++) {
            lone.say(link, lone.request(id, Kind.TRIM, id, 1, 0, Settled.NONE, 0));
        }
        assertTrue(lone.readings.isEmpty());
        lone.say(link, lone.flush(most + 1));
        lone.say(link, lone.read(most + 2, 60));
        lone.say(link, lone.read(most + 3, 61));
        assertEquals(List.of(new LinkPort.Reading(link, false)), lone.readings);
        assertEquals(most, lone.disk.size());
        lone.endAll();
        assertEquals(new LinkPort.Reading(link, true), lone.readings.getLast());
        assertEquals(most + 3, lone.answers(link).size());
    }

    // R7: what the client has given up and the disk has not counts as long as it runs.
    @Test
    void transactionsThatAreGivenUpAndRunStillCount() {
        long link = lone.attach(LoneServer.ANN);
        lone.sent(link);
        List<Long> settled = new ArrayList<>(List.of(0L));
        for (long id = 1; id <= 60; id++) {
            lone.say(link, lone.request(id, Kind.TRIM, (int) id, 1, 0, LoneServer.settled(settled), 0));
            settled.add(id);
        }
        assertEquals(2 * LoneServer.TERMS.transactionsMax() + 1, lone.disk.size());
        lone.endAll();
        assertEquals(
                List.of(60L),
                lone.answers(link).stream().map(Message.Answer::id).toList());
    }

    // R7: bytes in the disk's hands.
    @Test
    void bytesBeyondTwiceTheAgreedNumberAreReadMoreSlowly() {
        long link = lone.attach(LoneServer.ANN);
        lone.sent(link);
        int most = 2 * LoneServer.TERMS.bytesMax() / LoneServer.LARGEST;
        for (int id = 1; id <= most; id++) {
            lone.say(link, lone.request(id, Kind.READ, (id - 1) * 4 % 64, 4, 0, Settled.NONE, 0));
        }
        assertTrue(lone.readings.isEmpty());
        lone.say(link, lone.read(most + 1, 0));
        assertEquals(List.of(new LinkPort.Reading(link, false)), lone.readings);
        lone.say(link, lone.read(most + 2, 0));
        assertEquals(most + 1, lone.disk.size());
        lone.end(0);
        assertEquals(new LinkPort.Reading(link, true), lone.readings.getLast());
        lone.endAll();
        assertEquals(most + 2, lone.answers(link).size());
    }

    // R7: bytes that the peer does not take.
    @Test
    void unsentBytesBeyondTheLimitStopTheReading() {
        long link = lone.attach(LoneServer.ANN);
        lone.sent(link);
        int most = (2 * LoneServer.TERMS.bytesMax() + (1 << 16)) / 32;
        for (int i = 0; i < most; i++) {
            lone.say(link, new Message.Ping(i));
        }
        assertTrue(lone.readings.isEmpty());
        lone.say(link, new Message.Ping(1));
        assertEquals(List.of(new LinkPort.Reading(link, false)), lone.readings);
        lone.say(link, new Message.Ping(2));
        assertEquals(most + 1, lone.all(link, Message.Pong.class).size());
        lone.step(new LinkPort.Sent(link, 32));
        assertEquals(most + 2, lone.all(link, Message.Pong.class).size());
    }

    // R7, T3: a record for every id that the settled set leaves open, and not one more.
    @Test
    void answersAreRecordedForTheWindowAndTheOpenIdsAndNoMore() {
        long link = lone.attach(LoneServer.ANN);
        int last = 2 * Settled.WINDOW - 1;
        for (long id = 0; id <= last; id++) {
            long mark = id < Settled.WINDOW ? 0 : Settled.WINDOW;
            long[] open = new long[(int) mark];
            for (int i = 0; i < open.length; i++) {
                open[i] = i;
            }
            if (id > 0) {
                Settled set = mark == 0 ? Settled.NONE : new Settled(mark, new long[0], open);
                lone.say(link, lone.request(id, Kind.TRIM, (int) (id % 60), 1, 0, set, 0));
                lone.endAll();
                lone.sent(link);
            }
        }
        for (long id = 1; id <= last; id++) {
            lone.sent(link);
            lone.say(link, lone.request(id, Kind.TRIM, (int) (id % 60), 1, 0, Settled.NONE, 0));
        }
        assertTrue(lone.disk.isEmpty(), "each was executed once");
        assertEquals(2 * last, lone.answers(link).size());
        lone.say(link, lone.request(last + 1, Kind.TRIM, 0, 1, 0, Settled.NONE, 0));
        assertEquals("T3", lone.closed.get(link).rule());
    }

    // R7: the greediest is slowed down first, everybody has some, and whoever has nothing is always listened to.
    @Test
    void memoryOfAllLinksIsSharedOut() {
        int largest = LoneServer.LARGEST;
        serve(new ServerSettings(100, 100, 9, 8 * largest));
        List<Integer> started = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            long link = reader(number);
            int before = lone.disk.size();
            for (int id = 1; id <= 10; id++) {
                lone.say(link, lone.request(id, Kind.READ, 0, 4, 0, Settled.NONE, 0));
            }
            started.add(lone.disk.size() - before);
        }
        assertEquals(List.of(5, 2, 1, 1, 1), started);
        // L4: all of it is served, whatever is paused.
        for (int rounds = 0; rounds < 100; rounds++) {
            lone.endAll();
            for (long link = 1; link <= 5; link++) {
                lone.step(new LinkPort.Sent(link, 10 * largest));
            }
        }
        for (long link = 1; link <= 5; link++) {
            assertEquals(10, lone.answers(link).size());
        }
    }

    // R7, L4: a payload that has begun to arrive becomes whole, however full the memory is; only then it is that peer's
    // turn to wait.
    @Test
    void messageThatIsArrivingIsTakenToItsEnd() {
        lone.everythingIsGivenBack();
        lone = LoneServer.open(
                new ServerSettings(100, 100, 9, LoneServer.LARGEST),
                LoneServer.exported(LoneServer.DEVICE, LoneServer.TERMS),
                Access.ofEverybody(Permission.BOTH));
        long link = lone.attach(LoneServer.ANN);
        lone.sent(link);
        byte[] bytes = lone.encoded(lone.request(1, Kind.WRITE, 0, 4, 0, Settled.NONE, 7));
        for (byte one : bytes) {
            assertTrue(lone.readings.isEmpty());
            lone.raw(link, new byte[] {one});
        }
        assertEquals(1, lone.disk.size());
        assertEquals(List.of(new LinkPort.Reading(link, false)), lone.readings);
        lone.say(link, lone.request(2, Kind.WRITE, 8, 4, 0, Settled.NONE, 7));
        assertEquals(1, lone.disk.size());
        lone.end(0);
        lone.sent(link);
        assertEquals(1, lone.disk.size());
        lone.endAll();
        assertEquals(2, lone.answers(link).size());
    }

    // R7, D5: what runs when a boot ends counts until the disk has ended it, or is opened anew; what was held counts no
    // more.
    @Test
    void whatIsCountedIsGivenBackWhenABootEnds() {
        for (boolean reopened : new boolean[] {false, true}) {
            long link = lone.attach(new Unique(0xAA, reopened ? 1 : 2));
            lone.say(link, lone.write(1, 0));
            lone.say(link, lone.write(2, 0));
            lone.say(link, lone.read(3, 9));
            lone.say(link, lone.flush(4));
            lone.say(link, lone.write(5, 0));
            lone.end(0);
            assertTrue(lone.server.bytesTaken() >= 2 * LoneServer.BLOCK);
            if (reopened) {
                lone.disk.removeIf(DiskRequest.Read.class::isInstance);
                lone.boot = new Boot(lone.boot.counter() + 1, new Unique(9, 9));
                lone.step(new DiskPort.Opened(0, lone.boot, BootCause.REOPENED));
                assertEquals(0, lone.server.bytesTaken());
                lone.endAll();
            } else {
                lone.fail(lone.disk.size() - 1);
                assertEquals(2 * LoneServer.BLOCK, lone.server.bytesTaken());
                lone.endAll();
                lone.drawBoot();
            }
            assertEquals(0, lone.server.bytesTaken());
        }
    }

    // R7: nothing is counted for ever.
    @Test
    void whatIsCountedIsGivenBack() {
        long link = lone.attach(LoneServer.ANN);
        long other = lone.join(LoneServer.ANN, 1);
        for (int id = 1; id <= 8; id++) {
            lone.say(id % 2 == 0 ? link : other, lone.request(id, Kind.WRITE, id % 3, 1, 0, Settled.NONE, id));
        }
        lone.say(link, lone.read(9, 50));
        lone.say(link, lone.flush(10));
        lone.raw(other, new byte[] {0x44, 0x53, 0x54});
        assertTrue(lone.server.bytesTaken() > 9 * LoneServer.BLOCK);
        lone.step(new LinkPort.Closed(link, "gone"));
        lone.step(new LinkPort.Closed(other, "gone"));
        lone.ask(lone.connect(), LoneServer.BOB, 1);
        lone.endAll();
        lone.persistAll();
        lone.step(new LinkPort.Closed(3, "gone"));
        assertEquals(0, lone.server.bytesTaken());
    }
}
