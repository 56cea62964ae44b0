package dst.sim.nbd;

import dst.nbd.attach.AttachControl;
import dst.nbd.port.NbdExport;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Rule;
import dst.protocol.Rules;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * An NBD connection that changes nothing: it looks which exports there are, opens one, asks for what it may not have, announces content
 * that it never sends, or says nothing at all. What it is told it compares with what it was allowed.
 */
final class Visitor {
    private static final byte[] NAME = "disk".getBytes(StandardCharsets.UTF_8);
    private static final int NO_ZEROES = 3;
    private static final long OPTION_MAGIC = 0x49484156454F5054L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int OPTION_EXPORT_NAME = 1;
    private static final int OPTION_LIST = 3;
    private static final int REPLY_ACK = 1;
    private static final int REPLY_SERVER = 2;
    private static final int FLAG_READ_ONLY = 2;
    private static final int WRITE = 1;
    private static final int TRIM = 4;
    private static final int WRITE_ZEROES = 6;

    /** Nearly all that may be under way at once. */
    private static final int ANNOUNCED = 63 << 10;

    /** What the server says next is the answer to that. */
    private enum Due {
        GREETING(18),
        OPTION(20),
        EXPORT(10),
        REPLY(16);

        private final int bytes;

        Due(int bytes) {
            this.bytes = bytes;
        }
    }

    private final long link;
    private final ByteBufAllocator pages;
    private final Permission allowed;
    private final Consumer<Signal> server;
    private final BiConsumer<Rule, String> finding;
    private final ArrayDeque<Due> due = new ArrayDeque<>();
    private byte[] heard = {};
    private int steps;
    private boolean silent;
    private boolean served;

    Visitor(
            long link,
            ByteBufAllocator pages,
            Permission allowed,
            Consumer<Signal> server,
            BiConsumer<Rule, String> finding) {
        this.link = link;
        this.pages = pages;
        this.allowed = allowed;
        this.server = server;
        this.finding = finding;
        due.add(Due.GREETING);
    }

    /** As the server's host knows it. */
    AttachControl.Came comes(String origin) {
        NbdExport shown = new NbdExport(
                "disk",
                "an attached device",
                new Device(Unique.NONE, 0, 1, allowed),
                1,
                4096,
                32 << 20,
                NbdExport.FUA | NbdExport.TRIM | NbdExport.ZERO);
        return new AttachControl.Came(
                origin, link, "visitor", allowed.equals(Permission.NONE) ? List.of() : List.of(shown));
    }

    /** Goes a step further, if it has anything more to say. */
    void acts(Prng prng) {
        switch (silent ? -1 : steps++) {
            case 0 -> {
                say(pages.buffer(4).writeInt(NO_ZEROES));
                silent = prng.chance(1, 4);
            }
            case 1 -> {
                if (prng.chance(1, 2)) {
                    due.add(Due.OPTION);
                    say(pages.buffer(16)
                            .writeLong(OPTION_MAGIC)
                            .writeInt(OPTION_LIST)
                            .writeInt(0));
                }
            }
            case 2 -> {
                due.add(Due.EXPORT);
                ByteBuf option = pages.buffer(20).writeLong(OPTION_MAGIC).writeInt(OPTION_EXPORT_NAME);
                say(option.writeInt(NAME.length).writeBytes(NAME));
                silent = prng.chance(1, 4);
            }
            default -> {
                if (served && !silent) {
                    asks(prng);
                }
            }
        }
    }

    /** Only for what it may not have, or not all of it. */
    private void asks(Prng prng) {
        if (allowed.writes()) {
            silent = true;
            request(WRITE, ANNOUNCED, pages.buffer(100).writeZero(100));
        } else if (prng.chance(1, 2)) {
            due.add(Due.REPLY);
            request(prng.chance(1, 2) ? TRIM : WRITE_ZEROES, 512, Unpooled.EMPTY_BUFFER);
        } else {
            due.add(Due.REPLY);
            request(WRITE, 100, pages.buffer(100).writeZero(100));
        }
    }

    private void request(int command, int length, ByteBuf content) {
        ByteBuf request = pages.buffer(28).writeInt(REQUEST_MAGIC).writeShort(0).writeShort(command);
        say(request.writeLong(steps).writeLong(0).writeInt(length));
        if (content.isReadable()) {
            say(content);
        }
    }

    private void say(ByteBuf bytes) {
        server.accept(new LinkPort.Received(link, bytes));
    }

    void hears(ByteBuf bytes) {
        int before = heard.length;
        byte[] more = ByteBufUtil.getBytes(bytes);
        heard = Arrays.copyOf(heard, before + more.length);
        System.arraycopy(more, 0, heard, before, more.length);
        server.accept(new LinkPort.Sent(link, more.length));
        bytes.release();
        while (takes()) {
            // As much as is complete.
        }
    }

    private boolean takes() {
        Due next = due.peek();
        if (next == null || heard.length < next.bytes) {
            return false;
        }
        ByteBuf all = Unpooled.wrappedBuffer(heard);
        int length = next.bytes;
        switch (next) {
            case GREETING -> due.remove();
            case OPTION -> {
                length += all.getInt(16);
                if (heard.length < length) {
                    return false;
                }
                listed(all.getInt(12));
            }
            case EXPORT -> {
                due.remove();
                opened(all.getUnsignedShort(8));
            }
            case REPLY -> {
                due.remove();
                answered(all.getInt(4));
            }
        }
        heard = Arrays.copyOfRange(heard, length, heard.length);
        return true;
    }

    /** The list ends with an acknowledgement, or with an error. */
    private void listed(int reply) {
        if (reply == REPLY_ACK || reply < 0) {
            due.remove();
        } else if (reply == REPLY_SERVER && allowed.equals(Permission.NONE)) {
            finding.accept(Rules.R6, "the client told a visitor who may have nothing which exports there are");
        }
    }

    private void opened(int flags) {
        served = true;
        if (allowed.equals(Permission.NONE)) {
            finding.accept(Rules.R6, "the client gave its device to a visitor who may have nothing");
        } else if (!allowed.writes() && (flags & FLAG_READ_ONLY) == 0) {
            finding.accept(Rules.R6, "the client told a visitor who may only read that it may write");
        }
    }

    private void answered(int error) {
        if (error == 0) {
            finding.accept(Rules.R6, "the client changed its device for a visitor who may only read");
        }
    }

    void digest(StateDigest digest) {
        digest.add(allowed.toString())
                .add(steps)
                .add(silent)
                .add(served)
                .add(due.size())
                .add(heard.length);
    }
}
