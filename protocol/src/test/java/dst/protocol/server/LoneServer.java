package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.Access;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.wire.CountedPages;
import dst.protocol.wire.Decoded;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A server with nothing around it: clients and disk are played by the test, word by word; every page is counted. */
final class LoneServer extends Requesting {
    static final int SIZE = 64 * BLOCK;
    static final int LARGEST = 4 * BLOCK;
    static final Device DEVICE = new Device(new Unique(1, 2), SIZE, BLOCK, Permission.BOTH);
    static final Terms TERMS =
            new Terms(Terms.CRC32C, Terms.PLAIN, Terms.FUA | Terms.TRIM | Terms.ZERO, 5_000, LARGEST, 16, 8 * LARGEST);
    static final Unique ANN = new Unique(0xA, 1);
    static final Unique BOB = new Unique(0xB, 1);

    private final ServerSettings settings;
    Server server;
    final Map<Long, List<Message>> heard = new TreeMap<>();
    final Map<Long, Closing> closed = new TreeMap<>();
    final List<DiskRequest> disk = new ArrayList<>();
    final List<DurablePort.Keep> persists = new ArrayList<>();
    final List<DurablePort.DrawBoot> draws = new ArrayList<>();
    final List<ServerControl.Removed> removed = new ArrayList<>();
    final List<ServerControl.Left> left = new ArrayList<>();
    final List<LinkPort.Reading> readings = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    private final Map<Long, Decoder> decoders = new LinkedHashMap<>();
    private final Encoder encoder = new Encoder(pages);
    private long links;
    private long unsent;
    long now;
    Tap tap = (now, node, value) -> {};

    LoneServer() {
        this(ServerSettings.DEFAULT);
    }

    LoneServer(ServerSettings settings) {
        this.settings = settings;
        this.server = new Server(settings, pages);
    }

    static LoneServer open() {
        return open(DEVICE, TERMS);
    }

    static LoneServer open(Device device, Terms terms) {
        return open(ServerSettings.DEFAULT, exported(device, terms), Access.ofEverybody(Permission.BOTH));
    }

    static LoneServer open(ServerSettings settings, Export export, Access access) {
        LoneServer lone = new LoneServer(settings);
        lone.start(export, Holder.NOBODY, access);
        return lone;
    }

    static Export exported(Device device, Terms terms) {
        return new Export("disk", 0, 0, device, terms, false);
    }

    /** One that all read. */
    static Export shared() {
        Device readable = new Device(DEVICE.identity(), SIZE, BLOCK, Permission.READ);
        return new Export("disk", 0, 0, readable, TERMS, true);
    }

    private void start(Export export, Holder recorded, Access access) {
        holder = recorded;
        step(new DiskPort.Opened(0, boot, BootCause.STARTED));
        step(new ServerControl.ExportOpened(export, recorded, access));
        step(new ServerControl.Ready());
    }

    /** The process ends and another one starts, with what it finds on record. */
    void restart(Holder recorded) {
        restart(exported(DEVICE, TERMS), recorded);
    }

    void restart(Export export, Holder recorded) {
        server.discard();
        disk.forEach(LoneServer::release);
        disk.clear();
        persists.clear();
        draws.clear();
        server = new Server(settings, pages);
        boot = new Boot(boot.counter() + 1, new Unique(boot.counter() + 1, 99));
        start(export, recorded, Access.ofEverybody(Permission.BOTH));
    }

    void step(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        tap.saw(now, Layer.server("server"), input);
        server.step(now, input, outputs);
        outputs.forEach(output -> tap.saw(now, Layer.server("server"), output));
        outputs.forEach(this::keep);
    }

    private void keep(Signal output) {
        switch (output) {
            case LinkPort.Send(long link, ByteBuf bytes) -> {
                unsent += bytes.readableBytes();
                decode(link, bytes);
            }
            case LinkPort.Close(long link, Closing closing) ->
                assertEquals(null, closed.put(link, closing), "closed twice");
            case LinkPort.Reading reading -> readings.add(reading);
            case DiskPort.Start(int number, DiskRequest request) -> disk.add(request);
            case DurablePort.DrawBoot draw -> draws.add(draw);
            case DurablePort.Keep persist -> persists.add(persist);
            case ServerControl.Removed gone -> removed.add(gone);
            case ServerControl.Left gone -> left.add(gone);
            case Control.Noted(String text) -> notes.add(text);
            default -> throw Signal.misplaced(output);
        }
    }

    private void decode(long link, ByteBuf bytes) {
        Decoder decoder = decoders.computeIfAbsent(link, any -> new Decoder(Direction.TO_CLIENT));
        decoder.payloadMax(1 << 20);
        decoder.feed(bytes);
        for (Decoded decoded = decoder.next(); decoded != null; decoded = decoder.next()) {
            if (!(decoded instanceof Message message)) {
                throw new AssertionError("the server said " + decoded);
            }
            heard.computeIfAbsent(link, any -> new ArrayList<>()).add(message);
        }
    }

    /** Everything handed over has left the host, as it does where nothing is slow. */
    void sent(long link) {
        long bytes = unsent;
        unsent = 0;
        step(new LinkPort.Sent(link, bytes));
    }

    long connect() {
        return connect("somebody");
    }

    long connect(String principal) {
        long link = ++links;
        step(new LinkPort.Accepted(link, "peer " + link, principal));
        say(link, new Message.Preamble(1, 1));
        return link;
    }

    void say(long link, Message message) {
        step(new LinkPort.Received(link, encoder.encode(message)));
    }

    byte[] encoded(Message message) {
        ByteBuf bytes = encoder.encode(message);
        byte[] array = ByteBufUtil.getBytes(bytes);
        bytes.release();
        return array;
    }

    void raw(long link, byte[] bytes) {
        for (int at = 0; at < bytes.length; at += CountedPages.PAGE) {
            int length = Math.min(CountedPages.PAGE, bytes.length - at);
            step(new LinkPort.Received(link, pages.buffer(length).writeBytes(bytes, at, length)));
        }
    }

    Message.Hello hello(Unique token, long generation, Holder held) {
        return hello(token, 0, generation, held);
    }

    Message.Hello hello(Unique token, int slot, long generation, Holder held) {
        return new Message.Hello("disk", token, slot, generation, TERMS, held, Unique.NONE);
    }

    /** Up to the proposal. */
    Message.Welcome greet(long link, Unique token, long generation, Holder held) {
        say(link, hello(token, generation, held));
        return last(link, Message.Welcome.class);
    }

    /** Up to the echo: the grant may have to wait for the disk. */
    void ask(long link, Unique token, long generation) {
        Message.Welcome welcome = greet(link, token, generation, Holder.NOBODY);
        say(link, new Message.Attach(welcome.agreement(), welcome.epoch(), false));
    }

    /** A link of a new holder, with everything that its grant needs. */
    long attach(Unique token) {
        long link = connect();
        ask(link, token, link);
        endAll();
        persistAll();
        return link;
    }

    /** The holder's link in the first slot. */
    long join(Unique token) {
        return join(token, 0);
    }

    long join(Unique token, int slot) {
        return attach(connect(), hello(token, slot, links, holder));
    }

    /** Of somebody who reads a shared export. */
    long share(Unique token, int slot) {
        return attach(connect(), hello(token, slot, links, Holder.NOBODY));
    }

    /** Greets and echoes what is proposed; how far that comes is the server's to say. */
    long attach(long link, Message.Hello hello) {
        say(link, hello);
        List<Message.Welcome> welcomes = all(link, Message.Welcome.class);
        if (!welcomes.isEmpty()) {
            Message.Welcome welcome = welcomes.getLast();
            say(
                    link,
                    new Message.Attach(
                            welcome.agreement(), welcome.epoch(), !hello.held().equals(Holder.NOBODY)));
        }
        return link;
    }

    void persistAll() {
        List<DurablePort.Keep> due = new ArrayList<>(persists);
        persists.clear();
        for (DurablePort.Keep persist : due) {
            holder = persist.holder();
            step(new DurablePort.Kept(persist.export(), persist.holder()));
        }
    }

    /** The disk ends what it was given at this place, well. */
    void end(int index) {
        end(index, null);
    }

    void fail(int index) {
        end(index, new DiskResult.Failed(Problem.IO_ERROR));
    }

    void end(int index, @org.jspecify.annotations.Nullable DiskResult given) {
        DiskRequest request = disk.remove(index);
        DiskResult result = given != null ? given : wellDone(request);
        release(request);
        step(new DiskPort.Ended(0, request.ticket(), result));
    }

    private static void release(DiskRequest request) {
        if (request instanceof DiskRequest.Write write) {
            write.data().release();
        }
    }

    private DiskResult wellDone(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read read -> new DiskResult.Data(bytes(read.length(), 0x55));
            case DiskRequest.Write write ->
                new DiskResult.Transferred(write.data().readableBytes());
            case DiskRequest.Zero zero -> new DiskResult.Transferred(zero.length());
            case DiskRequest.Trim trim -> new DiskResult.Transferred(trim.length());
            case DiskRequest.Flush flush -> new DiskResult.Transferred(0);
            case DiskRequest.Forget forget -> new DiskResult.Transferred(0);
        };
    }

    void endAll() {
        while (!disk.isEmpty()) {
            end(0);
        }
    }

    /** The next boot, as the host draws it. */
    void drawBoot() {
        draws.removeFirst();
        boot = new Boot(boot.counter() + 1, new Unique(boot.counter() + 1, 99));
        step(new DurablePort.BootDrawn(0, boot));
    }

    void fire() {
        step(new Control.TimerFired());
    }

    List<Message.Answer> answers(long link) {
        return all(link, Message.Answer.class);
    }

    Message.Answer answer(long link) {
        return last(link, Message.Answer.class);
    }

    <T extends Message> List<T> all(long link, Class<T> type) {
        return heard.getOrDefault(link, List.of()).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    <T extends Message> T last(long link, Class<T> type) {
        List<T> all = all(link, type);
        if (all.isEmpty()) {
            throw new AssertionError("no " + type.getSimpleName() + " among " + heard.get(link) + ", closed: "
                    + closed.get(link) + ", notes " + notes);
        }
        return all.getLast();
    }

    Problem refusal(long link) {
        return last(link, Message.Refuse.class).problem();
    }

    /** The host ends: whatever is still on its way is given back, and nothing may be missing. */
    void everythingIsGivenBack() {
        server.discard();
        disk.forEach(LoneServer::release);
        disk.clear();
        decoders.values().forEach(Decoder::discard);
        for (List<Message> messages : heard.values()) {
            for (Message message : messages) {
                if (message instanceof Message.Answer answer) {
                    answer.payload().release();
                }
            }
        }
        heard.clear();
        assertEquals(0, pages.live(), "pages not given back");
    }
}
