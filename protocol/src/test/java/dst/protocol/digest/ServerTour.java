package dst.protocol.digest;

import dst.protocol.Access;
import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Control;
import dst.protocol.Device;
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
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Checksum;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where a server may be led: every input is drawn from what it has done so far, and can be made again for another server. */
final class ServerTour implements Tour {
    private static final int BLOCK = 512;
    private static final Terms TERMS =
            new Terms(Terms.CRC32C, Terms.PLAIN, Terms.FUA | Terms.TRIM | Terms.ZERO, 5_000, 4 * BLOCK, 8, 8 * BLOCK);
    private static final String[] NAMES = {"one", "two", "shared"};
    private static final Unique[] TOKENS = {new Unique(0xA, 1), new Unique(0xB, 1), new Unique(0xC, 1)};

    private final Prng prng;
    private final Map<Long, Visit> visits = new TreeMap<>();
    private final Map<String, Holder> holders = new TreeMap<>();
    private final List<DiskRequest> disk = new ArrayList<>();
    private final List<DurablePort.Keep> persists = new ArrayList<>();
    private final List<DurablePort.DrawBoot> draws = new ArrayList<>();
    private Boot boot = boot(1);
    private long links;
    private long nextId = 1;
    private int opened;
    private boolean removing;

    /** What a peer has said on a link, and as whom. */
    private static final class Visit {
        int said;
        int export;
        Unique token = Unique.NONE;
        long unsent;
    }

    ServerTour(long seed) {
        prng = new Prng(seed);
    }

    private static Boot boot(long counter) {
        return new Boot(counter, new Unique(counter, 99));
    }

    static ServerSettings settings() {
        return new ServerSettings(6, 4, 2, 24 * BLOCK);
    }

    private static Device device(boolean shared) {
        return new Device(new Unique(1, 2), 32 * BLOCK, BLOCK, shared ? Permission.READ : Permission.BOTH);
    }

    @Override
    public Event<Signal> next() {
        if (opened < 5) {
            return open(opened++);
        }
        int kind = below(100);
        if (kind < 35 || visits.isEmpty()) {
            return visit();
        }
        if (kind < 60) {
            return request();
        }
        if (kind < 80) {
            return disk();
        }
        if (kind < 90) {
            return sent();
        }
        return rare();
    }

    private Event<Signal> open(int step) {
        return switch (step) {
            case 0 -> pages -> new DiskPort.Opened(0, boot(1), BootCause.STARTED);
            case 1, 2, 3 -> {
                boolean shared = step == 3;
                String name = NAMES[step - 1];
                Export export = new Export(name, 0, (step - 1) * 32L * BLOCK, device(shared), TERMS, shared);
                yield pages ->
                        new ServerControl.ExportOpened(export, Holder.NOBODY, Access.ofEverybody(Permission.BOTH));
            }
            default -> pages -> new ServerControl.Ready();
        };
    }

    /** The next word of a handshake, of a link that has not got through it; or a new link. */
    private Event<Signal> visit() {
        for (Map.Entry<Long, Visit> entry : visits.entrySet()) {
            Visit visit = entry.getValue();
            if (visit.said < 3 && below(4) > 0) {
                return greet(entry.getKey(), visit);
            }
        }
        if (visits.size() > 4) {
            long victim = anyLink();
            visits.remove(victim);
            return pages -> new LinkPort.Closed(victim, "reset");
        }
        long link = ++links;
        visits.put(link, new Visit());
        return pages -> new LinkPort.Accepted(link, "peer", "principal");
    }

    private Event<Signal> greet(long link, Visit visit) {
        switch (visit.said++) {
            case 0 -> {
                return says(link, new Message.Preamble(1, 1));
            }
            case 1 -> {
                visit.export = below(3);
                visit.token = TOKENS[below(3)];
                Holder holder = holder(visit.export);
                Holder held = holder.token().equals(visit.token) ? holder : Holder.NOBODY;
                return says(
                        link,
                        new Message.Hello(NAMES[visit.export], visit.token, below(2), link, TERMS, held, Unique.NONE));
            }
            default -> {
                Holder holder = holder(visit.export);
                Agreement agreement = new Agreement(1, TERMS, device(visit.export == 2));
                boolean joins = holder.token().equals(visit.token);
                return says(link, new Message.Attach(agreement, holder.epoch(), joins));
            }
        }
    }

    private Event<Signal> request() {
        long link = anyLink();
        Visit visit = visits.getOrDefault(link, new Visit());
        if (visit.said < 3) {
            return greet(link, visit);
        }
        long id = below(4) == 0 ? Math.max(1, nextId - below(6)) : nextId++;
        // A copy is the same again: all of it comes from the id.
        Kind kind = Kind.of(1 + (int) (Math.floorMod(Prng.mix(id), 5)));
        int blocks = kind == Kind.FLUSH ? 0 : 1 + (int) (id % 2);
        long offset = kind == Kind.FLUSH ? 0 : (Prng.mix(id + 99) & 7) * BLOCK;
        byte[] content = new byte[kind == Kind.WRITE ? blocks * BLOCK : 0];
        java.util.Arrays.fill(content, (byte) id);
        long floor = Math.max(0, Math.min(63, nextId - 8));
        Settled settled = new Settled(0, new long[] {(1L << floor) - 1}, new long[0]);
        Boot named = below(12) == 0 ? boot(7) : boot;
        int whole = below(6);
        long epoch = holder(visit.export).epoch();
        return pages -> {
            ByteBuf payload = Unpooled.wrappedBuffer(content);
            Message.Request request = new Message.Request(
                    id, kind, 0, offset, blocks * BLOCK, epoch, named, settled, Checksum.of(payload), payload);
            ByteBuf bytes = pages.encode(request);
            // Half of it: the rest is never sent.
            return new LinkPort.Received(link, whole == 0 ? pages.part(bytes, bytes.readableBytes() / 2) : bytes);
        };
    }

    private Event<Signal> disk() {
        if (disk.isEmpty()) {
            if (!persists.isEmpty()) {
                DurablePort.Keep persist = persists.removeFirst();
                holders.put(persist.export(), persist.holder());
                nextId = 1;
                return pages -> new DurablePort.Kept(persist.export(), persist.holder());
            }
            if (!draws.isEmpty()) {
                draws.removeFirst();
                boot = boot(boot.counter() + 1);
                Boot drawn = boot;
                return pages -> new DurablePort.BootDrawn(0, drawn);
            }
            return sent();
        }
        DiskRequest request = disk.remove(below(disk.size()));
        int kind = below(20);
        return pages -> new DiskPort.Ended(0, request.ticket(), result(request, kind, pages));
    }

    private static DiskResult result(DiskRequest request, int kind, Bytes pages) {
        if (kind == 0) {
            return new DiskResult.Failed(Problem.IO_ERROR);
        }
        boolean isShort = kind < 5;
        return switch (request) {
            case DiskRequest.Read read -> new DiskResult.Data(pages.filled(isShort ? BLOCK / 2 : read.length()));
            case DiskRequest.Write write -> throw new AssertionError("remembered as a zero: " + write);
            case DiskRequest.Zero zero -> new DiskResult.Transferred(isShort ? BLOCK / 2 : zero.length());
            case DiskRequest.Trim trim -> new DiskResult.Transferred(trim.length());
            case DiskRequest.Flush flush -> new DiskResult.Transferred(0);
            case DiskRequest.Forget forget -> new DiskResult.Transferred(0);
        };
    }

    private Event<Signal> sent() {
        long link = anyLink();
        Visit visit = visits.get(link);
        if (visit == null || visit.unsent == 0) {
            return pages -> new Control.TimerFired();
        }
        long bytes = below(2) == 0 ? visit.unsent : 1 + prng.below(visit.unsent);
        visit.unsent -= bytes;
        return pages -> new LinkPort.Sent(link, bytes);
    }

    private Event<Signal> rare() {
        long link = anyLink();
        switch (below(12)) {
            case 0 -> {
                return says(link, new Message.Replayed(holder(below(3)).epoch(), boot));
            }
            case 1 -> {
                return says(link, new Message.Goodbye(below(2) == 0, 0, boot, "bye"));
            }
            case 2, 3 -> {
                return says(link, new Message.Ping(below(3)));
            }
            case 4 -> {
                visits.remove(link);
                return pages -> new LinkPort.Closed(link, "reset");
            }
            case 5 -> {
                if (removing || below(4) > 0) {
                    return below(12) == 0 ? leave() : pages -> new LinkPort.Sent(99, 1);
                }
                removing = true;
                long deadline = below(2) == 0 ? Machine.NEVER : 1_000_000_000L;
                return pages -> new ServerControl.RemoveExport("two", deadline);
            }
            case 6, 7 -> {
                return pages -> new LinkPort.Received(link, pages.filled(1));
            }
            case 8 -> {
                Permission permission = Permission.values()[below(4)];
                return pages -> new ServerControl.AccessChanged("two", Access.ofEverybody(permission));
            }
            default -> {
                return says(link, new Message.Pong(0));
            }
        }
    }

    private Event<Signal> leave() {
        long deadline = below(2) == 0 ? Machine.NEVER : 1_000_000_000L;
        return pages -> new ServerControl.Leave(deadline);
    }

    @Override
    public long passes() {
        return below(6) == 0 ? prng.below(2_000_000_000L) : 0;
    }

    @Override
    public void saw(Signal output) {
        switch (output) {
            case LinkPort.Send(long link, ByteBuf bytes) -> {
                Visit visit = visits.get(link);
                if (visit != null) {
                    visit.unsent += bytes.readableBytes();
                }
            }
            case LinkPort.Close close -> visits.remove(close.link());
            case DiskPort.Start start -> disk.add(remembered(start.request()));
            case DurablePort.DrawBoot draw -> draws.add(draw);
            case DurablePort.Keep persist -> persists.add(persist);
            case LinkPort.Reading reading -> {}
            case ServerControl.Removed removed -> {}
            case ServerControl.Left left -> {}
            case Control.Noted noted -> {}
            default -> throw Signal.misplaced(output);
        }
    }

    /** Without its content, of which only the length is needed later. */
    private static DiskRequest remembered(DiskRequest request) {
        return request instanceof DiskRequest.Write write
                ? new DiskRequest.Zero(
                        write.ticket(),
                        write.transaction(),
                        write.offset(),
                        write.data().readableBytes(),
                        write.durable())
                : request;
    }

    private static Event<Signal> says(long link, Message message) {
        return pages -> new LinkPort.Received(link, pages.encode(message));
    }

    private Holder holder(int export) {
        return holders.getOrDefault(NAMES[export], Holder.NOBODY);
    }

    private long anyLink() {
        List<Long> all = new ArrayList<>(visits.keySet());
        return all.isEmpty() ? 1 : all.get(below(all.size()));
    }

    private int below(int bound) {
        return (int) prng.below(bound);
    }
}
