package dst.nbd;

import dst.nbd.Served.Bytes;
import dst.nbd.port.NbdClientControl;
import dst.protocol.BlockPort;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Signal;
import dst.protocol.hostile.Meter;
import dst.protocol.hostile.Odds;
import dst.protocol.hostile.Pages;
import dst.protocol.hostile.Tally;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A hostile server on one connection after the other: what it says is mostly an answer to what was asked, with odd fields. */
final class NbdClientBout {
    private static final long FREE = 64L * Pages.PAGE;

    private final Odds odds;
    private final Mutated peer;
    private final Tally tally;
    private final Pages pages = new Pages();
    private final Meter meter = new Meter();
    private final List<Signal> outputs = new ArrayList<>();
    private final TreeMap<Long, Operation> flying = new TreeMap<>();
    private NbdClient client;
    private long received;
    private long cookies;
    private int option;
    private boolean attached;
    private boolean closed;

    NbdClientBout(long seed, Tally tally) {
        this.odds = new Odds(seed);
        this.peer = new Mutated(odds);
        this.tally = tally;
        this.client = new NbdClient(pages);
    }

    void run(int messages) {
        for (int i = 0; i < messages; ) {
            begin();
            int most = i + 1 + odds.below(200);
            for (; i < messages && i < most && !closed; i++) {
                tally.message();
                odds.newMood();
                receive(peer.damaged((attached ? answer() : reply()).array()));
                while (attached && !closed && flying.size() < 20 && odds.chance(2, 3)) {
                    submit();
                }
            }
            end();
        }
    }

    private void begin() {
        client = new NbdClient(pages);
        received = 0;
        cookies = 0;
        option = 0;
        attached = false;
        closed = false;
        step(new NbdClientControl.Use("disk"), 0);
        step(new LinkPort.Opened(1), 0);
        odds.newMood();
        receive(Served.bytes()
                .large(odds.number(Nbd.GREETING))
                .large(odds.number(Nbd.OPTION_MAGIC))
                .small(odds.small(3))
                .array());
    }

    private Bytes reply() {
        return switch (option) {
            case Nbd.STRUCTURED_REPLY -> reply(odds.chance(1, 6) ? Nbd.ERR_UNSUP : Nbd.ACK, Served.bytes());
            case Nbd.SET_META_CONTEXT ->
                odds.chance(1, 2)
                        ? reply(Nbd.ACK, Served.bytes())
                        : reply(
                                Nbd.META_CONTEXT,
                                Served.bytes().number(odds.count(1)).plain(Nbd.ALLOCATION));
            case Nbd.GO ->
                switch (odds.below(6)) {
                    case 0 -> reply(odds.chance(1, 4) ? Nbd.ERR_UNSUP : Nbd.ACK, Served.bytes());
                    case 1 ->
                        information(3)
                                .and(reply(
                                        Nbd.INFORMATION,
                                        Served.bytes()
                                                .small(3)
                                                .number(odds.count(512))
                                                .number(odds.count(4096))
                                                .number(odds.count(1 << 20))));
                    default -> information(0).and(reply(Nbd.ACK, Served.bytes()));
                };
            default -> Served.bytes().large(odds.number(1 << 20)).small(odds.small(0x6d));
        };
    }

    private Bytes information(int kind) {
        return kind != 0
                ? Served.bytes()
                : reply(
                        Nbd.INFORMATION,
                        Served.bytes()
                                .small(odds.small(0))
                                .large(odds.number(1 << 20))
                                .small(odds.small(0x6d)));
    }

    private Bytes reply(int type, Bytes data) {
        return Served.bytes()
                .large(odds.number(Nbd.OPTION_REPLY_MAGIC))
                .number(odds.count(option))
                .number(odds.count(type))
                .number(odds.count(data.array().length))
                .and(data);
    }

    /** To one of those that fly: their tags are the cookies. */
    private Bytes answer() {
        if (flying.isEmpty()) {
            submit();
        }
        Long cookie = flying.isEmpty() ? Long.valueOf(1) : flying.ceilingKey(flying.firstKey() + odds.below(3));
        cookie = cookie == null ? flying.firstKey() : cookie;
        Operation asked = flying.get(cookie);
        if (!(asked instanceof Operation.Read read)) {
            return odds.chance(1, 3)
                    ? chunk(1, Nbd.CHUNK_NONE, cookie, Served.bytes())
                    : Served.bytes()
                            .number(odds.count(Nbd.SIMPLE_MAGIC))
                            .number(odds.chance(1, 5) ? 5 : 0)
                            .large(odds.number(cookie));
        }
        int half = read.length() / 2;
        return switch (odds.below(6)) {
            case 0 ->
                chunk(
                        1,
                        Nbd.CHUNK_HOLE,
                        cookie,
                        Served.bytes().large(odds.number(read.offset())).number(read.length()));
            case 1 ->
                chunk(
                                0,
                                Nbd.CHUNK_DATA,
                                cookie,
                                Served.bytes()
                                        .large(odds.number(read.offset() + half))
                                        .bytes(new byte[half]))
                        .and(chunk(
                                1,
                                Nbd.CHUNK_DATA,
                                cookie,
                                Served.bytes().large(odds.number(read.offset())).bytes(new byte[half])));
            case 2 ->
                chunk(
                        1,
                        Nbd.CHUNK_ERROR,
                        cookie,
                        Served.bytes().number(odds.count(22)).text("").small(0));
            case 3 ->
                chunk(
                        1,
                        Nbd.CHUNK_ERROR,
                        cookie,
                        Served.bytes()
                                .number(odds.count(22))
                                .small(odds.small(3))
                                .plain("bad"));
            default ->
                chunk(
                        1,
                        Nbd.CHUNK_DATA,
                        cookie,
                        Served.bytes().large(odds.number(read.offset())).bytes(new byte[read.length()]));
        };
    }

    private Bytes chunk(int flags, int type, long cookie, Bytes data) {
        return Served.bytes()
                .number(odds.count(Nbd.CHUNK_MAGIC))
                .small(odds.small(flags))
                .small(odds.small(type))
                .large(odds.number(cookie))
                .number(odds.count(data.array().length))
                .and(data);
    }

    private void submit() {
        long tag = cookies + 1;
        long offset = 512L * odds.below(1000);
        Operation operation = switch (odds.below(4)) {
            case 0 -> new Operation.Write(offset, pages.of(new byte[512], 0, 512), false);
            case 1 -> new Operation.Flush();
            default -> new Operation.Read(offset, 512 * (1 + odds.below(20)));
        };
        flying.put(tag, operation);
        step(new BlockPort.Submit(tag, operation), 512);
    }

    private void receive(byte[] bytes) {
        received += bytes.length;
        boolean drips = odds.chance(1, 10);
        int at = 0;
        while (at < bytes.length) {
            int part = Math.min(bytes.length - at, drips ? 1 + odds.below(30) : 1 + odds.below(8000));
            step(new LinkPort.Received(1, pages.of(bytes, at, part)), part);
            at += part;
        }
    }

    private void step(Signal input, long bytes) {
        outputs.clear();
        meter.begin();
        client.step(0, input, outputs);
        meter.end(bytes);
        tally.held(pages.bytes());
        if (pages.bytes() > FREE + 4 * received + 20L * Pages.PAGE) {
            throw new AssertionError(pages.bytes() + " bytes are held of " + received + " that were sent");
        }
        List.copyOf(outputs).forEach(this::carryOut);
    }

    private void carryOut(Signal output) {
        if (closed && !(output instanceof BlockPort.Completed)) {
            throw new AssertionError(output + " after the end");
        }
        switch (output) {
            case LinkPort.Send(long _, ByteBuf bytes) -> {
                saw(bytes);
                bytes.release();
            }
            case LinkPort.Close close -> {
                tally.closed(close.closing());
                closed = true;
            }
            case NbdClientControl.Attached given -> attached = true;
            case BlockPort.Completed one -> settled(one.tag(), one.outcome());
            case NbdClientControl.Mapped one -> throw new AssertionError("nobody asked");
            default -> throw Signal.misplaced(output);
        }
    }

    private void saw(ByteBuf bytes) {
        int at = bytes.readerIndex();
        if (!attached && bytes.readableBytes() >= Nbd.OPTION_BYTES && bytes.getLong(at) == Nbd.OPTION_MAGIC) {
            option = bytes.getInt(at + 8);
        } else if (attached && bytes.readableBytes() == Nbd.REQUEST_BYTES) {
            cookies++;
        }
    }

    private void settled(long tag, Outcome outcome) {
        Operation operation = flying.remove(tag);
        if (operation == null) {
            throw new AssertionError("settled twice: " + tag);
        }
        if (outcome instanceof Outcome.Done(ByteBuf data)) {
            int due = operation instanceof Operation.Read read ? read.length() : 0;
            if (data.readableBytes() != due) {
                throw new AssertionError(data.readableBytes() + " bytes for " + operation);
            }
            data.release();
        }
    }

    private void end() {
        if (!closed) {
            step(new LinkPort.Closed(1, "reset"), 0);
        }
        if (!flying.isEmpty()) {
            throw new AssertionError("never settled: " + flying);
        }
        client.discard();
        if (pages.live() != 0) {
            throw new AssertionError(pages.live() + " pages are not back");
        }
    }
}
