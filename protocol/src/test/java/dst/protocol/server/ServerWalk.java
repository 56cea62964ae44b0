package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Access;
import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.Unique;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Drawn;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One input after the other into a server: most such as honest clients, disks and hosts give, some as wrong ones do. */
final class ServerWalk {
    private final LoneServer lone;
    private final Prng prng;
    private final Drawn drawn;
    private final TreeSet<Long> settled = new TreeSet<>(List.of(0L));
    private final List<Long> links = new ArrayList<>();

    /** Those that asked for the shared export. */
    private final TreeSet<Long> readers = new TreeSet<>();

    static final String POOL = "pool";
    private static final List<String> PRINCIPALS = List.of("ann", "bob", "somebody");
    private long nextId = 1;
    private final Set<String> there = new TreeSet<>();
    private boolean opened;

    ServerWalk(LoneServer lone, long seed) {
        this.lone = lone;
        this.prng = new Prng(seed);
        this.drawn = new Drawn(seed, lone.pages);
        if (below(8) > 0) {
            openAll();
        }
    }

    void step() {
        if (prng.chance(1, 8)) {
            lone.now += prng.below(2_000_000_000L);
        }
        int kind = below(100);
        if (kind < 2) {
            world();
        } else if (kind < 5) {
            link();
        } else if (kind < (live() == 0 ? 20 : 7)) {
            greet();
        } else if (kind < (live() == 0 ? 98 : 55)) {
            usual(below(8));
        } else {
            long link = live() == 0 ? any() : live();
            lone.say(link, request(readers.contains(link)));
        }
    }

    private void usual(int kind) {
        switch (kind) {
            case 0 -> rare(below(8));
            case 1 -> lone.persistAll();
            case 2 -> settle();
            default -> disk();
        }
    }

    private void rare(int kind) {
        switch (kind) {
            case 0 -> time();
            case 1 -> garbage();
            case 2 -> other();
            default -> lone.sent(any());
        }
    }

    /** The disk ends everything well, the host does what it was asked, and nobody says anything any more. */
    void heal() {
        for (int i = 0; i < 20; i++) {
            lone.endAll();
            lone.persistAll();
            if (!lone.draws.isEmpty()) {
                lone.drawBoot();
            }
            time();
        }
        openMissing();
        for (String export : List.of("disk", POOL)) {
            lone.step(new ServerControl.AccessChanged(export, Access.ofEverybody(Permission.BOTH)));
        }
        links.forEach(lone::sent);
    }

    /** Nobody is there any more, and nothing is left to do. */
    void leave() {
        for (int i = 0; i < 20; i++) {
            lone.endAll();
            lone.persistAll();
            if (!lone.draws.isEmpty()) {
                lone.drawBoot();
            }
        }
        links.forEach(link -> lone.step(new LinkPort.Closed(link, "gone")));
        lone.endAll();
    }

    /** One that was granted and is open, mostly a new one; 0 if there is none. */
    private long live() {
        long found = 0;
        for (long link : links.reversed()) {
            if (!lone.closed.containsKey(link)
                    && !lone.all(link, Message.Attached.class).isEmpty()) {
                found = link;
                if (below(2) == 0) {
                    break;
                }
            }
        }
        return found;
    }

    private void world() {
        switch (below(12)) {
            case 0 -> openDisk();
            case 2 ->
                lone.step(new ServerControl.RemoveExport(
                        below(3) == 0 ? POOL : "disk", below(2) == 0 ? Machine.NEVER : below(1 << 30)));
            case 3, 4, 5 -> lone.step(new ServerControl.AccessChanged(below(3) == 0 ? POOL : "disk", access()));
            default -> openMissing();
        }
    }

    private Access access() {
        Access access = Access.ofEverybody(Permission.BOTH);
        return below(2) == 0
                ? access
                : access.with(PRINCIPALS.get(below(3)), Permission.values()[below(Permission.values().length)]);
    }

    private void openMissing() {
        if (!opened) {
            openAll();
        }
        List<ServerControl.Removed> missing = List.copyOf(lone.removed);
        missing.forEach(removed -> there.remove(removed.export()));
        lone.removed.clear();
        if (there.isEmpty()) {
            openDisk(); // L5: with its last export the server has let it go.
        }
        missing.forEach(removed -> openExport(removed.export()));
    }

    private void openAll() {
        openDisk();
        openExport("disk");
        openExport(POOL);
        opened = true;
        lone.step(new ServerControl.Ready());
    }

    private void openExport(String name) {
        there.add(name);
        Export own = LoneServer.exported(LoneServer.DEVICE, LoneServer.TERMS);
        Export pool = new Export(POOL, 0, LoneServer.SIZE, LoneServer.shared().device(), LoneServer.TERMS, true);
        lone.step(new ServerControl.ExportOpened(
                name.equals(POOL) ? pool : own, name.equals(POOL) ? Holder.NOBODY : lone.holder, access()));
    }

    private void openDisk() {
        lone.draws.clear();
        lone.boot = new Boot(lone.boot.counter() + 1, new Unique(lone.boot.counter() + 1, 99));
        lone.step(new DiskPort.Opened(0, lone.boot, BootCause.REOPENED));
    }

    private void link() {
        if (links.size() < 40 && below(4) > 0) {
            links.add(lone.connect(PRINCIPALS.get(below(3))));
        } else {
            lone.step(new LinkPort.Closed(any(), "reset"));
        }
    }

    private void greet() {
        long link = links.isEmpty() || below(8) > 0 ? lone.connect(PRINCIPALS.get(below(3))) : any();
        if (!links.contains(link)) {
            links.add(link);
        }
        Unique token = new Unique(0xA, below(6) == 0 ? below(3) : 1);
        boolean reader = below(4) == 0;
        boolean holds = token.equals(lone.holder.token()) && below(4) > 0;
        Holder held = !reader && holds ? lone.holder : Holder.NOBODY;
        if (reader) {
            readers.add(link);
        }
        long generation = below(20) == 0 ? 0 : link;
        int slot = below(60) == 0 ? 99 : below(3);
        lone.say(
                link,
                new Message.Hello(
                        reader ? POOL : "disk", token, slot, generation, LoneServer.TERMS, held, Unique.NONE));
        List<Message.Welcome> welcomes = lone.all(link, Message.Welcome.class);
        if (!welcomes.isEmpty()) {
            Message.Welcome welcome = welcomes.getLast();
            Agreement agreement = welcome.agreement();
            if (below(20) == 0) {
                agreement = new Agreement(7, agreement.terms(), agreement.device());
            }
            lone.say(
                    link,
                    new Message.Attach(
                            agreement, Math.max(0, welcome.epoch() - below(20) / 19), held != Holder.NOBODY));
        }
    }

    private void time() {
        long due = lone.server.nextDeadline();
        if (due != Machine.NEVER) {
            lone.now = Math.max(lone.now, due);
        }
        for (int passes = 0; lone.server.nextDeadline() <= lone.now; passes++) {
            assertTrue(passes < 10, "a deadline that does not move on");
            lone.fire();
        }
        lone.fire();
    }

    private void garbage() {
        ByteBuf bytes = new Encoder(lone.pages).encode(drawn.message(Direction.TO_SERVER));
        byte[] array = ByteBufUtil.getBytes(bytes);
        bytes.release();
        if (below(2) == 0) {
            array[below(array.length)] ^= (byte) (1 << below(8));
        }
        lone.raw(any(), array);
    }

    private void disk() {
        if (lone.disk.isEmpty()) {
            if (!lone.draws.isEmpty()) {
                lone.drawBoot();
            }
            return;
        }
        int index = below(lone.disk.size());
        DiskRequest request = lone.disk.get(index);
        boolean forget = request instanceof DiskRequest.Forget;
        switch (forget ? 99 : below(20)) {
            case 0 -> lone.fail(index);
            case 1 -> lone.end(index, new DiskResult.Transferred(below(600)));
            case 2 -> lone.end(index, new DiskResult.Data(lone.bytes(below(600), 1)));
            default -> lone.end(index);
        }
    }

    private void other() {
        switch (below(5)) {
            case 0 -> lone.say(any(), new Message.Replayed(lone.holder.epoch(), lone.boot));
            case 1 -> lone.say(any(), new Message.Goodbye(true, 0, lone.boot, "bye"));
            case 2 -> lone.say(any(), new Message.Refuse(Problem.LIMIT, "no"));
            case 3 -> lone.step(new DurablePort.Kept("disk", new Holder(below(9), LoneServer.BOB)));
            default -> lone.say(any(), new Message.Ping(1));
        }
    }

    private void settle() {
        for (int i = below(4); i > 0; i--) {
            settled.add(prng.below(nextId));
        }
    }

    private Message.Request request(boolean reader) {
        long id = below(3) == 0 ? 1 + prng.below(nextId) : Math.min(nextId++, 500);
        Kind kind = Kind.of(1 + below(5));
        int block = below(20) == 0 ? below(100) : below(6);
        int blocks = kind == Kind.FLUSH ? 0 : below(20) == 0 ? below(6) : 1 + below(3);
        int flags = below(10) == 0 ? below(128) : kind.leavesContent() ? below(2) : 0;
        Settled set = below(200) == 0
                ? new Settled(64, new long[] {prng.next()}, new long[] {3})
                : LoneServer.settled(List.copyOf(settled));
        int value = below(150) == 0 ? 9 : (int) id;
        if (!reader) {
            return lone.request(id, kind, block, blocks, flags, set, value);
        }
        Holder held = lone.holder;
        lone.holder = Holder.NOBODY;
        Message.Request request = lone.request(id, kind, block, blocks, flags, set, value);
        lone.holder = held;
        return request;
    }

    private long any() {
        return links.isEmpty() ? 1 : links.get(Math.max(0, links.size() - 1 - below(3)));
    }

    private int below(int bound) {
        return (int) prng.below(bound);
    }
}
