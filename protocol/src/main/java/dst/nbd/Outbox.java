package dst.nbd;

import dst.nbd.port.Extent;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdExport;
import dst.protocol.BlockPort;
import dst.protocol.Closing;
import dst.protocol.LinkPort;
import dst.protocol.Machines;
import dst.protocol.Outcome;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Where the parts of a client put what is to be done; the host takes it after the step. */
final class Outbox {
    private final ByteBufAllocator pages;
    private List<? super Signal> outputs = new ArrayList<>();
    private long link;
    private long unsent;

    Outbox(ByteBufAllocator pages) {
        this.pages = pages;
    }

    void open(List<? super Signal> target) {
        outputs = target;
    }

    /** Where the server is. */
    void to(long itsLink) {
        link = itsLink;
    }

    long unsent() {
        return unsent;
    }

    void sent(long bytes) {
        unsent -= Math.min(unsent, bytes);
    }

    void flags(int flags) {
        send(pages.buffer(4).writeInt(flags));
    }

    /** The data may be as long as the longest name, and something. */
    void option(int option, byte[] data) {
        send(pages.buffer(Nbd.OPTION_BYTES)
                .writeLong(Nbd.OPTION_MAGIC)
                .writeInt(option)
                .writeInt(data.length));
        for (int at = 0; at < data.length; at += Machines.PAGE_MIN) {
            int part = Math.min(Machines.PAGE_MIN, data.length - at);
            send(pages.buffer(part).writeBytes(data, at, part));
        }
    }

    void request(Command command, int flags, long cookie, long offset, int length) {
        send(pages.buffer(Nbd.REQUEST_BYTES)
                .writeInt(Nbd.REQUEST_MAGIC)
                .writeShort(flags)
                .writeShort(command.number)
                .writeLong(cookie)
                .writeLong(offset)
                .writeInt(length));
    }

    void send(ByteBuf bytes) {
        unsent += bytes.readableBytes();
        outputs.add(new LinkPort.Send(link, bytes));
    }

    void attached(NbdExport export) {
        outputs.add(new NbdClientControl.Attached(export));
    }

    void completed(long tag, Outcome outcome) {
        outputs.add(new BlockPort.Completed(tag, outcome));
    }

    void mapped(long tag, List<Extent> extents) {
        outputs.add(new NbdClientControl.Mapped(tag, extents));
    }

    void close(Closing closing) {
        outputs.add(new LinkPort.Close(link, closing));
        unsent = 0;
    }

    void digest(StateDigest digest) {
        digest.add(link).add(unsent);
    }
}
