package dst.nbd.attach;

import dst.nbd.NbdClient;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdExport;
import dst.protocol.Access;
import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.client.Client;
import dst.protocol.server.Server;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Rerun;
import dst.protocol.trace.TraceReader;
import dst.protocol.trace.TraceWriter;
import dst.protocol.wire.CountedPages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The whole way by hand: NBD clients, the attached device, the protocol's server, and a disk that does what it is told. */
final class Attached {
    static final int SIZE = 64 << 10;
    private static final long TALKER = 99;

    final CountedPages pages = new CountedPages(false);
    final Attach attach;

    /** What its machines are given and give. */
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private final TraceWriter trace = new TraceWriter("client", bytes::write);
    final Server server = new Server(ServerSettings.DEFAULT, pages);
    final Map<Long, NbdClient> programs = new TreeMap<>();
    final TreeSet<Long> gone = new TreeSet<>();
    final Map<Long, Outcome> outcomes = new LinkedHashMap<>();
    final Map<Long, NbdExport> exports = new LinkedHashMap<>();
    final List<String> said = new ArrayList<>();
    final List<DiskRequest> held = new ArrayList<>();
    final byte[] disk = new byte[SIZE];
    boolean holdDisk;
    boolean serverIsThere;
    long now;
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private final ByteBuf heard = Unpooled.buffer();

    Attached() {
        this(Bounds.DEFAULT);
    }

    Attached(Bounds bounds) {
        attach = new Attach(new Client(ClientSettings.of("disk"), pages), pages, bounds);
        attach.watch((at, kind, instance, signal) -> trace.saw(at, new Layer("client", kind, instance), signal));
        step(new Control.Started(new Unique(7, 7), 1));
    }

    /** All of one kind and number that was seen so far, given to a machine of that kind. */
    Rerun.Result rerun(String kind, long instance, Supplier<Machine> machines) {
        trace.end();
        return Rerun.of(
                new TraceReader(bytes.toByteArray()),
                layer -> layer.is(kind) && layer.instance() == instance,
                machines);
    }

    /** The server begins to serve. */
    void serve() {
        serverIsThere = true;
        Device device = new Device(new Unique(1, 2), SIZE, 512, Permission.BOTH);
        toServer(new DiskPort.Opened(0, new Boot(1, new Unique(1, 99)), BootCause.STARTED));
        toServer(new ServerControl.ExportOpened(
                new Export("disk", 0, 0, device, Terms.DEFAULT, false),
                Holder.NOBODY,
                Access.ofEverybody(Permission.BOTH)));
        toServer(new ServerControl.Ready());
        pass(2 * ClientSettings.SECOND);
    }

    /** What the host knows before the device is attached: nothing of its size, and what the program may do. */
    static NbdExport export(Permission permission) {
        Device unknown = new Device(Unique.NONE, 0, 1, permission);
        int features = NbdExport.FUA | NbdExport.TRIM | NbdExport.ZERO | NbdExport.MAP | NbdExport.MULTI;
        return new NbdExport("disk", "a device", unknown, 1, 4096, 16 << 10, features);
    }

    NbdClient program(long number) {
        return program(number, "programs");
    }

    NbdClient program(long number, String origin) {
        return program(number, origin, Permission.BOTH);
    }

    NbdClient program(long number, Permission permission) {
        return program(number, "programs", permission);
    }

    private NbdClient program(long number, String origin, Permission permission) {
        NbdClient program = new NbdClient(pages);
        programs.put(number, program);
        step(new AttachControl.Came(origin, number, "program", List.of(export(permission))));
        toProgram(number, new NbdClientControl.Use("disk"));
        toProgram(number, new LinkPort.Opened(number));
        run();
        return program;
    }

    /** Connects without a program: a test writes the bytes itself, and looks at what comes back. */
    void talk(Permission permission) {
        step(new AttachControl.Came("talkers", TALKER, "talker", List.of(export(permission))));
        run();
    }

    /** What comes back. */
    ByteBuf say(ByteBuf bytes) {
        heard.clear();
        step(new AttachControl.Heard(TALKER, new LinkPort.Received(TALKER, bytes)));
        run();
        return heard;
    }

    /** What has come back since. */
    ByteBuf heard() {
        return heard;
    }

    void step(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        attach.step(now, input, outputs);
        for (Signal output : outputs) {
            switch (output) {
                case AttachControl.Says(long number, Signal one) -> carryOut(number, one);
                case AttachControl.Dropped(long number, String words) -> {
                    said.add("nbd " + number + " dropped: " + words);
                    queue.add(() -> toProgram(number, new LinkPort.Closed(number, "dropped")));
                }
                default -> carryOut(output);
            }
        }
    }

    private void carryOut(long number, Signal output) {
        switch (output) {
            case LinkPort.Send(long _, ByteBuf bytes)
            when number == TALKER -> {
                heard.writeBytes(bytes);
                bytes.release();
            }
            case LinkPort.Send(long _, ByteBuf bytes) -> {
                int length = bytes.readableBytes();
                queue.add(() -> {
                    toProgram(number, new LinkPort.Received(number, bytes));
                    step(new AttachControl.Heard(number, new LinkPort.Sent(number, length)));
                });
            }
            case LinkPort.Close close -> {
                said.add("nbd " + number + ": " + close.closing().text());
                queue.add(() -> toProgram(number, new LinkPort.Closed(number, "closed")));
            }
            case LinkPort.Reading reading -> said.add("nbd " + number + ": " + reading);
            case Control.Noted noted -> said.add(noted.text());
            default -> throw new AssertionError("stays inside: " + output);
        }
    }

    private void carryOut(Signal output) {
        switch (output) {
            case LinkPort.Connect connect ->
                queue.add(() -> {
                    if (serverIsThere) {
                        toServer(new LinkPort.Accepted(connect.link(), "client", "client"));
                        step(new LinkPort.Opened(connect.link()));
                    } else {
                        step(new LinkPort.Closed(connect.link(), "nobody there"));
                    }
                });
            case LinkPort.Send send -> queue.add(() -> toServer(new LinkPort.Received(send.link(), send.bytes())));
            case LinkPort.Close close -> queue.add(() -> toServer(new LinkPort.Closed(close.link(), "closed")));
            case BlockPort.Changed changed ->
                said.add("changed to " + changed.device().size());
            case BlockPort.Failed failed -> said.add("failed: " + failed.problem());
            case ClientControl.Detached detached -> said.add("detached");
            case LinkPort.Reading reading -> {}
            case Control.Noted noted -> {}
            default -> throw new AssertionError("stays inside: " + output);
        }
    }

    void toProgram(long number, Signal input) {
        NbdClient program = programs.get(number);
        if (program == null || gone.contains(number)) {
            if (input instanceof LinkPort.Received(long _, ByteBuf bytes)) {
                bytes.release();
            }
            return;
        }
        List<Signal> outputs = new ArrayList<>();
        program.step(now, input, outputs);
        for (Signal output : outputs) {
            switch (output) {
                case LinkPort.Send send ->
                    queue.add(() -> step(new AttachControl.Heard(number, new LinkPort.Received(number, send.bytes()))));
                case LinkPort.Close close ->
                    said.add("program " + number + ": " + close.closing().text());
                case NbdClientControl.Attached given -> exports.put(number, given.export());
                case BlockPort.Completed one -> outcomes.put(one.tag(), one.outcome());
                case NbdClientControl.Mapped one -> said.add("mapped " + one.extents());
                default -> throw Signal.misplaced(output);
            }
        }
    }

    void toServer(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        server.step(now, input, outputs);
        for (Signal output : outputs) {
            switch (output) {
                case LinkPort.Send send -> queue.add(() -> step(new LinkPort.Received(send.link(), send.bytes())));
                case LinkPort.Close close -> queue.add(() -> step(new LinkPort.Closed(close.link(), "closed")));
                case DiskPort.Start start -> {
                    held.add(start.request());
                    queue.add(() -> {
                        if (!holdDisk) {
                            releaseDisk();
                        }
                    });
                }
                case DurablePort.Keep persist ->
                    queue.add(() -> toServer(new DurablePort.Kept(persist.export(), persist.holder())));
                case LinkPort.Reading reading -> {}
                case ServerControl.Removed removed -> {}
                case ServerControl.Left left -> {}
                case Control.Noted noted -> {}
                case DurablePort.DrawBoot draw -> throw new AssertionError("nothing fails here");
                default -> throw Signal.misplaced(output);
            }
        }
    }

    void releaseDisk() {
        List<DiskRequest> all = List.copyOf(held);
        held.clear();
        all.forEach(one -> toServer(new DiskPort.Ended(0, one.ticket(), result(one))));
    }

    private DiskResult result(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read read ->
                new DiskResult.Data(pages.buffer(512).writeBytes(disk, (int) read.offset(), read.length()));
            case DiskRequest.Write write -> {
                int length = write.data().readableBytes();
                write.data().readBytes(disk, (int) write.offset(), length);
                write.data().release();
                yield new DiskResult.Transferred(length);
            }
            case DiskRequest.Zero zero -> new DiskResult.Transferred(zero.length());
            case DiskRequest.Trim trim -> new DiskResult.Transferred(trim.length());
            case DiskRequest.Flush flush -> new DiskResult.Transferred(0);
            case DiskRequest.Forget forget -> new DiskResult.Transferred(0);
        };
    }

    void run() {
        while (!queue.isEmpty()) {
            queue.removeFirst().run();
        }
    }

    /** Lets time pass until it has nothing to do, at most this long. */
    void pass(long nanos) {
        long until = now + nanos;
        run();
        while (true) {
            long next = Math.min(attach.nextDeadline(), server.nextDeadline());
            if (next > until) {
                now = until;
                return;
            }
            now = Math.max(now, next);
            if (attach.nextDeadline() <= now) {
                step(new Control.TimerFired());
            }
            if (server.nextDeadline() <= now) {
                toServer(new Control.TimerFired());
            }
            run();
        }
    }

    /** The pages that are still out when everybody has given theirs back. */
    int leaked() {
        attach.discard();
        server.discard();
        programs.values().forEach(NbdClient::discard);
        outcomes.values().forEach(outcome -> {
            if (outcome instanceof Outcome.Done done) {
                done.data().release();
            }
        });
        for (DiskRequest one : held) {
            if (one instanceof DiskRequest.Write write) {
                write.data().release();
            }
        }
        return pages.live();
    }
}
