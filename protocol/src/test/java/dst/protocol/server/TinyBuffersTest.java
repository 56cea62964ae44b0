package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.Access;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.ServerSettings;
import dst.protocol.Unique;
import dst.protocol.wire.Settled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * L4: between clients and server lie a few bytes of buffer in each direction, the server has hardly any memory, and everybody sends
 * as fast as he can; clients always receive. Whatever is paused, in whatever order: all of it is answered.
 */
class TinyBuffersTest {
    private static final int LINKS = 4;
    private static final int REQUESTS = 30;

    /** One link: what its client still has to send, and what lies on the way, in both directions. */
    private static final class Way {
        final long link;
        final int room;
        byte[] unsent = {};
        int handedOver;
        int taken;
        boolean listening = true;
        long answering;
        long onTheWayBack;

        Way(long link, int room) {
            this.link = link;
            this.room = room;
        }
    }

    private final List<Way> ways = new ArrayList<>();
    private LoneServer lone = new LoneServer();
    private Prng prng = new Prng(0);

    @Property(tries = 60)
    void everythingIsAnsweredHoweverSmallTheBuffersAre(@ForAll long seed) {
        lone.everythingIsGivenBack();
        ways.clear();
        prng = new Prng(seed);
        boolean shared = prng.chance(1, 2);
        Export export = shared ? LoneServer.shared() : LoneServer.exported(LoneServer.DEVICE, LoneServer.TERMS);
        ServerSettings settings = new ServerSettings(LINKS, LINKS, LINKS, 1 + below(4 * LoneServer.LARGEST));
        lone = LoneServer.open(settings, export, Access.ofEverybody(Permission.BOTH));
        for (int slot = 0; slot < LINKS; slot++) {
            open(shared, slot);
        }
        lone.tap = (now, node, value) -> saw(value);
        ways.forEach(way -> way.unsent = requests(shared, ways.indexOf(way)));
        while (moves(below(5 * LINKS))) {
            // Until nothing moves any more.
        }
        for (Way way : ways) {
            assertEquals(way.unsent.length, way.taken, "bytes that the server took of link " + way.link);
            assertEquals(REQUESTS, lone.answers(way.link).size());
        }
        lone.tap = (now, node, value) -> {};
        assertEquals(0, lone.server.bytesTaken());
        lone.everythingIsGivenBack();
    }

    private void open(boolean shared, int slot) {
        Way way = new Way(lone.connect(), 1 + below(200));
        ways.add(way);
        lone.sent(way.link);
        Unique token = shared ? new Unique(0xAA, slot) : LoneServer.ANN;
        lone.attach(way.link, lone.hello(token, slot, 1, shared ? Holder.NOBODY : lone.holder));
        lone.sent(way.link);
        lone.endAll();
        lone.persistAll();
        lone.sent(way.link);
    }

    private byte[] requests(boolean shared, int index) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < REQUESTS; i++) {
            boolean write = !shared && prng.chance(1, 2);
            // Of one attachment all ids are different; of readers they need not be.
            long id = 1 + i * LINKS + index;
            int blocks = 1 + below(4);
            all.writeBytes(lone.encoded(
                    lone.request(id, write ? Kind.WRITE : Kind.READ, below(60), blocks, 0, Settled.NONE, 7)));
        }
        return all.toByteArray();
    }

    private void saw(Object value) {
        switch (value) {
            case LinkPort.Send(long link, var bytes) -> way(link).answering += bytes.readableBytes();
            case LinkPort.Reading(long link, boolean wanted) -> way(link).listening = wanted;
            case LinkPort.Close close -> throw new AssertionError(close.toString());
            default -> {}
        }
    }

    private Way way(long link) {
        return ways.get((int) link - 1);
    }

    /** One move, this one or the next that is possible; whether any was. */
    private boolean moves(int first) {
        for (int i = 0; i < 5 * LINKS; i++) {
            int which = (first + i) % (5 * LINKS);
            if (move(ways.get(which / 5), which % 5)) {
                return true;
            }
        }
        return false;
    }

    private boolean move(Way way, int which) {
        return switch (which) {
            case 0 -> sends(way);
            case 1 -> arrives(way);
            case 2 -> leaves(way);
            case 3 -> receives(way);
            default -> ends();
        };
    }

    private boolean sends(Way way) {
        int room = Math.min(way.room - (way.handedOver - way.taken), way.unsent.length - way.handedOver);
        if (room <= 0) {
            return false;
        }
        way.handedOver += 1 + below(room);
        return true;
    }

    private boolean arrives(Way way) {
        int there = way.handedOver - way.taken;
        if (!way.listening || there == 0) {
            return false;
        }
        int bytes = 1 + below(there);
        way.taken += bytes;
        lone.raw(way.link, Arrays.copyOfRange(way.unsent, way.taken - bytes, way.taken));
        return true;
    }

    private boolean leaves(Way way) {
        long bytes = Math.min(way.room - way.onTheWayBack, way.answering);
        if (bytes <= 0) {
            return false;
        }
        way.answering -= bytes;
        way.onTheWayBack += bytes;
        lone.step(new LinkPort.Sent(way.link, bytes));
        return true;
    }

    private boolean receives(Way way) {
        boolean any = way.onTheWayBack > 0;
        way.onTheWayBack = 0;
        return any;
    }

    private boolean ends() {
        if (lone.disk.isEmpty()) {
            return false;
        }
        lone.end(below(lone.disk.size()));
        return true;
    }

    private int below(int bound) {
        return (int) prng.below(bound);
    }
}
