package dst.nbd;

import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.wire.CountedPages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server on its own, for tests that write the peer's bytes by hand and look at what comes back. */
final class Served {
    static final int SIZE = 1 << 20;
    static final int ALL = NbdExport.FUA | NbdExport.TRIM | NbdExport.ZERO | NbdExport.MAP | NbdExport.MULTI;

    final CountedPages pages = new CountedPages(false);
    final NbdServer server;
    final Map<Long, Operation> submitted = new LinkedHashMap<>();
    final Map<Long, NbdServerControl.Map> asked = new LinkedHashMap<>();
    final List<String> opens = new ArrayList<>();
    final List<Boolean> reading = new ArrayList<>();

    /** What it wants of the host's memory; granted at once unless the test grants it. */
    long wants;

    boolean grants = true;
    long granted;

    @Nullable Closing closing;

    long now;

    /** The export that the host gives; null: it says nothing yet. */
    @Nullable NbdExport gives;

    /** The exports that the host would give now; null: it says nothing yet. */
    @Nullable List<NbdExport> lists;

    private ByteBuf said = Unpooled.buffer();

    Served(NbdExport... exports) {
        this(NbdServer.PAYLOAD_MAX, exports);
    }

    private Served(int payloadMax, NbdExport... exports) {
        server = new NbdServer(pages);
        gives = exports.length == 0 ? null : exports[0];
        lists = List.of(exports);
        step(new NbdServerControl.Accepted(1, "peer", List.of(exports), payloadMax));
    }

    /** With the greeting and the flags behind it. */
    static Served greeted(NbdExport... exports) {
        return greeted(NbdServer.PAYLOAD_MAX, exports);
    }

    static Served greeted(int payloadMax, NbdExport... exports) {
        Served served = new Served(payloadMax, exports);
        served.expectGreeting();
        served.receive(bytes().number(3));
        return served;
    }

    /** In transmission, with these things agreed on. */
    static Served serving(NbdExport export, boolean structured, boolean maps) {
        Served served = greeted(export);
        if (structured) {
            served.receive(option(Nbd.STRUCTURED_REPLY, bytes()));
        }
        if (maps) {
            served.receive(option(Nbd.SET_META_CONTEXT, context(export.name(), Nbd.ALLOCATION)));
        }
        served.receive(option(Nbd.GO, name(export.name())));
        served.forget();
        served.step(new LinkPort.Sent(1, Long.MAX_VALUE));
        return served;
    }

    static Served serving() {
        return serving(export(), true, true);
    }

    static NbdExport export() {
        return export(Permission.BOTH, 512, ALL);
    }

    static NbdExport export(Permission permission, int block, int features) {
        Device device = new Device(new Unique(1, 2), SIZE, block, permission);
        return new NbdExport("disk", "a disk", device, block, 4096, 64 << 10, features);
    }

    void step(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        server.step(now, input, outputs);
        for (Signal output : outputs) {
            carryOut(output);
        }
        if (grants && wants > 0) {
            grant();
        }
    }

    void grant() {
        long bytes = wants;
        wants = 0;
        granted += bytes;
        step(new NbdServerControl.Granted(bytes));
    }

    private void carryOut(Signal output) {
        if (closing != null) {
            throw new AssertionError(output + " after " + closing);
        }
        switch (output) {
            case LinkPort.Send(long _, ByteBuf bytes) -> {
                said.writeBytes(bytes);
                bytes.release();
            }
            case LinkPort.Close(long _, Closing why) -> closing = why;
            case LinkPort.Reading(long _, boolean wanted) -> reading.add(wanted);
            case NbdServerControl.Open(String name) -> {
                opens.add(name);
                if (gives != null) {
                    step(new NbdServerControl.Opened(gives));
                }
            }
            case NbdServerControl.ListExports list -> {
                if (lists != null) {
                    step(new NbdServerControl.Listed(lists));
                }
            }
            case BlockPort.Ask(int _, BlockPort.Submit(long tag, Operation operation)) -> submitted.put(tag, operation);
            case NbdServerControl.Map map -> asked.put(map.tag(), map);
            case NbdServerControl.Wants(long bytes) -> wants = bytes;
            case NbdServerControl.GivesBack(long bytes) -> granted -= bytes;
            case Control.Noted noted -> {}
            default -> throw Signal.misplaced(output);
        }
    }

    void receive(Bytes bytes) {
        receive(bytes.array());
    }

    /** In pages, as a host would have them. */
    void receive(byte[] bytes) {
        step(new LinkPort.Received(1, paged(bytes)));
    }

    ByteBuf paged(byte[] bytes) {
        if (bytes.length <= CountedPages.PAGE) {
            return pages.buffer(Math.max(1, bytes.length)).writeBytes(bytes);
        }
        CompositeByteBuf all = new CompositeByteBuf(pages, false, Integer.MAX_VALUE);
        for (int at = 0; at < bytes.length; at += CountedPages.PAGE) {
            int part = Math.min(CountedPages.PAGE, bytes.length - at);
            all.addComponent(true, pages.buffer(part).writeBytes(bytes, at, part));
        }
        return all;
    }

    void done(long tag) {
        done(tag, new byte[0]);
    }

    void done(long tag, byte[] data) {
        release(submitted.remove(tag));
        step(new BlockPort.Heard(
                0,
                new BlockPort.Completed(
                        tag, new Outcome.Done(data.length == 0 ? Unpooled.EMPTY_BUFFER : paged(data)))));
    }

    void completed(long tag, Outcome outcome) {
        release(submitted.remove(tag));
        step(new BlockPort.Heard(0, new BlockPort.Completed(tag, outcome)));
    }

    private static void release(@Nullable Operation operation) {
        if (operation instanceof Operation.Write write) {
            write.data().release();
        }
    }

    /** What was said since the last look, as hexadecimal digits. */
    String heard() {
        String hex = ByteBufUtil.hexDump(said);
        said = Unpooled.buffer();
        return hex;
    }

    void forget() {
        heard();
    }

    void expectGreeting() {
        String hex = heard();
        if (!hex.equals("4e42444d41474943" + "49484156454f5054" + "0003")) {
            throw new AssertionError(hex);
        }
    }

    /** The pages that are still out, once the machine and the host have given theirs back. */
    int leaked() {
        server.discard();
        submitted.values().forEach(Served::release);
        submitted.clear();
        return pages.live();
    }

    // The peer's words.

    static Bytes bytes() {
        return new Bytes();
    }

    static Bytes option(int option, Bytes data) {
        return bytes().large(Nbd.OPTION_MAGIC)
                .number(option)
                .number(data.array().length)
                .bytes(data.array());
    }

    /** The data of a GO or INFO. */
    static Bytes name(String name, int... wanted) {
        Bytes data = bytes().text(name).small(wanted.length);
        for (int one : wanted) {
            data.small(one);
        }
        return data;
    }

    /** The data of an option about contexts. */
    static Bytes context(String name, String... queries) {
        Bytes data = bytes().text(name).number(queries.length);
        for (String one : queries) {
            data.text(one);
        }
        return data;
    }

    static Bytes request(int command, long cookie, long offset, long length) {
        return request(command, 0, cookie, offset, length);
    }

    static Bytes request(int command, int flags, long cookie, long offset, long length) {
        return bytes().number(Nbd.REQUEST_MAGIC)
                .small(flags)
                .small(command)
                .large(cookie)
                .large(offset)
                .number((int) length);
    }

    // The server's words.

    static String reply(int option, int type, Bytes data) {
        return bytes().large(Nbd.OPTION_REPLY_MAGIC)
                .number(option)
                .number(type)
                .number(data.array().length)
                .bytes(data.array())
                .hex();
    }

    static String ack(int option) {
        return reply(option, Nbd.ACK, bytes());
    }

    static String simple(long cookie, int error) {
        return bytes().number(Nbd.SIMPLE_MAGIC).number(error).large(cookie).hex();
    }

    static String chunk(long cookie, int type, Bytes data) {
        return bytes().number(Nbd.CHUNK_MAGIC)
                .small(1)
                .small(type)
                .large(cookie)
                .number(data.array().length)
                .bytes(data.array())
                .hex();
    }

    /** Fields, one behind the other. */
    static final class Bytes {
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(all);

        private interface Writing {
            void run() throws IOException;
        }

        private Bytes write(Writing writing) {
            try {
                writing.run();
            } catch (IOException never) {
                throw new UncheckedIOException(never);
            }
            return this;
        }

        Bytes large(long value) {
            return write(() -> out.writeLong(value));
        }

        Bytes number(int value) {
            return write(() -> out.writeInt(value));
        }

        Bytes small(int value) {
            return write(() -> out.writeShort(value));
        }

        Bytes bytes(byte[] array) {
            return write(() -> out.write(array));
        }

        Bytes plain(String text) {
            return bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        /** With its length before it. */
        Bytes text(String text) {
            return number(text.getBytes(StandardCharsets.UTF_8).length).plain(text);
        }

        Bytes and(Bytes other) {
            return bytes(other.array());
        }

        byte[] array() {
            return all.toByteArray();
        }

        String hex() {
            return ByteBufUtil.hexDump(array());
        }
    }
}
