package dst.nbd;

import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machines;
import dst.protocol.Operation;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the parts of a server put what is to be done; the host takes it after the step. What is said in one step lies in as few
 * buffers as its order allows.
 */
final class Replies {
    /** The first buffer of a step: most steps say one thing. */
    private static final int FIRST = 64;

    private static final int MESSAGE_MAX = 256;

    /** The only one: the export that was opened. */
    private static final int DEVICE = 0;

    private final ByteBufAllocator pages;
    private List<? super Signal> outputs = new ArrayList<>();

    /** What is being said; empty between steps. */
    private ByteBuf page = Unpooled.EMPTY_BUFFER;

    private long link;
    private boolean said;
    private long unsent;

    Replies(ByteBufAllocator pages) {
        this.pages = pages;
    }

    void open(List<? super Signal> target) {
        outputs = target;
        said = false;
    }

    /** Where the peer is. */
    void to(long itsLink) {
        link = itsLink;
    }

    /** Hands over what was said. */
    void flush() {
        if (page.isReadable()) {
            send(page);
            page = Unpooled.EMPTY_BUFFER;
        }
    }

    /** How many bytes the host has to send yet. */
    long unsent() {
        return unsent + page.readableBytes();
    }

    void sent(long bytes) {
        unsent -= Math.min(unsent, bytes);
    }

    void greeting() {
        room(Nbd.GREETING_BYTES)
                .writeLong(Nbd.GREETING)
                .writeLong(Nbd.OPTION_MAGIC)
                .writeShort(Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES);
    }

    /** The head of a reply to an option; the bytes behind it are said next. */
    void option(int option, int type, int length) {
        room(Nbd.OPTION_REPLY_BYTES)
                .writeLong(Nbd.OPTION_REPLY_MAGIC)
                .writeInt(option)
                .writeInt(type)
                .writeInt(length);
    }

    void refuseOption(int option, int error, String text) {
        byte[] message = message(text);
        option(option, error, message.length);
        bytes(message);
    }

    void number(int value) {
        room(4).writeInt(value);
    }

    void number(short value) {
        room(2).writeShort(value);
    }

    void number(long value) {
        room(8).writeLong(value);
    }

    void bytes(byte[] array) {
        int at = 0;
        while (at < array.length) {
            ByteBuf into = room(1);
            int part = Math.min(into.writableBytes(), array.length - at);
            into.writeBytes(array, at, part);
            at += part;
        }
    }

    void zeroes(int count) {
        room(count).writeZero(count);
    }

    void simple(long cookie, int error) {
        room(Nbd.SIMPLE_BYTES).writeInt(Nbd.SIMPLE_MAGIC).writeInt(error).writeLong(cookie);
    }

    /** A read's content, as a simple reply. */
    void data(long cookie, ByteBuf data) {
        simple(cookie, Errors.NONE);
        payload(data);
    }

    /** A read's content, as the only chunk of a structured reply. */
    void chunkOfData(long cookie, long offset, ByteBuf data) {
        chunk(cookie, Nbd.CHUNK_DATA, Long.BYTES + data.readableBytes());
        number(offset);
        payload(data);
    }

    void chunkOfError(long cookie, int error, String text) {
        byte[] message = message(text);
        chunk(cookie, Nbd.CHUNK_ERROR, 6 + message.length);
        number(error);
        number((short) message.length);
        bytes(message);
    }

    /** The head of the only chunk of a structured reply. */
    void chunk(long cookie, int type, int length) {
        room(Nbd.CHUNK_BYTES)
                .writeInt(Nbd.CHUNK_MAGIC)
                .writeShort(Nbd.DONE)
                .writeShort(type)
                .writeLong(cookie)
                .writeInt(length);
    }

    void submit(long tag, Operation operation) {
        outputs.add(new BlockPort.Ask(DEVICE, new BlockPort.Submit(tag, operation)));
    }

    void map(long tag, long offset, int length) {
        outputs.add(new NbdServerControl.Map(tag, offset, length));
    }

    void openExport(String name) {
        outputs.add(new NbdServerControl.Open(name));
    }

    void listExports() {
        outputs.add(new NbdServerControl.ListExports());
    }

    /** For a person to read. */
    void note(String text) {
        outputs.add(new Control.Noted(text));
    }

    void wants(long bytes) {
        outputs.add(new NbdServerControl.Wants(bytes));
    }

    void givesBack(long bytes) {
        outputs.add(new NbdServerControl.GivesBack(bytes));
    }

    void reading(boolean wanted) {
        outputs.add(new LinkPort.Reading(link, wanted));
    }

    void close(Closing closing) {
        flush();
        outputs.add(new LinkPort.Close(link, closing));
        unsent = 0;
    }

    private void payload(ByteBuf data) {
        flush();
        send(data);
    }

    private void send(ByteBuf bytes) {
        unsent += bytes.readableBytes();
        outputs.add(new LinkPort.Send(link, bytes));
    }

    /** The page, with room for so many bytes. */
    private ByteBuf room(int length) {
        if (page.writableBytes() < length) {
            flush();
            page = pages.buffer(said || length > FIRST ? Machines.PAGE_MIN : FIRST);
            said = true;
        }
        return page;
    }

    private static byte[] message(String text) {
        String shown = text.length() > MESSAGE_MAX ? text.substring(0, MESSAGE_MAX) : text;
        return shown.getBytes(StandardCharsets.UTF_8);
    }

    void digest(StateDigest digest) {
        digest.add(link).add(unsent);
    }
}
